"""Runs code that a model wrote, inside bubblewrap, and says whether it passes its tests."""
