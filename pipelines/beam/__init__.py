"""Pipelines for many machines, with Apache Beam."""
