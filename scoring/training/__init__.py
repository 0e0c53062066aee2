"""Fits the bundled models from folders of data; nothing here runs on the way to a decision."""
