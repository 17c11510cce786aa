"""Metrics of labels: how often the right one was chosen, and how sure a model may be."""
