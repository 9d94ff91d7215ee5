"""Casting, the board as an interface and as static files, complaints."""
