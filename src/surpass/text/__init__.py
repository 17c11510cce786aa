"""Rules on texts: canonical form, shingles, near duplicates, personal data; pure functions."""
