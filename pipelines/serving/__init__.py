"""A server that speaks TensorFlow Serving's REST interface and the Open Inference Protocol."""
