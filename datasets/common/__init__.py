"""Shared by all data sets: arguments, folders, splits, sources, atomic files, locks."""
