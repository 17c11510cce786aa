"""Records: one thing each, frozen; many rows are a frame, never a list of records."""
