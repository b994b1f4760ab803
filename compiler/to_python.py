"""The back end that prints: from a Program to Python as an engineer would write it. Imports no Keras.

It walks the same steps as `to_keras.py`, so the script builds what was trained: the same layers with the same names,
made in the same order.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from dataclasses import dataclass, field

from .code.at_hand import with_kinds
from .code.kinds import source_text
from .program import Program
from .python_networks import network_functions
from .python_printer import LINE_LENGTH, Printer, Statement, docstring_text
from .python_text import Imports
from .python_uses import with_functions

__all__ = ["Printed", "docstring_text", "formatted", "model_function", "model_source", "module_text", "printed_model"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Printed:
    """The text of the functions that make a network. `statements` go by the function's name: the network that it is
    printed from, and what each of its statements stands for."""

    text: str
    statements: dict[str, tuple[str, list[Statement]]] = field(default_factory=dict)


def model_source(program: Program) -> str:
    """A module with `build_model() -> keras.Model`, formatted; it imports only public names."""
    return formatted(module_text(program)[0])


def module_text(program: Program) -> tuple[str, Printed]:
    """The module, not yet formatted, and what is known of its functions."""
    imports = Imports()
    printed = printed_model(program, imports)
    title = f'"""The network “{docstring_text(program.name)}”, drawn in Weftwork."""'
    return "\n".join([title, "", *imports.lines(), "", "", printed.text]), printed


def model_function(program: Program, imports: Imports) -> str:
    """The function `build_model`, after one for each network that is used as a node; not yet formatted. What they
    need is added to `imports`. The code of layers of the user's own stands before them all."""
    return printed_model(program, imports).text


def printed_model(program: Program, imports: Imports) -> Printed:
    """The same with what its statements stand for."""
    lines, own = source_text(program.code)
    imports.add_lines(lines)
    with with_kinds(program.code):
        printed = _printed_model(program, imports)
    return Printed("\n\n".join([*own, printed.text]), printed.statements)


def _printed_model(program: Program, imports: Imports) -> Printed:
    semi = with_functions(program)
    if semi is None:
        printer = Printer(program, imports)
        text = printer.function()
        return Printed(text, {"build_model": (program.name, printer.statements)})
    functions = network_functions(semi, imports)
    written = {layer.name for id_, layer in program.layers.items() if id_ not in semi.layers}
    printer = Printer(semi, imports, functions=functions.names, makers=functions.makers, written=written)
    text = printer.function()
    statements = functions.statements | {"build_model": (program.name, printer.statements)}
    return Printed("\n\n".join([*functions.texts, text]), statements)


def formatted(source: str) -> str:
    """Python source as ruff formats it; as it is, where ruff cannot be run."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={LINE_LENGTH}", "-"]
    try:
        done = subprocess.run(command, input=source, capture_output=True, encoding="utf-8", check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("The script is not formatted: %s", error)
        return source
    return done.stdout
