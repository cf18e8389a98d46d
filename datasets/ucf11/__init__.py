"""UCF-11, the YouTube Action data set: videos of eleven sports."""
