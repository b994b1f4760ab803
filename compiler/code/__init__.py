"""What code cells define and use, and the layers among it. Read, never run: pure."""
