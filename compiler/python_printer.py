"""Prints one Program as the lines of a function, as an engineer would write them. Imports no Keras.

It notes which node each statement stands for, so that a line of the script leads back to the drawing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .automatic_names import layers_to_name
from .call_style import as_tensor, call_arguments, split_params
from .catalogue import catalogue
from .deep_networks import SHORT, recursion_limit
from .model_name import model_name
from .plain_values import same
from .program import Call, Program, ProgramInput, Value
from .python_text import Imports, named_text, object_text, value_text
from .python_uses import imports_and, use_lines
from .specs import Shape
from .unpacking import unpacking_text
from .variable_names import variable_names

# Ruff's own default, so that a script stays as it is in a project that has no settings.
LINE_LENGTH = 88
INDENT = 4
# What begins a comment with the shapes of the line below it.
GIVES = "# gives "

# The nodes that a statement stands for, by id; a list for the statements of a function within.
Statement = tuple[str, ...] | list[Any]


@dataclass(frozen=True)
class _Constant:
    """A list that stands for a tensor."""

    value: Any


class Printer:
    """Prints one Program as a function. `functions` are those that are there for networks, by the network's name, and
    `makers` those that make a network's layers once; `written` are the names of layers that are made in them.
    `statements` says, once printed, what the statements of the function stand for, its docstring left out."""

    # Whether layers that are called once have a variable too.
    every_layer = False

    def __init__(
        self,
        program: Program,
        imports: Imports,
        *,
        functions: Mapping[str, str] | None = None,
        makers: Mapping[str, str] | None = None,
        written: Collection[str] = (),
    ) -> None:
        self.program = program
        self.imports = imports
        self.kinds = catalogue().kinds
        self.functions, self.makers = functions or {}, makers or {}
        self.to_name = layers_to_name(program, written)
        for call in program.calls:
            if call.use is None:
                imports.name(self.kinds[call.kind].keras)
        self.values, self.shared = variable_names(program, self.reserved(), every_layer=self.every_layer)
        self.bound: set[str] = set()
        self.statements: list[Statement] = []

    def reserved(self) -> set[str]:
        """Names that no variable may have."""
        return imports_and(self.imports, self.functions) | set(self.makers.values())

    def name_text(self, name: str) -> str:
        """The text of a layer's name."""
        return repr(name)

    def prefix(self) -> str:
        """What stands before the names of layers, within an f-string."""
        return ""

    def function(self) -> str:
        lines = ["def build_model() -> keras.Model:", f"    {self._docstring()}", *self._room()]
        for given in self.program.inputs:
            lines += self.noted([self._input(given)], given.node)
        for call in self.program.calls:
            lines += self.noted(self._call(call), call.node)
        lines += self.noted([self._result()], *(given.node for given in self.program.outputs))
        return "\n".join(lines) + "\n"

    def noted(self, lines: list[str], *nodes: str) -> list[str]:
        """The lines as they stand in the function; what begins a statement among them is noted to be of `nodes`."""
        begun = [line for line in lines if line and not line.startswith((" ", "#"))]
        self.statements += [nodes] * len(begun)
        return [f"    {line}" if line else "" for line in lines]

    def _room(self) -> list[str]:
        layers = len(self.program.calls)
        if layers <= SHORT:
            return []
        lines = ["import sys", "", "# Keras walks a network by recursion, a call for each layer in a row."]
        lines += [f"sys.setrecursionlimit(max(sys.getrecursionlimit(), {recursion_limit(layers)}))", ""]
        return self.noted(lines)

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
        return [*self.binding(call), *self.calling(call)]

    def binding(self, call: Call) -> list[str]:
        """What makes the layer of a call and gives it a variable, where it has one and this is its first call."""
        if call.layer not in self.shared or call.layer in self.bound:
            return []
        self.bound.add(call.layer)
        callee, long = self._layer(call)
        return _fitting(f"{self.shared[call.layer]} = {callee}", callee, long, "")

    def calling(self, call: Call) -> list[str]:
        """What calls a layer or an operation."""
        kind = self.kinds[call.kind]
        constants = call.params
        if call.layer:
            constants = split_params(kind, self.program.layers[call.layer].params)[1] | call.params
        callee, long = self._layer(call) if call.layer else (self.imports.name(kind.keras), "")
        if call.layer in self.shared:
            callee = long = self.shared[call.layer]
        arguments = ", ".join(self._arguments(call, constants))
        names = [self.values[Value(call.node, port)] for port in call.outputs]
        owner = self.program.layers[call.layer].params if call.layer else call.params
        left, right = unpacking_text(kind, owner, names, f"{callee}({arguments})")
        return _fitting(f"{left} = {right}", callee, long, self._shapes(call))

    def _layer(self, call: Call) -> tuple[str, str]:
        """The text that makes the layer of a call, and the same with an argument a line."""
        kind, layer = self.kinds[call.kind], self.program.layers[call.layer]
        made, _ = split_params(kind, layer.params)
        name = self.name_text(layer.name) if call.layer in self.to_name else ""
        short, long = (object_text(kind, made, self.imports, name, one_a_line=each) for each in (False, True))
        return short, long

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


def docstring_text(words: str) -> str:
    """What a user wrote, as it may stand in a docstring."""
    return " ".join(words.replace("\\", "\\\\").replace('"', "'").split())


def _fitting(line: str, callee: str, long: str, shapes: str) -> list[str]:
    """The line with its shapes: behind it where there is room, else above it.

    What is too long even so has its layer's arguments one a line; left to itself a formatter breaks at the one tensor
    behind them."""
    comment = f"  # {shapes}" if shapes else ""
    if INDENT + len(line) + len(comment) <= LINE_LENGTH:
        return [line + comment]
    if INDENT + len(line) <= LINE_LENGTH:
        return [f"{GIVES}{shapes}", line]
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
