"""Pretrained artifacts: `<name>/<version>/`, data only."""
