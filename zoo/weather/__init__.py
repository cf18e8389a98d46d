"""Weather at a point: daily parameters of NASA POWER, of which each is a cell of a field."""
