"""linkhealth: link health and metadata for collections of article files."""

__version__ = "0.1.0"
