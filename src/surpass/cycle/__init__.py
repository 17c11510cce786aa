"""The loop and its triggers, learning curves: whatever trains more than once."""
