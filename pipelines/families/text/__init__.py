"""From a text to a pushed text model."""
