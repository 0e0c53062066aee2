"""Fits models from data; nothing here is imported on the way to a decision."""
