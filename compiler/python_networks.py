"""The functions of networks that are used as nodes: their Inputs, parameters and a name in, their Outputs out. Pure."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Mapping
from dataclasses import replace

from .catalogue import catalogue
from .document import NetworkCell
from .model_name import model_name
from .nesting.network_kinds import boundary, kinds_with
from .nesting.references import definitions_of, used_networks
from .nesting.values import with_values
from .passes.graph import read_graph
from .passes.lower import nested_program
from .program import Program, Value
from .python_text import Imports, value_text
from .to_python import Printer, docstring_text

_TAKEN = {"build_model", "keras", "layers", "ops", "name", *keyword.kwlist, *dir(builtins)}


def network_functions(program: Program, imports: Imports) -> tuple[list[str], dict[str, str]]:
    """The text of a function for each network that the Program calls, inner ones first, and their names."""
    order = _innermost_first(program)
    names: dict[str, str] = {}
    for network in order:
        name, number = model_name(network), 1
        name = f"network_{name}" if name[0].isdigit() else name
        unique = name
        while unique in _TAKEN or unique in names.values() or any(unique in c.parameters for c in _cells(program)):
            unique, number = f"{name}_{number}" if number > 1 else f"{name}_block", number + 1
        names[network] = unique
    # Names of imported classes are known before a variable is called so.
    bodies = [definition_as_drawn(program.definitions[network], program.definitions) for network in order]
    for body in bodies:
        for call in body.calls:
            if call.use is None:
                imports.name(catalogue().kinds[call.kind].keras)
    printers = [
        _FunctionPrinter(body, imports, names, program.definitions[network])
        for network, body in zip(order, bodies, strict=True)
    ]
    return [printer.function() for printer in printers], names


def _cells(program: Program) -> list[NetworkCell]:
    return list(program.definitions.values())


def _innermost_first(program: Program) -> list[str]:
    order: list[str] = []

    def visit(name: str) -> None:
        if name not in order:
            for inner in used_networks(program.definitions[name]):
                visit(inner)
            order.append(name)

    for call in program.calls:
        if call.use is not None:
            visit(call.use.network)
    return order


def definition_as_drawn(cell: NetworkCell, definitions: Mapping[str, NetworkCell]) -> Program:
    """The network's own Program with its arguments as they are written, expressions and all."""
    inner = {name: other for name, other in definitions_of(cell, definitions).items() if name != cell.name}
    network = with_values(cell).network
    graph = read_graph(network, replace(catalogue(), kinds=kinds_with(catalogue().kinds, inner)))
    program = nested_program(graph, inner, cell.nodes)
    return replace(program, definitions=inner)


class _FunctionPrinter(Printer):
    """Prints a network's Program as a function that is given its tensors, and the beginning of its layers' names."""

    def __init__(self, program: Program, imports: Imports, functions: Mapping[str, str], cell: NetworkCell) -> None:
        self.cell = cell
        super().__init__(program, imports, functions=functions)
        self.to_name = set(program.layers)

    def reserved(self) -> set[str]:
        return super().reserved() | {"name", *self.cell.parameters}

    def name_text(self, name: str) -> str:
        return f'f"{{name}}_{name}"'

    def prefix(self) -> str:
        return "{name}_"

    def function(self) -> str:
        inputs, outputs = boundary(self.cell)
        tensors = [self.values[Value(id_)] for id_ in inputs.values()]
        given = [
            f"{name}={value_text(parameter.default, parameter.type, self.imports)}"
            for name, parameter in self.cell.parameters.items()
        ]
        own = self.functions[self.cell.name]
        lines = [f"def {own}({', '.join([*tensors, *given, f'name={own!r}'])}):", f"    {self._words()}"]
        for call in self.program.calls:
            lines += [f"    {line}" for line in self._call(call)]
        ends = {given.name: self.values[given.value] for given in self.program.outputs}
        given_back = ", ".join(ends[port] for port in outputs if port in ends)
        if lines[-1].startswith(f"    {given_back} = "):
            lines.append(f"    return {lines.pop().partition(' = ')[2]}")
        else:
            lines.append(f"    return {given_back}")
        return "\n".join(lines) + "\n"

    def _words(self) -> str:
        return f'"""The network “{docstring_text(self.cell.name)}”; the names of its layers begin with `name`."""'
