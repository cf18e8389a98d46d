"""A server that speaks TensorFlow Serving's REST interface."""
