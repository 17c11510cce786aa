"""The round trip with Label Studio: what it shows, what it exports, and its web interface."""
