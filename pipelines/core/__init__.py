"""What every pipeline stands on: the runner, the training loop, fine-tuning."""
