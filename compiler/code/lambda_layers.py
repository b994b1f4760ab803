"""The Python inside Lambda layers of imported and opened files, as layers in a code cell. Pure: none of it is read.

A file holds such a function as compiled Python. It stays what it is, in a code cell that is asked for like any other;
from there it is checked, trained and exported like a layer that somebody wrote.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from ..cell_graph import fresh_name
from ..changes import AddCell, Change, SetKind, SetShares
from ..document import CodeCell, Node, Notebook, new_id
from ..keras_catalogue import keras_catalogue
from .lambda_code import COMPILED, Unreadable, arguments_of, dtype_of, words_in
from .names import code_names

KIND = "Lambda"
CELL = "lambdas"

_IMPORTS = """import base64
import marshal
import types

import keras
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras import layers, ops
"""
_COMPILED = '''

def compiled(code, defaults=None, closure=()):
    """The function in compiled Python, which runs in the version of Python that compiled it."""
    try:
        made = marshal.loads(base64.b64decode(code))
    except (ValueError, EOFError, TypeError) as error:
        raise ValueError("another version of Python compiled it, which this one cannot read") from error
    known = {"K": K, "keras": keras, "layers": layers, "np": np, "ops": ops, "tf": tf}
    cells = tuple(types.CellType(value) for value in closure) or None
    return types.FunctionType(made, known, made.co_name, defaults, cells)
'''
_CLASS = '''

class {name}(keras.layers.Lambda):
    """{said}"""

    def __init__(self, *, name=None, trainable=True, dtype={dtype}):
        super().__init__({arguments}, name=name, trainable=trainable, dtype=dtype)

    def get_config(self):
        return keras.Layer.get_config(self)

    @classmethod
    def from_config(cls, config):
        return super(keras.layers.Lambda, cls).from_config(config)
'''


@dataclass(frozen=True, slots=True)
class Found:
    """A code cell for all Lambda layers that hold their code, and the changes that put it in their place. `said` has a
    sentence without its full stop for each of its classes."""

    cell: CodeCell
    changes: tuple[Change, ...]
    said: tuple[str, ...]


def holds_code(node: Node) -> bool:
    """Whether a node is a Lambda layer with its code in the file, and not only the name of a function."""
    try:
        return node.kind == KIND and bool(arguments_of(node.params))
    except Unreadable:
        return False


def lambda_code(notebook: Notebook) -> Found | None:
    """The code of a notebook's Lambda layers, if any holds its own. The same notebook gives the same code."""
    layers = [
        (network, id_, network.nodes.get(node.shares or id_, node))
        for network in notebook.networks()
        for id_, node in network.nodes.items()
        if node.kind == KIND
    ]
    layers = [(network, id_, owner) for network, id_, owner in layers if holds_code(owner)]
    if not layers:
        return None
    taken = {*keras_catalogue().kinds, COMPILED}
    taken |= {name for cell in notebook.cells if isinstance(cell, CodeCell) for name in code_names(cell.code).defined}
    names: dict[tuple[str, str], str] = {}
    classes: list[str] = []
    words: dict[str, str] = {}
    counts: dict[str, int] = {}
    changes: list[Change] = []
    for network, id_, owner in layers:
        arguments, dtype = arguments_of(owner.params), dtype_of(owner.params)
        if (arguments, dtype) not in names:
            names[arguments, dtype] = name = _name(owner.label, taken)
            taken.add(name)
            words[name] = " ".join(words_in(arguments)) or "none"
            line = f"Lambda layer {_plain(owner.label)}: compiled Python. Words in it: {words[name]}"
            classes.append(_CLASS.format(name=name, said=line, arguments=arguments, dtype=dtype))
        name = names[arguments, dtype]
        counts[name] = counts.get(name, 0) + 1
        changes.append(SetKind(cell=network.id, node=id_, kind=name))
        if (shares := network.nodes[id_].shares) is not None:
            changes.append(SetShares(cell=network.id, node=id_, shares=shares))
    cell = CodeCell(id=new_id("code"), name=fresh_name(notebook, CELL), code=_IMPORTS + _COMPILED + "".join(classes))
    said = tuple(
        f"Lambda layer {name}: compiled Python for {count} node{'' if count == 1 else 's'}; words in it: {words[name]}"
        for name, count in counts.items()
    )
    first = next(index for index, one in enumerate(notebook.cells) if one.id == layers[0][0].id)
    return Found(cell, (AddCell(cell=cell, index=first), *changes), said)


def _plain(label: str) -> str:
    return re.sub(r"[^\w .-]", "", label) or "without a name"


def _name(label: str, taken: Container[str]) -> str:
    """A name for the class after the node's label."""
    words = re.findall(r"[A-Za-z0-9]+", label)
    stem = "".join(word[:1].upper() + word[1:] for word in words) or "LambdaCode"
    stem = stem if stem[0].isalpha() else f"Lambda{stem}"
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}{number}"
    return name
