"""What each backend does in its own way: whole sequences at once, and differentiation."""
