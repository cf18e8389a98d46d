"""Who may send requests: API keys and TLS."""
