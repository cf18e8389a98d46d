"""What every data set shares: arguments, folders, splits, sources, files that appear whole."""
