"""Detectors of change: pure tests that hold their level, each on the counts that it needs."""
