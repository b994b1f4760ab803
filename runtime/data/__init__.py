"""Data: sources, split and preparation."""
