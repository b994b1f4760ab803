"""The layers that code cells define, as kinds of nodes; found by reading the code, never by running it. Pure.

A class is a layer where it derives from `keras.Layer`, from a layer of Keras or from another such class. A function is
one where its first argument and its result are annotated as tensors (`keras.KerasTensor`).
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ..catalogue_types import Kind, Parameter, Port
from ..document import CodeCell, Notebook
from ..keras_catalogue import keras_catalogue
from .names import code_names
from .signatures import parameters_of, ports_of
from .slices import Statement, needed_for, statements

FAMILY = "Yours"
PACKAGE = "weftwork_code"
REGISTER = '@keras.saving.register_keras_serializable(package="weftwork")'
NOT_ALLOWED = "its code has not been allowed to run"

_BASES = ("keras.Layer", "keras.layers.Layer")
_TENSORS = ("keras.KerasTensor", "KerasTensor")


@dataclass(frozen=True, eq=False)
class CodeKind:
    """A layer of the user's own. `source` makes it and nothing else; `cells` are those that the source comes from,
    the one that defines it last. `clash` tells that its name is taken, "" where it is not."""

    kind: Kind
    name: str
    source: tuple[Statement, ...]
    cells: tuple[str, ...]
    digest: str
    missing: tuple[str, ...] = ()
    clash: str = ""

    @property
    def allowed(self) -> bool:
        return not self.kind.unbuildable


def code_hash(code: str) -> str:
    """What consent is kept for: the very text of a code cell."""
    return hashlib.sha256(code.encode()).hexdigest()


def code_kinds(notebook: Notebook, allowed: Collection[str] = ()) -> tuple[CodeKind, ...]:
    """The layers in a notebook's code cells; the same tuple for the same code. `allowed` has the hashes of code that
    may run; kinds of other code are known and cannot be built."""
    cells = tuple((cell.name, cell.code) for cell in notebook.cells if isinstance(cell, CodeCell))
    if not cells:
        return ()
    runs = frozenset(code for _, code in cells if code_hash(code) in allowed)
    return _code_kinds(cells, runs)


def cells_behind(notebook: Notebook) -> dict[str, tuple[str, ...]]:
    """The code cells behind each layer of the user's own, by the kind's name."""
    return {one.name: one.cells for one in code_kinds(notebook)}


@lru_cache(maxsize=32)
def _code_kinds(cells: tuple[tuple[str, str], ...], runs: frozenset[str]) -> tuple[CodeKind, ...]:
    every = statements(cells)
    aliases = _aliases(every)
    codes = dict(cells)
    found: dict[str, CodeKind] = {}
    for one in every:
        node = ast.parse(one.text).body[0]
        if not isinstance(node, ast.ClassDef | ast.FunctionDef) or node.name.startswith("_"):
            continue
        kind = _of_class(node, aliases, found) if isinstance(node, ast.ClassDef) else _of_function(node, aliases)
        if kind is None or node.name in found:
            continue
        source, missing = needed_for(node.name, one.cell, every)
        source = _registered(source, node.name, kind.group == "layer")
        behind = tuple(dict.fromkeys([*(part.cell for part in source if part.cell in codes), one.cell]))
        behind = (*(cell for cell in behind if cell != one.cell), one.cell)
        digest = hashlib.sha256("\n\n".join(part.text for part in source).encode()).hexdigest()[:16]
        clash = node.name if node.name in keras_catalogue().kinds else ""
        denied = any(codes[cell] not in runs for cell in behind)
        unbuildable = NOT_ALLOWED if denied else _why_not(missing)
        kind = replace(kind, keras=f"{PACKAGE}.k{digest}.{node.name}", unbuildable=unbuildable)
        found[node.name] = CodeKind(kind, node.name, tuple(source), behind, digest, tuple(sorted(missing)), clash)
    return tuple(found.values())


def _why_not(missing: Collection[str]) -> str:
    return f"its code uses {', '.join(sorted(missing))}, which no code cell defines" if missing else ""


def _aliases(every: list[Statement]) -> dict[str, str]:
    """What names stand for, by the imports of all cells: `layers` is `keras.layers`."""
    found = {"keras": "keras"}
    for one in every:
        if not one.imports:
            continue
        for node in ast.parse(one.text).body:
            if isinstance(node, ast.Import):
                for name in node.names:
                    found[name.asname or name.name.partition(".")[0]] = (
                        name.name if name.asname else name.name.partition(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    return found


def _path(node: ast.expr | None, aliases: Mapping[str, str]) -> str:
    """The public path that an expression names, "" where it names none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return ""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        path = f"{_path(node.value, aliases)}.{node.attr}"
        return path.replace("tensorflow.keras.", "keras.")
    return ""


def _of_class(node: ast.ClassDef, aliases: Mapping[str, str], own: Mapping[str, CodeKind]) -> Kind | None:
    base: Kind | None = None
    is_layer = False
    for path in (_path(one, aliases) for one in node.bases):
        known = keras_catalogue().kinds.get(path.removeprefix("keras.layers."))
        if path in _BASES:
            is_layer = True
        elif path in own and own[path].kind.group == "layer":
            is_layer, base = True, own[path].kind
        elif known is not None and known.keras == path:
            is_layer, base = True, known
    if not is_layer:
        return None
    methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
    inputs, outputs = ports_of(methods.get("call"), base)
    return _kind(node, "layer", parameters_of(methods.get("__init__"), base), inputs, outputs)


def _of_function(node: ast.FunctionDef, aliases: Mapping[str, str]) -> Kind | None:
    arguments = [*node.args.posonlyargs, *node.args.args]
    tensors = [one.arg for one in arguments if _path(one.annotation, aliases) in _TENSORS]
    if not arguments or arguments[0].arg not in tensors or _path(node.returns, aliases) not in _TENSORS:
        return None
    parameters = {name: known for name, known in parameters_of(node, None, skip=0).items() if name not in tensors}
    return _kind(node, "op", parameters, tuple(Port(name) for name in tensors), (Port("output"),))


def _kind(
    node: ast.ClassDef | ast.FunctionDef,
    group: str,
    parameters: dict[str, Parameter],
    inputs: tuple[Port, ...],
    outputs: tuple[Port, ...],
) -> Kind:
    said = (ast.get_docstring(node) or "").strip().splitlines()
    return Kind(
        node.name,
        group,
        FAMILY,
        "",
        help=said[0] if said else "A layer of this notebook's own code.",
        inputs=inputs,
        outputs=outputs,
        parameters=parameters,
    )


def _registered(source: list[Statement], name: str, layer: bool) -> list[Statement]:
    """The statements, with each class in them known to Keras by name, so that a saved model finds it."""
    if not layer:
        return source
    found = []
    for one in source:
        node: Any = ast.parse(one.text).body[0]
        if isinstance(node, ast.ClassDef) and "register_keras_serializable" not in one.text.partition("class ")[0]:
            one = replace(one, text=f"{REGISTER}\n{one.text}")
        found.append(one)
    if not any(one.imports and "keras" in code_names(one.text).defined for one in found):
        found.insert(0, Statement("", (-1, 0), "import keras", frozenset({"keras"}), frozenset(), True))
    return found


def source_text(kinds: Collection[CodeKind]) -> tuple[list[str], list[str]]:
    """Import lines and the other statements that these kinds need, each once and in order."""
    parts = sorted({part.place: part for one in kinds for part in one.source}.values(), key=lambda part: part.place)
    imports = list(dict.fromkeys(part.text for part in parts if part.imports))
    return imports, [part.text for part in parts if not part.imports]
