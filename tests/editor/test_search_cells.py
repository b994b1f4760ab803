"""Words are found wherever a cell holds them."""

import pytest

from weftwork.compiler.document import CodeCell, DataCell, NetworkCell, Node, Notebook, TextCell, TrainingCell
from weftwork.editor.search_cells import search_cells

NOTEBOOK = Notebook(
    cells=(
        TextCell(id="t", name="story", text="# Woods\n\nOaks and " + "elms " * 60 + "end of the wood"),
        DataCell(id="d", name="rows", source="csv", location="trees.csv"),
        NetworkCell(
            id="n",
            name="reader",
            nodes={"a": Node(kind="Conv2D", label="edges", params={"activation": "swish", "filters": 48})},
        ),
        TrainingCell(id="f", name="fit", network="reader", data="rows", batch_size=96),
        CodeCell(id="c", name="own", code="import numpy\nclass Squeeze: ..."),
    )
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("STORY", [("story", "name")]),
        ("woods", [("story", "text")]),
        ("end of the", [("story", "text")]),
        ("trees.csv", [("rows", "setting")]),
        ("edges", [("reader", "node")]),
        ("conv2d", [("reader", "node")]),
        ("swish", [("reader", "edges")]),
        ("filters = 48", [("reader", "edges")]),
        ("batch size = 96", [("fit", "setting")]),
        ("squeeze", [("own", "line 2")]),
        ("training", [("fit", "kind")]),
        ("  ", []),
        ("nowhere", []),
    ],
)
def test_words_are_found_where_they_stand(words, found):
    assert [(hit.name, hit.where) for hit in search_cells(NOTEBOOK, words)] == found


def test_hit_shows_what_was_found_in_few_words_and_names_its_node():
    (hit,) = search_cells(NOTEBOOK, "END OF")
    assert (hit.found, hit.after) == ("end of", " the wood")
    assert hit.before.startswith("…")
    assert len(hit.before) < 50
    assert search_cells(NOTEBOOK, "swish")[0].node == "a"


def test_hits_are_bounded():
    assert len(search_cells(NOTEBOOK, "e", limit=3)) == 3
