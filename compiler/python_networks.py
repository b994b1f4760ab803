"""The functions of networks that are used as nodes: their Inputs, parameters and a name in, their Outputs out. Pure."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from .catalogue import catalogue
from .document import NetworkCell
from .model_name import model_name
from .nesting.network_kinds import boundary, kinds_with
from .nesting.references import definitions_of, used_networks
from .nesting.values import with_values
from .passes.graph import read_graph
from .passes.lower import nested_program
from .program import Program, Value
from .python_printer import Printer, Statement, docstring_text
from .python_text import Imports, value_text
from .variable_names import made_once

_TAKEN = {"build_model", "keras", "layers", "ops", "name", *keyword.kwlist, *dir(builtins)}


@dataclass(frozen=True)
class NetworkFunctions:
    """The text of the functions, inner ones first. `names` and `makers` go by the network's name: of the function that
    calls new layers, and of the one that makes layers once. `statements` are those of `Printed`."""

    texts: list[str]
    names: dict[str, str]
    makers: dict[str, str]
    statements: dict[str, tuple[str, list[Statement]]]


def network_functions(program: Program, imports: Imports) -> NetworkFunctions:
    """The functions of all networks that the Program calls."""
    order = _innermost_first(program)
    names: dict[str, str] = {}
    makers: dict[str, str] = {}
    parameters = {name for cell in program.definitions.values() for name in cell.parameters}
    for network in order:
        name = model_name(network)
        name = f"network_{name}" if name[0].isdigit() else name
        names[network] = _free(name, {*names.values(), *parameters})
    for network in order:
        makers[network] = _free(f"make_{names[network]}", {*names.values(), *makers.values(), *parameters})
    # Names of imported classes are known before a variable is called so.
    bodies = {network: definition_as_drawn(program.definitions[network], program.definitions) for network in order}
    for body in bodies.values():
        for call in body.calls:
            if call.use is None:
                imports.name(catalogue().kinds[call.kind].keras)
    texts, statements = [], {}
    ways = {
        (call.use.network, call.layer in made_once(one))
        for one in (program, *bodies.values())
        for call in one.calls
        if call.use
    }
    for network in order:
        for once, printer_class in ((False, FunctionPrinter), (True, MakerPrinter)):
            if (network, once) in ways:
                printer = printer_class(bodies[network], imports, names, makers, program.definitions[network])
                texts.append(printer.function())
                statements[(makers if once else names)[network]] = network, printer.statements
    plain = {network: name for network, name in names.items() if (network, False) in ways}
    return NetworkFunctions(texts, plain, makers, statements)


def _free(name: str, taken: Collection[str]) -> str:
    unique, number = name, 1
    while unique in _TAKEN or unique in taken:
        unique, number = f"{name}_{number}" if number > 1 else f"{name}_block", number + 1
    return unique


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


class FunctionPrinter(Printer):
    """Prints a network's Program as a function that is given its tensors, and the beginning of its layers' names."""

    words = "The network “{network}”; the names of its layers begin with `name`."

    def __init__(
        self,
        program: Program,
        imports: Imports,
        functions: Mapping[str, str],
        makers: Mapping[str, str],
        cell: NetworkCell,
    ) -> None:
        self.cell = cell
        super().__init__(program, imports, functions=functions, makers=makers)
        self.to_name = set(program.layers)

    def reserved(self) -> set[str]:
        return super().reserved() | {"name", *self.cell.parameters}

    def name_text(self, name: str) -> str:
        return f'f"{{name}}_{name}"'

    def prefix(self) -> str:
        return "{name}_"

    def function(self) -> str:
        own = self.functions[self.cell.name]
        begin = self.definition(own, [*self.tensors(), *self.parameters()])
        calls = [line for call in self.program.calls for line in self.noted(self._call(call), call.node)]
        return "\n".join([*begin, *self.returned(calls)]) + "\n"

    def definition(self, own: str, arguments: list[str]) -> list[str]:
        words = self.words.format(network=docstring_text(self.cell.name))
        # Named as the function is, whatever it makes.
        name = self.functions[self.cell.name]
        return [f"def {own}({', '.join([*arguments, f'name={name!r}'])}):", f'    """{words}"""']

    def tensors(self) -> list[str]:
        """The variables of the tensors that arrive."""
        return [self.values[Value(id_)] for id_ in boundary(self.cell)[0].values()]

    def parameters(self) -> list[str]:
        return [
            f"{name}={value_text(parameter.default, parameter.type, self.imports)}"
            for name, parameter in self.cell.parameters.items()
        ]

    def returned(self, lines: list[str]) -> list[str]:
        """The lines with what gives the network's Outputs behind them, in one with the last where it is just that."""
        ends = {given.name: self.values[given.value] for given in self.program.outputs}
        given_back = ", ".join(ends[port] for port in boundary(self.cell)[1] if port in ends)
        outputs = tuple(given.node for given in self.program.outputs)
        if lines and lines[-1].startswith(f"    {given_back} = "):
            *lines, last = lines
            self.statements[-1] = (*self.statements[-1], *outputs)
            return [*lines, f"    return {last.partition(' = ')[2]}"]
        return [*lines, *self.noted([f"return {given_back}"], *outputs)]


class MakerPrinter(FunctionPrinter):
    """Prints a network's Program as a function that makes its layers, and gives one that calls them."""

    words = "Makes the layers of the network “{network}” once; gives a function that calls them."
    every_layer = True

    def function(self) -> str:
        own = self.functions[self.cell.name]
        lines = self.definition(self.makers[self.cell.name], self.parameters())
        for call in self.program.calls:
            lines += self.noted(self.binding(call), call.node)
        made, self.statements = self.statements, []
        calls = [line for call in self.program.calls for line in self.noted(self.calling(call), call.node)]
        within = [f"    def {own}({', '.join(self.tensors())}):", *(f"    {line}" for line in self.returned(calls))]
        self.statements = [*made, self.statements, ()]
        return "\n".join([*lines, "", *within, "", f"    return {own}"]) + "\n"
