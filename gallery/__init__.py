"""The gallery: complete notebooks on real data."""
