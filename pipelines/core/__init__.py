"""What all families share: their contract, the runner, the training loop, cards."""
