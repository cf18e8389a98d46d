"""What plugs into Keras: layers, cells, losses, regularizers, callbacks, solvers."""
