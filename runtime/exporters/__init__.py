"""Exporters: Python, .keras and SavedModel. Each loads what it wrote in a fresh process and compares predictions."""

FORMATS = ("python", "keras", "savedmodel")
