"""Weather forecasters from a station's file to a pushed version."""
