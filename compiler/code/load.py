"""Makes the classes and functions of code kinds, by running what may run. Child processes and scripts only."""

from __future__ import annotations

import linecache
import sys
import types
from typing import Any

from .at_hand import kinds_at_hand
from .kinds import PACKAGE, CodeKind, source_text


class CodeFailed(Exception):
    """Why the code of a layer does not run, in one line."""


def load_own(path: str) -> Any:
    """The class or function behind `Kind.keras` of a layer that is at hand. Raises CodeFailed."""
    known = next((one for one in kinds_at_hand() if one.kind.keras == path), None)
    if known is None:
        raise CodeFailed(f"The code of {path.rpartition('.')[2]} is not known here")
    if not known.allowed:
        raise CodeFailed(f"{known.name}: {known.kind.unbuildable}")
    return _made(known)


def _made(known: CodeKind) -> Any:
    module_name = known.kind.keras.rpartition(".")[0]
    module = sys.modules.get(module_name)
    if module is None:
        module = types.ModuleType(module_name, f"Layer {known.name} of a notebook.")
        imports, others = source_text([known])
        source = "\n".join([*imports, "", *others]) + "\n"
        # Keras traces functions by their source; without it some would not be traced at all.
        file = f"<{known.name}>"
        linecache.cache[module_name] = (len(source), None, source.splitlines(keepends=True), module_name)
        sys.modules.setdefault(PACKAGE, types.ModuleType(PACKAGE))
        sys.modules[module_name] = module
        try:
            exec(compile(source, module_name, "exec"), module.__dict__)
        except BaseException as error:
            del sys.modules[module_name]
            if isinstance(error, KeyboardInterrupt):
                raise
            raise CodeFailed(f"The code of {known.name} does not run: {type(error).__name__}: {error}") from error
        module.__file__ = file
    return getattr(module, known.name)


def to_json(known: CodeKind) -> dict[str, Any]:
    """What another process needs to make the kind."""
    from ..catalogue_json import kind_to_json

    imports, others = source_text([known])
    return {"name": known.name, "kind": kind_to_json(known.kind), "digest": known.digest, "source": [*imports, *others]}


def from_json(content: dict[str, Any]) -> CodeKind:
    """The kind again; its source is one text."""
    from ..catalogue_json import kind_from_json
    from .slices import Statement

    name = content["name"]
    parts = tuple(
        Statement("", (0, index), text, frozenset(), frozenset(), False) for index, text in enumerate(content["source"])
    )
    return CodeKind(kind_from_json(name, content["kind"]), name, parts, (), content["digest"])
