"""surpass experiment: champion against challenger on live traffic."""
