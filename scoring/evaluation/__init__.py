"""Measures models on data that nobody here made, and shows the figures to people."""
