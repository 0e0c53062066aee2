"""Sources of evidence about a merchant, one module each."""
