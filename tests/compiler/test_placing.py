"""What is kept of earlier layouts never shows: after any edit a flat Program is as if laid out anew. No Keras."""

from __future__ import annotations

import random

import pytest
from nested_networks import NOTEBOOKS, nested, notebook

from weftwork.compiler.apply_change import apply
from weftwork.compiler.changes import (
    Change,
    ChangeError,
    RemoveNode,
    SetLabel,
    SetMuted,
    SetParameter,
    SetRepeat,
    UnsetParameter,
)
from weftwork.compiler.document import Notebook
from weftwork.compiler.passes import flatten, placing
from weftwork.compiler.pipeline import check

BOOKS = {
    **NOTEBOOKS,
    "several outputs": notebook(
        nested(
            "Two",
            """
            x: Input(shape=[4]) [label=x]
            y: Input(shape=[4]) [label=y]
            a: Dense(units=4) <- x
            b: Dropout(rate=1) <- y
            c: Add <- a, b
            d: Dense(units=4) [shares=a] <- c
            one: Output [label=x] <- d
            two: Output [label=y] <- b
            """,
        ),
        nested(
            "Main",
            """
            i: Input(shape=[4])
            u: use(network="Two", repeat=3) <- x=i, y=i
            v: use(network="Two", repeat=2, weights="shared") <- x=u.x, y=i
            w: use(network="Two") [shares=v] <- x=v.y, y=u.x
            o: Output <- w.x
            """,
        ),
    ),
}


def edit(dice: random.Random, book: Notebook) -> Change:
    cell = dice.choice(book.networks())
    id_ = dice.choice(list(cell.nodes))
    node = cell.nodes[id_]
    choices: list[Change] = [
        SetMuted(cell=cell.id, node=id_, muted=not node.muted),
        SetLabel(cell=cell.id, node=id_, label=dice.choice(["", "x", "other", node.label])),
        SetParameter(cell=cell.id, node=id_, parameter="trainable", value=dice.choice([True, False])),
        RemoveNode(cell=cell.id, node=id_),
    ]
    # Equal for Python, and three arguments for Keras.
    ones = [
        SetParameter(cell=cell.id, node=id_, parameter=name, value=dice.choice([1, 1.0, True])) for name in node.params
    ]
    if node.kind.startswith("network:"):
        weights = dice.choice(["fresh", "shared"])
        choices += [SetRepeat(cell=cell.id, node=id_, repeat=dice.randint(1, 3), weights=weights, names=())] * 3
    choices += [UnsetParameter(cell=cell.id, node=id_, parameter=name) for name in node.params]
    return dice.choice([*choices, *ones, *ones])


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("seed", range(6))
def test_random_edits_are_laid_out_as_from_nothing(name: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    book, drawn, compared = BOOKS[name], BOOKS[name], 0
    for _ in range(25):
        try:
            book = apply(book, edit(dice, book))
        except ChangeError:
            continue
        kept = check(book).programs
        with monkeypatch.context() as patch:
            patch.setattr(placing, "_places", {})
            patch.setattr(flatten, "_programs", {})
            copied = Notebook.model_validate(book.model_dump())
            fresh = check(copied).programs
        assert repr(kept) == repr(fresh)
        compared += sum(program.nested is not None for program in kept.values())
        if not kept or dice.random() < 0.2:
            book = drawn
    assert compared


def test_an_argument_that_only_equals_the_one_before_is_laid_out_anew() -> None:
    book = BOOKS["several outputs"]
    assert check(book).programs["Main"].layers["u/b"].params == {"rate": 1}
    for value in (1.0, 1):
        book = apply(book, SetParameter(cell="two", node="b", parameter="rate", value=value))
        rates = [
            layer.params["rate"] for layer in check(book).programs["Main"].layers.values() if layer.kind == "Dropout"
        ]
        assert [repr(rate) for rate in rates] == [repr(value)] * 4
