"""One package per family: the subclass of `Family` and its parts."""
