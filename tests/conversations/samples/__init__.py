"""Sessions that releases have stored, a folder for each."""
