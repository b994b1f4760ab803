"""One plain sentence for each layer that people use most."""

SENTENCES: dict[str, str] = {
    "Dense": "Each output is a weighted sum of all inputs.",
}
