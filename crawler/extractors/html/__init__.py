"""An HTML page made readable: its encoding, its bounds, its elements, its text."""
