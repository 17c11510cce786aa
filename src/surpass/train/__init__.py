"""The room of training: rows to tokens, batches, the loop, checkpoints, the adapter."""

import surpass.model  # noqa: F401 (checks the packages, and sets up threads before torch is loaded)
