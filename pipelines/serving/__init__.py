"""A server of TensorFlow Serving's interfaces and of the Open Inference Protocol."""
