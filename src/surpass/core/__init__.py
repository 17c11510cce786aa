"""The words of the house: settings, records, columns, errors. Standard library and msgspec only."""
