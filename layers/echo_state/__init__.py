"""Echo states: reservoirs that forget where they began."""
