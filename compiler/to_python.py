"""The back end that prints: from a Program to Python as an engineer would write it. Imports no Keras.

It walks the same steps as `to_keras.py`, so the script builds what was trained: the same layers with the same names,
made in the same order.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .automatic_names import layers_to_name
from .call_style import as_tensor, call_arguments, split_params
from .catalogue import catalogue
from .code.at_hand import with_kinds
from .code.kinds import source_text
from .deep_networks import SHORT, recursion_limit
from .model_name import model_name
from .plain_values import same
from .program import Call, Program, ProgramInput, Value
from .python_text import Imports, named_text, object_text, value_text
from .python_uses import imports_and, use_lines, with_functions
from .specs import Shape
from .unpacking import unpacking_text
from .variable_names import variable_names

log = logging.getLogger(__name__)

# Ruff's own default, so that a script stays as it is in a project that has no settings.
LINE_LENGTH = 88
INDENT = 4


def model_source(program: Program) -> str:
    """A module with `build_model() -> keras.Model`, formatted; it imports only public names."""
    imports = Imports()
    function = model_function(program, imports)
    title = f'"""The network “{docstring_text(program.name)}”, drawn in Weftwork."""'
    return formatted("\n".join([title, "", *imports.lines(), "", "", function]))


def model_function(program: Program, imports: Imports) -> str:
    """The function `build_model`, after one for each network that is used as a node; not yet formatted. What they
    need is added to `imports`. The code of layers of the user's own stands before them all."""
    lines, own = source_text(program.code)
    imports.add_lines(lines)
    with with_kinds(program.code):
        return "\n\n".join([*own, _model_function(program, imports)])


def _model_function(program: Program, imports: Imports) -> str:
    semi = with_functions(program)
    if semi is None:
        return Printer(program, imports).function()
    from .python_networks import network_functions

    functions, names = network_functions(semi, imports)
    written = {layer.name for id_, layer in program.layers.items() if id_ not in semi.layers}
    model = Printer(semi, imports, functions=names, written=written).function()
    return "\n\n".join([*functions, model])


def docstring_text(words: str) -> str:
    """What a user wrote, as it may stand in a docstring."""
    return " ".join(words.replace("\\", "\\\\").replace('"', "'").split())


def formatted(source: str) -> str:
    """Python source as ruff formats it; as it is, where ruff cannot be run."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={LINE_LENGTH}", "-"]
    try:
        done = subprocess.run(command, input=source, capture_output=True, encoding="utf-8", check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("The script is not formatted: %s", error)
        return source
    return done.stdout


@dataclass(frozen=True)
class _Constant:
    """A list that stands for a tensor."""

    value: Any


class Printer:
    """Prints one Program as a function. `functions` are those that are there for networks, by the network's name;
    `written` are the names of layers that are made in them."""

    def __init__(
        self,
        program: Program,
        imports: Imports,
        *,
        functions: Mapping[str, str] | None = None,
        written: Collection[str] = (),
    ) -> None:
        self.program = program
        self.imports = imports
        self.kinds = catalogue().kinds
        self.functions = functions or {}
        self.to_name = layers_to_name(program, written)
        for call in program.calls:
            if call.use is None:
                imports.name(self.kinds[call.kind].keras)
        self.values, self.shared = variable_names(program, self.reserved())
        self.bound: set[str] = set()

    def reserved(self) -> set[str]:
        """Names that no variable may have."""
        return imports_and(self.imports, self.functions)

    def name_text(self, name: str) -> str:
        """The text of a layer's name."""
        return repr(name)

    def prefix(self) -> str:
        """What stands before the names of layers, within an f-string."""
        return ""

    def function(self) -> str:
        lines = ["def build_model() -> keras.Model:", f"    {self._docstring()}", *self._room()]
        lines += [f"    {self._input(given)}" for given in self.program.inputs]
        for call in self.program.calls:
            lines += [f"    {line}" for line in self._call(call)]
        lines.append(f"    {self._result()}")
        return "\n".join(lines) + "\n"

    def _room(self) -> list[str]:
        layers = len(self.program.calls)
        if layers <= SHORT:
            return []
        lines = ["import sys", "", "# Keras walks a network by recursion, a call for each layer in a row."]
        lines += [f"sys.setrecursionlimit(max(sys.getrecursionlimit(), {recursion_limit(layers)}))", ""]
        return [f"    {line}" for line in lines]

    def _docstring(self) -> str:
        takes = [f"{given.name} {_shape(given.shape)}" for given in self.program.inputs]
        gives = [given.name for given in self.program.outputs]
        words = f"From {_listed(takes, 'inputs')} to {_listed(gives, 'outputs')}"
        if self.program.shapes:
            counted = sum(shapes.parameters for shapes in self.program.shapes.values())
            words += f"; {counted:,} parameters"
        return f'"""{words}."""'

    def _input(self, given: ProgramInput) -> str:
        arguments = [f"shape={value_text(list(given.shape), 'shape', self.imports)}"]
        if given.dtype != "float32":
            arguments.append(f"dtype={given.dtype!r}")
        for name, value in given.params.items():
            known = self.kinds["Input"].parameters.get(name)
            if name not in ("shape", "dtype", "name") and not (known and same(value, known.default)):
                arguments.append(named_text(name, value_text(value, "", self.imports)))
        arguments.append(f"name={given.name!r}")
        return f"{self.values[Value(given.node)]} = keras.Input({', '.join(arguments)})"

    def _call(self, call: Call) -> list[str]:
        if call.use is not None:
            return use_lines(self, call, call.use)
        kind = self.kinds[call.kind]
        lines: list[str] = []
        callee, long, constants = self.imports.name(kind.keras), "", call.params
        if call.layer:
            layer = self.program.layers[call.layer]
            made, constants = split_params(kind, layer.params)
            constants |= call.params
            name = self.name_text(layer.name) if call.layer in self.to_name else ""
            callee = object_text(kind, made, self.imports, name)
            long = object_text(kind, made, self.imports, name, one_a_line=True)
            if call.layer in self.shared:
                if call.layer not in self.bound:
                    self.bound.add(call.layer)
                    lines += _fitting(f"{self.shared[call.layer]} = {callee}", callee, long, "")
                callee = long = self.shared[call.layer]
        arguments = ", ".join(self._arguments(call, constants))
        names = [self.values[Value(call.node, port)] for port in call.outputs]
        owner = self.program.layers[call.layer].params if call.layer else call.params
        left, right = unpacking_text(kind, owner, names, f"{callee}({arguments})")
        return lines + _fitting(f"{left} = {right}", callee, long, self._shapes(call))

    def _arguments(self, call: Call, constants: dict[str, Any]) -> list[str]:
        kind = self.kinds[call.kind]
        given: dict[str, Any] = {}
        for name, value in constants.items():
            known = kind.parameters.get(name)
            if known is None or known.required or not same(value, known.default):
                given[name] = _Constant(value) if as_tensor(kind, name, value) else value
        given |= call.arguments
        positional, named = call_arguments(kind, given)
        order = [*(port.argument or port.name for port in kind.inputs), *kind.parameters, *named]
        named = dict(sorted(named.items(), key=lambda item: order.index(item[0])))
        return [
            *(self._argument(value) for value in positional),
            *(named_text(name, self._argument(value)) for name, value in named.items()),
        ]

    def _argument(self, value: Any) -> str:
        if isinstance(value, Value):
            return self.values[value]
        if isinstance(value, tuple) and value and all(isinstance(item, Value) for item in value):
            return f"[{', '.join(self.values[item] for item in value)}]"
        if isinstance(value, _Constant):
            return f"{self.imports.name('keras.ops.convert_to_tensor')}({value_text(value.value, '', self.imports)})"
        return value_text(value, "", self.imports)

    def _shapes(self, call: Call) -> str:
        found = self.program.shapes.get(call.node)
        if found is None:
            return ""
        return ", ".join(_shape(found.outputs[port].shape[1:]) for port in call.outputs if port in found.outputs)

    def _result(self) -> str:
        inputs = [(given.name, self.values[Value(given.node)]) for given in self.program.inputs]
        outputs = [(given.name, self.values[given.value]) for given in self.program.outputs]
        arguments = f"{_structure(inputs)}, {_structure(outputs)}"
        if len(inputs) > 1 or len(outputs) > 1:
            arguments = f"inputs={_structure(inputs)}, outputs={_structure(outputs)}"
        return f"return keras.Model({arguments}, name={model_name(self.program.name)!r})"


def _fitting(line: str, callee: str, long: str, shapes: str) -> list[str]:
    """The line with its shapes: behind it where there is room, else above it.

    What is too long even so has its layer's arguments one a line; left to itself a formatter breaks at the one tensor
    behind them."""
    comment = f"  # {shapes}" if shapes else ""
    if INDENT + len(line) + len(comment) <= LINE_LENGTH:
        return [line + comment]
    if INDENT + len(line) <= LINE_LENGTH:
        return [f"# gives {shapes}", line]
    return [line.replace(callee, long or callee, 1) + comment]


def _listed(words: list[str], what: str) -> str:
    """All of them where a line holds them."""
    text = ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)
    return text if len(text) <= 30 else f"{len(words)} {what}"


def _structure(named: list[tuple[str, str]]) -> str:
    if len(named) == 1:
        return named[0][1]
    return "{" + ", ".join(f"{name!r}: {variable}" for name, variable in named) + "}"


def _shape(shape: Shape) -> str:
    return f"({', '.join(str(size) for size in shape)})"
