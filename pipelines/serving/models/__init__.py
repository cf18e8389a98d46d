"""Which versions of models are served: loaded, verified, configured."""
