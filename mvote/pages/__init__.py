"""Pages that anyone can read: server-rendered, without JavaScript, in Korean and English."""
