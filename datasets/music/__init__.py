"""Music: the pieces that imputation is compared on."""
