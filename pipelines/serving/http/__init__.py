"""The routes over HTTP, and what every request passes."""
