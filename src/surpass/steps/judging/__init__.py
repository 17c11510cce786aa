"""Let a model judge answers, checked against people."""
