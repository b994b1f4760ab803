"""Open notebooks in tests: a small network to edit, and servers that die."""

from __future__ import annotations

from pathlib import Path

from weftwork.compiler.changes import AddNode, Change, Connect, SetParameter
from weftwork.compiler.document import NetworkCell, Node, Notebook, Position, Source, Target, TextCell, Wire
from weftwork.compiler.document_file import read_notebook, write_notebook
from weftwork.editor.open_notebook import OpenNotebook

CELL = "net_1"


def start() -> Notebook:
    network = NetworkCell(
        id=CELL,
        name="net",
        nodes={
            "input_1": Node(kind="Input", params={"shape": [4]}),
            "dense_1": Node(kind="Dense", params={"units": 3}),
            "output_1": Node(kind="Output"),
        },
        wires={
            "wire_1": Wire(source=Source("input_1"), target=Target("dense_1")),
            "wire_2": Wire(source=Source("dense_1"), target=Target("output_1")),
        },
        layout={id_: Position(100.0 * place, 0.0) for place, id_ in enumerate(("input_1", "dense_1", "output_1"))},
    )
    return Notebook(cells=(TextCell(id="text_1", name="intro", text="# Start"), network))


def write_start(folder: Path, name: str = "a.weft") -> Path:
    path = folder / name
    path.write_text(write_notebook(start()), encoding="utf-8")
    return path


def crash(notebook: OpenNotebook) -> Path:
    """The server dies: nothing more is written, the system lets its lock go. The file to open again."""
    notebook.file.close()
    return notebook.path


def in_file(path: Path) -> Notebook:
    notebook, problems = read_notebook(path.read_text(encoding="utf-8"))
    assert problems == []
    return notebook


def add(id_: str, kind: str = "Dropout") -> Change:
    return AddNode(cell=CELL, id=id_, node=Node(kind=kind, params={}), position=Position(5.0, 6.0))


def units(count: int) -> Change:
    return SetParameter(cell=CELL, node="dense_1", parameter="units", value=count)


def wire(id_: str, source: str, target: str) -> Change:
    return Connect(cell=CELL, id=id_, wire=Wire(source=Source(source), target=Target(target)))
