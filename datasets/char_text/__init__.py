"""Character text: Shakespeare, Artusi, a few embedded sonnets, or a user's own file."""
