"""The calls of a network's function, as a person writes them: one line, or a `for` loop where it is repeated. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .document import NetworkCell
from .nesting.network_kinds import boundary
from .nesting.uses import Use, each
from .passes.flatten import definition_program, flat_program
from .plain_values import same
from .program import Call, Program, Value
from .python_text import Imports, named_text, value_text

if TYPE_CHECKING:
    from .to_python import Printer


def imports_and(imports: Imports, functions: Mapping[str, str]) -> set[str]:
    return imports.names() | set(functions.values())


def with_functions(program: Program) -> Program | None:
    """The Program with a call for each use of a network that can be a function, the others laid out flat; None where
    there are none, or where the functions would not make the very layers that the Program has."""
    if program.nested is None:
        return None
    semi = flat_program(program.nested, program.definitions, keep=_Keep(program.nested))
    kept = [call for call in semi.calls if call.use is not None]
    if not kept or _names(semi) != {layer.name for layer in program.layers.values()}:
        return None
    for call in kept:
        if not _is_whole(call, program.definitions):
            return None
    return Program(
        semi.name,
        semi.inputs,
        semi.layers,
        semi.calls,
        semi.outputs,
        program.shapes,
        None,
        program.definitions,
        program.code,
    )


class _Keep:
    """Which uses become calls of a function: those with weights of their own in each repetition."""

    def __init__(self, nested: Program) -> None:
        self.shared = {call.layer for call in nested.calls if call.use is not None and call.layer != call.node}
        self.read = {value for call in nested.calls for one in call.arguments.values() for value in _several(one)}
        self.read |= {given.value for given in nested.outputs}

    def __call__(self, call: Call) -> bool:
        use = call.use
        if use is None or use.shared or call.layer != call.node or call.node in self.shared:
            return False
        if not all(repetition.trainable for repetition in use.repetitions):
            return False
        # What no Output needs is not built; a function would build it.
        return all(Value(call.node, port) in self.read for port in call.outputs)


def _several(given: Value | tuple[Value, ...]) -> tuple[Value, ...]:
    return (given,) if isinstance(given, Value) else given


def _is_whole(call: Call, definitions: Mapping[str, NetworkCell]) -> bool:
    """Whether all uses inside of a use can be printed in its function, whatever values it gets."""
    use = call.use
    assert use is not None
    cell = definitions[use.network]
    inner = {name: other for name, other in definitions.items() if name != use.network}
    for repetition in use.repetitions:
        program = definition_program(cell, repetition.values, inner)
        nested = program.nested or program
        keep = _Keep(nested)
        for deeper in nested.calls:
            if deeper.use is None:
                continue
            drawn = cell.nodes[deeper.node]
            if not keep(deeper) or (isinstance(drawn.repeat, dict) and len(deeper.use.repetitions) == 1):
                return False
            if not _is_whole(deeper, inner):
                return False
    return True


def _names(program: Program) -> set[str]:
    """The names of all layers that the Program makes with functions for its uses."""
    names = {layer.name for layer in program.layers.values()}
    for call in program.calls:
        if call.use is not None:
            definitions = program.definitions
            inner = {name: other for name, other in definitions.items() if name != call.use.network}
            for repetition in call.use.repetitions:
                flat = definition_program(definitions[call.use.network], repetition.values, inner)
                names |= {f"{repetition.name}_{layer.name}" for layer in flat.layers.values()}
    return names


def use_lines(printer: Printer, call: Call, use: Use) -> list[str]:
    """The lines that call the function of a network, once or in a loop."""
    cell = printer.program.definitions[use.network]
    inputs = boundary(cell)[0]
    given = {port: printer.values[_several(value)[0]] for port, value in call.arguments.items()}
    results = {port: printer.values[Value(call.node, port)] for port in call.outputs}
    if not use.chain and len(use.repetitions) == 1:
        values = _arguments(printer, cell, use.repetitions[0].values)
        return [_line(printer, use, given, results, inputs, [*values, _name(printer, use.repetitions[0].name)])]
    # Before a loop its variables have the values that come in; then each repetition feeds the next.
    lines = []
    for port, output in use.chain.items():
        if given[port] != results[output]:
            lines.append(f"{results[output]} = {given[port]}")
            given[port] = results[output]
    head, arguments = _loop(printer, call, use, cell)
    lines.append(head)
    lines.append("    " + _line(printer, use, given, results, inputs, arguments))
    return lines


def _line(
    printer: Printer,
    use: Use,
    given: Mapping[str, str],
    results: Mapping[str, str],
    inputs: Iterable[str],
    arguments: Iterable[str],
) -> str:
    tensors = [given[port] for port in inputs if port in given]
    return f"{', '.join(results.values())} = {printer.functions[use.network]}({', '.join([*tensors, *arguments])})"


def _arguments(printer: Printer, cell: NetworkCell, values: Mapping[str, Any]) -> Iterator[str]:
    """The values that differ from the function's defaults."""
    for name, parameter in cell.parameters.items():
        if name in values and not same(values[name], parameter.default):
            yield named_text(name, value_text(values[name], parameter.type, printer.imports))


def _name(printer: Printer, name: str) -> str:
    return f"name={printer.name_text(name)}"


def _loop(printer: Printer, call: Call, use: Use, cell: NetworkCell) -> tuple[str, list[str]]:
    """The head of the loop, and what differs from call to call behind the tensors."""
    drawn = use.node
    varying = [name for name in cell.parameters if each(drawn.params.get(name)) is not None]
    fixed = {name: value for name, value in use.repetitions[0].values.items() if name not in varying}
    arguments = [*_arguments(printer, cell, fixed), *(f"{name}={_variable(printer, name)}" for name in varying)]
    variables = [_variable(printer, name) for name in varying]
    columns = [[repetition.values[name] for repetition in use.repetitions] for name in varying]
    named = bool(drawn.names)
    if named:
        rows = [[repetition.name for repetition in use.repetitions], *columns]
        label = _variable(printer, "label")
        texts = [_row(printer, row, cell, ["", *varying]) for row in zip(*rows, strict=True)]
        # A loop over names alone needs no tuples.
        name = f"{label}" if printer.prefix() == "" else f'f"{{name}}_{{{label}}}"'
        return f"for {', '.join([label, *variables])} in [{', '.join(texts)}]:", [*arguments, f"name={name}"]
    index = _variable(printer, "index")
    name = f'f"{printer.prefix()}{call.name}_{{{index}}}"'
    if not varying:
        last = (
            f"{value_text(drawn.repeat, 'int', printer.imports)} + 1"
            if isinstance(drawn.repeat, dict)
            else str(len(use.repetitions) + 1)
        )
        return f"for {index} in range(1, {last}):", [*arguments, f"name={name}"]
    texts = [_row(printer, row, cell, varying) for row in zip(*columns, strict=True)]
    target = variables[0] if len(variables) == 1 else f"({', '.join(variables)})"
    return f"for {index}, {target} in enumerate([{', '.join(texts)}], start=1):", [*arguments, f"name={name}"]


def _row(printer: Printer, row: Iterable[Any], cell: NetworkCell, names: list[str]) -> str:
    types = [cell.parameters[name].type if name else "" for name in names]
    texts = [value_text(value, type, printer.imports) for value, type in zip(row, types, strict=True)]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _variable(printer: Printer, name: str) -> str:
    """A name for a loop's variable that nothing else has."""
    unique, number = name, 1
    taken = {*printer.values.values(), *printer.shared.values(), *printer.reserved()}
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    return unique
