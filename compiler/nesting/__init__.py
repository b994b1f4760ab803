"""Networks inside networks: what a node that stands for a network means, and the edits that make and undo it."""
