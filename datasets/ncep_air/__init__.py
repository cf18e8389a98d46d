"""Air temperature over North America, every six hours, from a reanalysis."""
