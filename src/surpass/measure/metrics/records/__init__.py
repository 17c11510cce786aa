"""Metrics of structured answers: records, entities, calls of tools, numbers."""
