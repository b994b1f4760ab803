"""Where layers inside of networks are seen: each in its own use and repetition, a shared one in all that use it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from weftwork.compiler.document import NetworkCell, Node, Notebook, Source, Target, TrainingCell, Wire
from weftwork.editor.cells.health_follower import nodes_of
from weftwork.editor.cells.health_lines import joined
from weftwork.runtime.health.health_file import Health, LayerSeries
from weftwork.runtime.run_directory import RunDirectory, create_run

from .small_notebook import chain


def nested_run(folder: Path) -> RunDirectory:
    """A run of `main`: two fresh repetitions of a block, then two that share their weights."""
    inner = {
        "x": Node(kind="Input", params={"shape": [3]}),
        "d": Node(kind="Dense", params={"units": 3}, label="dense"),
        "o": Node(kind="Output"),
    }
    outer = {
        "i": Node(kind="Input", params={"shape": [3]}),
        "one": Node(kind="network:Block", label="fresh", repeat=2),
        "two": Node(kind="network:Block", label="shared", repeat=2, weights="shared"),
        "o": Node(kind="Output"),
    }
    wires = {
        "a": Wire(source=Source("i"), target=Target("one", "input")),
        "b": Wire(source=Source("one"), target=Target("two", "input")),
        "c": Wire(source=Source("two"), target=Target("o")),
    }
    cells = (
        NetworkCell(id="block", name="Block", nodes=inner, wires=chain(*inner)),
        NetworkCell(id="main", name="main", nodes=outer, wires=wires),
        TrainingCell(id="fit", name="fit", network="main"),
    )
    return create_run(folder, Notebook(cells=cells), "fit", notebook_name="a.weft")


def test_layers_are_seen_at_the_path_of_their_use_and_together_on_the_node(tmp_path: Path) -> None:
    nodes = nodes_of(nested_run(tmp_path), "main")
    assert nodes == {
        "fresh_1_dense": ("one/d",),
        "fresh_2_dense": ("one:2/d",),
        "shared_1_dense": ("two/d", "two:2/d"),
    }
    gradients = dict(zip(nodes, (3.0, 4.0, 7.0), strict=True))
    series = [LayerSeries(name, name, *[np.full(2, value)] * 4) for name, value in gradients.items()]
    seen = {one.node: float(one.gradient[0]) for one in joined(Health(np.arange(2.0), series), nodes)}
    # Where `one` is entered in its second repetition, the canvas asks for `one:2/d`.
    assert seen == {"one": 5.0, "one/d": 3.0, "one:2/d": 4.0, "two": 7.0, "two/d": 7.0, "two:2/d": 7.0}
