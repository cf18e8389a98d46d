"""What each backend does in its own way: fused loops over sequences, automatic differentiation."""
