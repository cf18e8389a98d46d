"""The nine stages from data to a pushed model."""
