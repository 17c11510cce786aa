"""One file a verb: gather, recipe, already stored?, stage, store and ledger, result."""
