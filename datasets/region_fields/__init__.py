"""People in the cells of a region, hour by hour: a simulation of towns, commuters and events."""
