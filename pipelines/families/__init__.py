"""One package per family: what its pipeline does differently from the others."""
