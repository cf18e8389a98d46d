"""The family of frame predictors."""
