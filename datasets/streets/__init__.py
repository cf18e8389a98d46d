"""Street graphs and trips through them, from users' CSV files."""
