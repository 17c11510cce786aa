"""Label rows with colleagues: choose them, deal them out, read what was said, apply it."""
