"""The message guard: no text goes out that promises what no offer holds. Rules are data, checking is pure."""
