"""What a trained network does on rows that it has not seen: one file for each kind of target."""
