"""The calls of a network's function, as a person writes them: one line, or a `for` loop where it is repeated. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .document import NetworkCell
from .nesting.network_kinds import boundary
from .nesting.references import used_networks
from .nesting.uses import Use, each
from .passes.flatten import definition_program, flat_program
from .plain_values import same
from .program import Call, Program, Value
from .python_text import Imports, named_text, value_text
from .variable_names import made_once

if TYPE_CHECKING:
    from .python_printer import Printer


def imports_and(imports: Imports, functions: Mapping[str, str]) -> set[str]:
    return imports.names() | set(functions.values())


def with_functions(program: Program) -> Program | None:
    """The Program with a call for each use of a network that can be a function, the others laid out flat; None where
    there are none, or where the functions would not make the very layers that the Program has."""
    if program.nested is None:
        return None
    semi = flat_program(program.nested, program.definitions, keep=_Keep(program.nested, program.definitions))
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
    """Which uses become calls of a function: those that make their layers each time, and those of a network that holds
    no other and is made once."""

    def __init__(self, nested: Program, definitions: Mapping[str, NetworkCell]) -> None:
        self.definitions = definitions
        self.once = made_once(nested)
        self.uses = [call for call in nested.calls if call.use is not None]
        self.read = {value for call in nested.calls for one in call.arguments.values() for value in _several(one)}
        self.read |= {given.value for given in nested.outputs}

    def __call__(self, call: Call) -> bool:
        if call.layer not in self.once:
            return call.layer == call.node and self._callable(call)
        group = [one for one in self.uses if one.layer == call.layer]
        return all(self._callable(one) and self._as_first(one, group[0]) for one in group)

    def _callable(self, call: Call) -> bool:
        use = call.use
        if use is not None and use.node.renamed:
            # Names that do not begin with the repetition's are none that a function makes.
            return False
        if use is None or not all(repetition.trainable for repetition in use.repetitions):
            return False
        # What no Output needs is not built; a function would build it.
        return all(Value(call.node, port) in self.read for port in call.outputs)

    def _as_first(self, call: Call, first: Call) -> bool:
        """Whether the layers that the first call of a group made can be called here."""
        use, begun = call.use, first.use
        if use is None or begun is None or not (use.shared or len(use.repetitions) == 1):
            return False
        if used_networks(self.definitions[use.network]):
            return False
        return all(same(each.values, begun.repetitions[0].values) for each in use.repetitions)


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
        keep = _Keep(nested, inner)
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
    once, made = made_once(program), set[str]()
    for call in program.calls:
        if call.use is not None and call.layer not in made:
            definitions = program.definitions
            inner = {name: other for name, other in definitions.items() if name != call.use.network}
            made |= {call.layer} & once
            for repetition in call.use.repetitions[: 1 if call.layer in once else None]:
                flat = definition_program(definitions[call.use.network], repetition.values, inner)
                names |= {f"{repetition.name}_{layer.name}" for layer in flat.layers.values()}
    return names


def use_lines(printer: Printer, call: Call, use: Use) -> list[str]:
    """The lines that call the function of a network, once or in a loop."""
    cell = printer.program.definitions[use.network]
    inputs = boundary(cell)[0]
    given = {port: printer.values[_several(value)[0]] for port, value in call.arguments.items()}
    results = {port: printer.values[Value(call.node, port)] for port in call.outputs}
    made = printer.shared.get(call.layer, "")
    function = made or printer.functions[use.network]
    lines = _making(printer, call, use, cell) if made and call.layer not in printer.bound else []
    if not use.chain and len(use.repetitions) == 1:
        arguments = [] if made else [*_arguments(printer, cell, use.repetitions[0].values)]
        arguments += [] if made else [_name(printer, use.repetitions[0].name)]
        return [*lines, _line(function, given, results, inputs, arguments)]
    # Before a loop its variables have the values that come in; then each repetition feeds the next.
    for port, output in use.chain.items():
        if given[port] != results[output]:
            lines.append(f"{results[output]} = {given[port]}")
            given[port] = results[output]
    head, arguments = (f"for _ in range({_count(printer, use)}):", []) if made else _loop(printer, call, use, cell)
    lines.append(head)
    lines.append("    " + _line(function, given, results, inputs, arguments))
    return lines


def _making(printer: Printer, call: Call, use: Use, cell: NetworkCell) -> list[str]:
    """The line that makes the layers of a network that is called several times; they are called like the first use."""
    printer.bound.add(call.layer)
    name = use.repetitions[0].name
    # How often is not known here, and one of several has a number.
    if isinstance(use.node.repeat, dict) and not use.node.names:
        name = f"{call.name}_1"
    arguments = [*_arguments(printer, cell, use.repetitions[0].values), _name(printer, name)]
    return [f"{printer.shared[call.layer]} = {printer.makers[use.network]}({', '.join(arguments)})"]


def _count(printer: Printer, use: Use) -> str:
    repeat = use.node.repeat
    return value_text(repeat, "int", printer.imports) if isinstance(repeat, dict) else str(len(use.repetitions))


def _line(
    function: str,
    given: Mapping[str, str],
    results: Mapping[str, str],
    inputs: Iterable[str],
    arguments: Iterable[str],
) -> str:
    tensors = [given[port] for port in inputs if port in given]
    return f"{', '.join(results.values())} = {function}({', '.join([*tensors, *arguments])})"


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
