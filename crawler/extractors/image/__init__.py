"""The type and the size of an image by its first bytes."""
