"""Fields over a region in time, such as counts per cell and hour, from users' files."""
