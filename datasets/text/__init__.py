"""Text files, vocabularies and their splits."""
