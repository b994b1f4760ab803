"""Exporters: Python, .keras, SavedModel and .ipynb. Each loads what it wrote in a fresh process and compares
predictions."""

FORMATS = ("python", "keras", "savedmodel", "ipynb")
