"""Metrics of written text: how close it is to what was expected."""
