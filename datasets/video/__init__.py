"""Videos, from files, folders and archives."""
