"""Let people rate two models blind, and read what they said."""
