"""Exported models: the SavedModel, and other formats."""
