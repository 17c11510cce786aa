"""What production's traffic says of a released model: measures, drift, alerts. Decides nothing."""
