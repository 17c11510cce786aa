"""What leaves the project: released models, verdict files, packs, and events for trackers."""
