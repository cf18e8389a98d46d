"""The experiments, one module each; a module that defines `EXPERIMENT` is registered by that."""
