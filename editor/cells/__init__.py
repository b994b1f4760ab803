"""One view a kind of cell."""
