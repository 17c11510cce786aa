"""Metrics, intervals and resampling: numbers from frames of predictions, nothing decided."""
