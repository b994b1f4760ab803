"""Finds kinds for a text as people type it: part of a name, another word for it, and arguments behind it.

`conv 64 3 relu` finds Conv2D with filters 64, kernel_size 3, activation relu. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from ..compiler.catalogue_types import Catalogue, Kind
from ..compiler.nesting.references import network_name
from .palette_arguments import parse_arguments

ROWS = 12

# What people use most comes first among equals; the number is only an order.
_FREQUENT = (
    "Dense", "Conv2D", "Dropout", "Flatten", "MaxPooling2D", "BatchNormalization", "LSTM", "Embedding", "Input",
    "Output", "GlobalAveragePooling2D", "Add", "Concatenate", "Activation", "ReLU", "LayerNormalization", "GRU",
    "MultiHeadAttention", "AveragePooling2D", "Conv1D", "Reshape", "Rescaling", "Softmax", "Bidirectional",
    "Conv2DTranspose", "UpSampling2D", "MaxPooling1D", "GlobalMaxPooling2D", "SimpleRNN", "ZeroPadding2D",
)  # fmt: skip
_GROUPS = {"layer": 3.0, "boundary": 2.0, "op": 0.0}


@dataclass(frozen=True, slots=True)
class Row:
    """A kind that may be meant, with the parameters that the text gives it. `reason` says why it cannot be used."""

    kind: str
    family: str
    params: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    shape: tuple[int | None, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "label": network_name(self.kind) or self.kind,
            "family": self.family,
            "params": self.params,
            "shape": self.shape,
            "reason": self.reason,
        }


def search(text: str, catalogue: Catalogue, *, needs: str = "", limit: int = ROWS) -> list[Row]:
    """Kinds for a text, best first. `needs` is `inputs` or `outputs` where a wire waits to be tied to one."""
    words = text.split()
    found: list[tuple[float, str, dict[str, Any]]] = []
    for name, kind in catalogue.kinds.items():
        if needs and not getattr(kind, needs):
            continue
        score, params = _best_reading(words, kind, catalogue)
        if score > 0:
            found.append((score + standing(kind), name, params))
    found.sort(key=lambda row: (-row[0], row[1]))
    return [_row(catalogue.kinds[name], params) for _, name, params in found[:limit]]


def _row(kind: Kind, params: dict[str, Any]) -> Row:
    start = {
        name: parameter.suggested
        for name, parameter in kind.parameters.items()
        if parameter.required and parameter.suggested is not None
    }
    return Row(kind.name, kind.family, {**start, **params}, kind.unbuildable)


def standing(kind: Kind) -> float:
    """Points among equals: layers before operations, the frequent before the rare, what cannot be built last."""
    frequent = (1 - _FREQUENT.index(kind.name) / len(_FREQUENT)) * 6 if kind.name in _FREQUENT else 0
    return _GROUPS[kind.group] + frequent - len(kind.name) / 100 - (20 if kind.unbuildable else 0)


def _best_reading(words: list[str], kind: Kind, catalogue: Catalogue) -> tuple[float, dict[str, Any]]:
    """The best way to part the words into a name and arguments, and how good it is."""
    if not words:
        return (1.0 if kind.group != "op" else 0.0), {}
    best: tuple[float, dict[str, Any]] = (0.0, {})
    for count in range(len(words), 0, -1):
        score = _match(" ".join(words[:count]).lower(), kind)
        if score <= best[0]:
            continue
        params, left_over = parse_arguments(kind, words[count:], catalogue)
        score -= 25 * left_over
        if score > best[0]:
            best = score, params
    return best


def _match(text: str, kind: Kind) -> float:
    query = _plain(text)
    if not query:
        return 0.0
    names = _names(kind.name, kind.synonyms)
    score = max([_match_name(query, names[0]), *(0.9 * _match_name(query, name) for name in names[1:])])
    if kind.group == "op":
        # `conv` means the layer, not the bare operation of that very name.
        score *= 0.8
    parts = text.split()
    if len(parts) > 1 and all(any(_plain(part) in name for name in names) for part in parts if _plain(part)):
        score = max(score, 60.0)
    if _plain(kind.family).startswith(query):
        score = max(score, 30.0)
    return score


@lru_cache(maxsize=4096)
def _names(name: str, synonyms: tuple[str, ...]) -> tuple[str, ...]:
    """Every name of a kind as it is compared: its own, its synonyms, its initials."""
    bare = name.rsplit(".", 1)[-1]
    initials = "".join(re.findall(r"[A-Z0-9]", bare)).lower()
    return (_plain(bare), *(_plain(synonym) for synonym in synonyms), *([initials] if len(initials) > 1 else []))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


@lru_cache(maxsize=65536)
def _match_name(query: str, name: str) -> float:
    if not name:
        return 0.0
    if query == name:
        return 100.0
    if name.startswith(query):
        return 80.0 + 10 * len(query) / len(name)
    if query in name:
        return 55.0
    if len(query) > 3 and abs(len(query) - len(name)) <= 2:
        matcher = SequenceMatcher(None, query, name)
        if matcher.quick_ratio() >= 0.8 and (ratio := matcher.ratio()) >= 0.8:
            return 50.0 * ratio
    return 15.0 if len(query) > 1 and _in_order(query, name) else 0.0


def _in_order(query: str, name: str) -> bool:
    letters = iter(name)
    return query[0] == name[0] and all(letter in letters for letter in query)
