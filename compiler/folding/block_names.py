"""What repeated blocks and the layers in them are called, from the names that the layers had. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..labels import snake_case

_DEEPEST = 10
_NUMBER = re.compile(r"\d+[a-z]?(?=_|$)")


@dataclass(frozen=True, slots=True)
class BlockNames:
    """`prefixes` is a name for each stretch ("" where its layers' names have nothing in common), `labels` what is left
    of the layers' names within it ("" for none), and `clear` the share of them that prefix and label make up."""

    prefixes: tuple[str, ...]
    labels: tuple[str, ...]
    clear: float


def block_names(names: Sequence[Sequence[str]]) -> BlockNames:
    """Names for the stretches whose nodes bear `names`, "" for those without one."""
    best: BlockNames | None = None
    for depth in range(1, _DEEPEST + 1):
        found = _at_depth(names, depth)
        if found is None:
            break
        if best is None or found.clear >= best.clear:
            best = found
    # Of a single stretch nothing but its length tells whether a beginning is a name.
    if best is None or best.clear < (0.9 if len(names) == 1 else 0.01):
        best = BlockNames(("",) * len(names), ("",) * len(names[0]), 0.0)
    labels, taken = [], Counter[str]()
    for index, label in enumerate(best.labels):
        label = label or _common([one[index] for one in names])
        # Numbered by hand: a label that is taken would be numbered anyway, but after the labelled ones.
        taken[label] += 1
        labels.append(label if taken[label] == 1 or not label else f"{label}_{taken[label]}")
    return BlockNames(best.prefixes, tuple(labels), best.clear)


def _at_depth(names: Sequence[Sequence[str]], depth: int) -> BlockNames | None:
    prefixes = []
    for stretch in names:
        begins = Counter(prefix for name in stretch if (prefix := _begin(name, depth)))
        if not begins:
            return None
        prefixes.append(begins.most_common(1)[0][0])
    if len(set(prefixes)) < len(prefixes):
        return BlockNames(("",) * len(names), ("",) * len(names[0]), 0.0)
    labels = []
    for index in range(len(names[0])):
        rests = {
            stretch[index][len(prefix) + 1 :] if stretch[index].startswith(f"{prefix}_") else ""
            for stretch, prefix in zip(names, prefixes, strict=True)
        }
        labels.append(rests.pop() if len(rests) == 1 else "")
    named = sum(any(stretch[index] for stretch in names) for index in range(len(names[0])))
    return BlockNames(tuple(prefixes), tuple(labels), sum(map(bool, labels)) / max(named, 1))


def _begin(name: str, depth: int) -> str:
    words = name.split("_")
    return "_".join(words[:depth]) if len(words) > depth else ""


def _common(names: Sequence[str]) -> str:
    """The words with which all names begin, without a number at the end."""
    words = []
    for column in zip(*(name.split("_") for name in names), strict=False):
        if len(set(column)) > 1:
            break
        words.append(column[0])
    if words and words[-1].isdigit() and len(words) > 1 and len(names) == 1:
        words.pop()
    return "_".join(words)


def network_label(names: BlockNames, layers: Sequence[Sequence[str]], kinds: Sequence[str]) -> str:
    """What the network of equal blocks is called: their common name without numbers, else a word of their layers."""
    if names.prefixes[0]:
        plain = [_plain(prefix) for prefix in names.prefixes]
        return Counter(plain).most_common(1)[0][0] or "block"
    usual = {word for kind in kinds for word in snake_case(kind).split("_")} | {"bn", "conv", "conv2d", "pad", "block"}
    words = Counter(
        word
        for stretch in layers
        for name in stretch
        for word in dict.fromkeys(name.split("_"))
        if word.isalpha() and len(word) > 3 and word not in usual
    )
    return words.most_common(1)[0][0] if words else "block"


def _plain(prefix: str) -> str:
    return re.sub(r"_+", "_", _NUMBER.sub("", prefix)).strip("_")
