"""Tell trackers what happened: every event is kept first, and sent when the tracker takes it."""
