"""`surpass watch`: from the log of requests to measures, signals and alerts."""
