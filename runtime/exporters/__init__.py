"""Exporters: Python, Jupyter notebooks, .keras, weights, SavedModel, ONNX, LiteRT. Each loads what it wrote in a
fresh process and compares predictions."""

from .formats import FORMATS

__all__ = ["FORMATS"]
