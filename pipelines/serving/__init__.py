"""A server that speaks TensorFlow Serving's REST interface, and its gRPC."""
