"""The demo: messages to an invented broadband provider, and the main job on them."""
