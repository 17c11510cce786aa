"""Criteria to tests, power, bounds and verdict; nothing is read, drawn or stored here."""
