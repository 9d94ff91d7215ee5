"""Our words for acts, fields, choices and faults, as the office's forms show them."""
