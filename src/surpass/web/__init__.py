"""Pages for people who never see a terminal; they load nothing from elsewhere."""
