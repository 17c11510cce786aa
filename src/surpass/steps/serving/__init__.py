"""surpass serve and what belongs to it: keys, the journal, forgetting."""
