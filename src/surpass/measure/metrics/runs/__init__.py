"""Metrics of how a model answers: tests passed, refusals, seconds, tokens, money."""
