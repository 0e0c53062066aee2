"""Reads what people write about a shop."""
