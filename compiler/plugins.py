"""Kinds from other packages, found by the entry-point group `weftwork.kinds`.

An entry point names a Kind, a `PluginKind` (a Kind with a check of its own), a list of either, or a function
that returns one of these. Its module is imported by the editor, so it must not import Keras: it names its layer by
path (`Kind.keras = "package.module.Class"`), and that class is imported where networks are built. Shapes come from
calling the class, export writes its import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from .catalogue_types import Kind, Port
from .document import Node
from .keras_catalogue import keras_catalogue
from .problems import Location, Problem
from .specs import TensorSpec

GROUP = "weftwork.kinds"

Specs = Mapping[str, TensorSpec | tuple[TensorSpec, ...]]
"""What arrives at a node: a spec for each wired input port, a tuple of them for a port that takes many."""

Check = Callable[[Node, Specs], Iterable["Problem | str"]]
"""A check gives problems, or sentences for errors. The node's place is filled in; an empty code becomes P314."""


@dataclass(frozen=True, slots=True)
class PluginKind:
    """A kind with a check of its own, which runs when the node's input specs are known."""

    kind: Kind
    check: Check | None = None


@dataclass(frozen=True, slots=True)
class Plugins:
    kinds: dict[str, Kind]
    checks: dict[str, Check]
    problems: tuple[Problem, ...]


@cache
def plugins() -> Plugins:
    """All that was found, read once in a process. A plug-in that fails is left out, with a warning."""
    found = Plugins({}, {}, ())
    for entry_point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        found = _with(found, entry_point)
    return found


def kinds() -> dict[str, Kind]:
    """The kinds of all plug-ins by name."""
    return plugins().kinds


def checks() -> dict[str, Check]:
    """The checks of plug-ins by the name of their kind."""
    return plugins().checks


def problems() -> tuple[Problem, ...]:
    """A warning for each plug-in that could not be used."""
    return plugins().problems


def run_check(node: Node, specs: Specs, at: Location) -> list[Problem]:
    """What the check of this node's kind says; [] when the kind has none. `at` is the node's own place."""
    check = checks().get(node.kind)
    if check is None:
        return []
    try:
        return [_placed(problem, at) for problem in check(node, specs)]
    except Exception as error:  # Somebody else's code may raise anything.
        message = f"The check of {node.kind} failed: {type(error).__name__}: {error}"
        return [Problem("P315", message, at, severity="warning", help="Tell the author of the plug-in.")]


def _placed(problem: Problem | str, at: Location) -> Problem:
    if isinstance(problem, str):
        return Problem("P314", problem, at)
    place = replace(at, port=problem.at.port, parameter=problem.at.parameter)
    return replace(problem, at=place, code=problem.code or "P314")


def _with(found: Plugins, entry_point: EntryPoint) -> Plugins:
    source = entry_point.dist.name if entry_point.dist else entry_point.value
    try:
        added = list(_entries(entry_point.load()))
    except (Exception, SystemExit) as error:  # Importing runs somebody else's code, which may raise anything.
        return _warned(found, f"Plug-in {source} cannot be loaded: {type(error).__name__}: {error}")
    for plugin in added:
        name = plugin.kind.name
        if name in found.kinds or name in keras_catalogue().kinds:
            # What an existing notebook means must not depend on what else is installed.
            found = _warned(found, f"Plug-in {source} brings {name}, which exists already; that one is used.")
            continue
        found.kinds[name] = plugin.kind if plugin.kind.outputs else replace(plugin.kind, outputs=(Port("output"),))
        if plugin.check is not None:
            found.checks[name] = plugin.check
    return found


def _warned(found: Plugins, message: str) -> Plugins:
    problem = Problem("P316", message, severity="warning", help="Nodes of its kinds are shown as placeholders.")
    return replace(found, problems=(*found.problems, problem))


def _entries(value: Any) -> Iterator[PluginKind]:
    if isinstance(value, PluginKind):
        yield value
    elif isinstance(value, Kind):
        yield PluginKind(value)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _entries(item)
    elif callable(value):
        yield from _entries(value())
    else:
        raise TypeError(f"expected a Kind, a PluginKind, a list of them or a function, found {type(value).__name__}")
