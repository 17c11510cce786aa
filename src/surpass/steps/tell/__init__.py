"""From records to accounts: what a result says to people, before anything draws it."""
