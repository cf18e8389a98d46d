"""What several studies share: grids of arms, data and splits, measures."""
