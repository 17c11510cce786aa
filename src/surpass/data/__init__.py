"""Rows of any file as examples: read, guess the task, check, fix, split without leaks."""
