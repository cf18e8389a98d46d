"""Character models: they read a text and write on."""
