"""What a page says of itself: Open Graph, JSON-LD, microdata and plain HTML, field by field."""
