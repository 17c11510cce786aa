"""Statistics that may be looked at every day: bounds and tests that hold at all times at once."""
