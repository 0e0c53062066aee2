"""The sentences of the product, one file a language."""
