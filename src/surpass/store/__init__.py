"""What is kept: results named by their recipes, the ledger, people's answers, the sealed test."""
