"""Music: six pieces that imputation is judged by, and folders of one's own."""
