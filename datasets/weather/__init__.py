"""Weather at a point: daily parameters, from files of NASA POWER and of weather stations."""
