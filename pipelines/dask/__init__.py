"""Computations on clusters of many machines, with Dask."""
