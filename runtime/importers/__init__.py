"""Importers: what becomes a notebook again, or for the first time. Nothing of an imported file is run."""
