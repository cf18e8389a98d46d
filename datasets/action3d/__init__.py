"""MSR Action3D: skeletons of people who perform one of twenty actions."""
