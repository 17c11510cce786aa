"""The room of training: rows to tokens, batches, the loop, checkpoints, the adapter."""
