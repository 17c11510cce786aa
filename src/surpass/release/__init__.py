"""What leaves the project: released models, their verdict files, packs, and what trackers are told."""
