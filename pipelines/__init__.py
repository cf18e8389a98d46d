"""From data to a pushed model: train, evaluate, export, push."""
