"""Simulated sequences on which memory decides."""
