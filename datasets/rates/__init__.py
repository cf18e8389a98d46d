"""Series of rates, from a CSV file of a user's own."""
