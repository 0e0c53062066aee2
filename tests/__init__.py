"""Facts the product is held to."""
