"""Text files and vocabularies."""
