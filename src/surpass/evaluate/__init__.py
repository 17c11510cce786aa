"""Answers and scores of baselines and tuned models on one side of the split."""
