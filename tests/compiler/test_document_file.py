"""The file: what is written is read back, diffs stay small, and nothing that is not understood is dropped."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weftwork.compiler.document import (
    CodeCell,
    NetworkCell,
    Node,
    Notebook,
    Position,
    Source,
    Target,
    TextCell,
    TrainingCell,
    UnknownCell,
    Wire,
)
from weftwork.compiler.document_file import read_notebook, read_notebook_file, write_notebook

names = st.text("abcdefgh_ é☂", min_size=1, max_size=8).map(str.strip).filter(bool)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
nodes = st.builds(
    Node,
    kind=st.sampled_from(["Dense", "LSTM", "Someone's", "Output"]),
    params=st.dictionaries(names, values, max_size=3),
    label=st.just("") | names,
    muted=st.booleans(),
    shares=st.none() | names,
)
wires = st.builds(
    lambda one, port, two, position: Wire(source=Source(one, port), target=Target(two, "inputs", position)),
    names,
    names,
    names,
    st.integers(0, 5),
)
positions = st.builds(Position, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))


def without_bends(cell: NetworkCell) -> NetworkCell:
    """A place under a wire's id is the bend of an early file, which is read as a point."""
    places = {id_: place for id_, place in cell.layout.items() if id_ in cell.nodes or id_ not in cell.wires}
    return cell.model_copy(update={"layout": places})


cells = st.one_of(
    st.builds(TextCell, id=names, name=names, text=st.text(max_size=40)),
    st.builds(CodeCell, id=names, name=names, code=st.text(max_size=40)),
    st.builds(
        NetworkCell,
        id=names,
        name=names,
        nodes=st.dictionaries(names, nodes, max_size=4),
        wires=st.dictionaries(names, wires, max_size=4),
        layout=st.dictionaries(names, positions, max_size=4),
    ).map(without_bends),
    st.builds(TrainingCell, id=names, name=names, epochs=st.integers(1, 99), inputs=st.dictionaries(names, names)),
    st.builds(lambda id, name, more: UnknownCell(id=id, name=name, kind="oracle", more=more), names, names, values),
)
notebooks = st.lists(cells, max_size=4, unique_by=lambda cell: cell.id).map(lambda cells: Notebook(cells=tuple(cells)))


@given(notebooks)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back(notebook):
    text = write_notebook(notebook)
    again, problems = read_notebook(text)
    assert again == notebook
    assert [problem for problem in problems if problem.code != "F607"] == []
    assert write_notebook(again) == text


def test_one_node_or_wire_stands_on_one_line():
    cell = NetworkCell(id="n", name="n", nodes={"b": Node(kind="Dense", params={"units": 3}), "a": Node(kind="Add")})
    lines = write_notebook(Notebook(cells=(cell,))).splitlines()
    assert '    "a": {"kind": "Add"},' in lines
    assert '    "b": {"kind": "Dense", "params": {"units": 3}}' in lines


def test_the_order_of_insertion_does_not_show():
    one, two = Node(kind="Dense"), Node(kind="Add")
    first = Notebook(cells=(NetworkCell(id="n", name="n", nodes={"a": one, "b": two}),))
    second = Notebook(cells=(NetworkCell(id="n", name="n", nodes={"b": two, "a": one}),))
    assert write_notebook(first) == write_notebook(second)


def test_what_this_version_does_not_know_is_kept():
    data = {
        "format": 1,
        "theme": "dark",
        "cells": [
            {"kind": "oracle", "id": "o", "name": "o", "answer": [42]},
            {"kind": "text", "id": "t", "name": "t", "text": ["a", "b"], "pinned": True},
            {
                "kind": "network",
                "id": "n",
                "name": "n",
                "nodes": {"x": {"kind": "FromTheFuture", "params": {"q": 1}, "glow": 3}, "bad": {"params": {}}},
                "wires": {"w": {"source": ["x", "output"], "target": ["bad"], "bent": True}, "broken": 5},
                "layout": {"x": [1, 2], "bad": "left"},
            },
        ],
    }
    notebook, problems = read_notebook(json.dumps(data))
    assert [(problem.code, problem.at.cell, problem.at.node or problem.at.wire) for problem in problems] == [
        ("F607", "o", ""),
        ("F610", "n", "bad"),
        ("F610", "n", "broken"),
        ("F610", "n", "bad"),
    ]
    assert set(notebook.cell("n").nodes) == {"x"}
    kept = json.loads(write_notebook(notebook))
    assert kept["theme"] == "dark"
    assert kept["cells"][0] == data["cells"][0]
    assert kept["cells"][1] == data["cells"][1]
    assert kept["cells"][2]["nodes"] == data["cells"][2]["nodes"]
    assert kept["cells"][2]["layout"] == data["cells"][2]["layout"]
    assert kept["cells"][2]["wires"]["broken"] == 5
    assert kept["cells"][2]["wires"]["w"]["bent"] is True


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "F601"),
        ('{"format": 1, "cells": [{"kind": "te', "F601"),
        ("[" * 100_000, "F601"),
        ("[]", "F602"),
        ('{"cells": {}}', "F602"),
        ('{"format": "one", "cells": []}', "F603"),
        ('{"format": 999, "cells": []}', "F604"),
        ('{"cells": [7]}', "F605"),
        ('{"cells": [{"kind": "text", "id": "a"}]}', "F606"),
        ('{"cells": [{"kind": "nobody", "id": "a", "name": "a"}]}', "F607"),
        ('{"cells": [{"kind": "text", "id": "a", "name": "a"}, {"kind": "text", "id": "a", "name": "b"}]}', "F608"),
        ('{"cells": [{"kind": "training", "id": "a", "name": "a", "epochs": "many"}]}', "F609"),
    ],
)
def test_bad_text_gives_a_problem(text, code):
    _, problems = read_notebook(text)
    assert code in [problem.code for problem in problems]


def test_a_malformed_cell_is_kept_as_a_placeholder():
    data = {"kind": "training", "id": "a", "name": "a", "epochs": "many", "seed": 3}
    notebook, problems = read_notebook(json.dumps({"cells": [data]}))
    assert problems[0].at.parameter == "epochs"
    assert json.loads(write_notebook(notebook))["cells"] == [data]


@pytest.mark.parametrize("seed", range(30))
def test_mutated_files_never_raise(seed):
    rng = random.Random(seed)
    cell = NetworkCell(id="n", name="n", nodes={"a": Node(kind="Dense", params={"units": 3})}, layout={"a": (1, 2)})
    text = write_notebook(Notebook(cells=(TextCell(id="t", name="t", text="x\ny"), cell)))
    for _ in range(60):
        at = rng.randrange(len(text))
        mutated = (
            text[:at]
            + rng.choice(["", "}", '"', "[", "null", "1e999", text[at:][::-1]])
            + text[at + rng.randrange(9) :]
        )
        notebook, _ = read_notebook(mutated)
        read_notebook(write_notebook(notebook))


def test_a_file_that_is_no_text_gives_a_problem(tmp_path):
    path = tmp_path / "x.weft"
    path.write_bytes(b'{"cells": []}\xff\xfe')
    assert [problem.code for problem in read_notebook_file(path)[1]] == ["F601"]


def test_ten_thousand_nodes_write_and_read():
    nodes = {f"dense_{i:04x}": Node(kind="Dense", params={"units": i}) for i in range(10_000)}
    notebook = Notebook(cells=(NetworkCell(id="n", name="n", nodes=nodes),))
    assert read_notebook(write_notebook(notebook)) == (notebook, [])
