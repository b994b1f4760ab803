"""The gallery's cards: what each notebook is about, and a copy of it to work in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True)
class Card:
    """One notebook of the gallery.

    `picture` is SVG text drawn from the notebook's data, in the colours of the page around it. `seconds` is about how
    long its training takes on two processor cores.
    """

    name: str
    title: str
    summary: str
    task: str
    learns: str
    seconds: int
    time_to_train: str
    picture: str
    path: Path


_TEXTS = (
    (
        "digits",
        "Handwritten digits",
        "A convolutional network reads scribbled digits, 98 of 100 correctly.",
        "classification of pictures",
        "Convolutions, augmentation, batch normalization and the confusion matrix.",
        30,
    ),
    (
        "tumours",
        "Tumours from measurements",
        "Thirty measurements of cell nuclei tell malignant tumours from benign ones.",
        "classification of a table",
        "Dense layers, standardised columns, overfitting, and why accuracy is not all.",
        5,
    ),
    (
        "carbon_dioxide",
        "Carbon dioxide over Mauna Loa",
        "A recurrent network reads two years of a famous curve and draws the next.",
        "forecast of a time series",
        "Windows, LSTM, a wire around a layer, and what a forecast must beat.",
        12,
    ),
    (
        "autoencoder",
        "Compressing digits",
        "Squeezed through sixteen numbers and painted again: what is left of a digit?",
        "autoencoder",
        "A target that is the input, transposed convolutions, and codes.",
        20,
    ),
    (
        "residual",
        "A network of blocks",
        "One residual block, drawn once and used four times, reads digits of 8 × 8 pixels.",
        "classification of pictures",
        "Networks inside networks, repetitions, parameters and residual connections.",
        15,
    ),
)


@cache
def cards() -> list[Card]:
    """All cards, in the order in which they teach."""
    folder = Path(str(files("weftwork.gallery")))
    return [
        Card(
            name,
            title,
            summary,
            task,
            learns,
            seconds,
            f"Trains in about {seconds} s",
            (folder / "pictures" / f"{name}.svg").read_text(encoding="utf-8"),
            folder / f"{name}.weft",
        )
        for name, title, summary, task, learns, seconds in _TEXTS
    ]


def copy_card(name: str, folder: Path) -> Path:
    """Copies a notebook of the gallery into a folder, under a name that is free there.

    The second copy of `digits.weft` is `digits-2.weft`, and so on.
    Raises KeyError where the gallery has no such card, OSError where the folder cannot be written.
    """
    card = next((card for card in cards() if card.name == name), None)
    if card is None:
        raise KeyError(f"the gallery has no {name}")
    content = card.path.read_bytes()
    number = 1
    while True:
        path = Path(folder) / (f"{name}.weft" if number == 1 else f"{name}-{number}.weft")
        try:
            # Exclusive, so that not even a file made a moment ago is overwritten.
            with open(path, "xb") as copy:
                copy.write(content)
                os.fsync(copy.fileno())
            return path
        except FileExistsError:
            number += 1
