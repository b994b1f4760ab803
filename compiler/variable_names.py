"""The names of the variables in an exported script: `x` along a chain, the user's own words elsewhere. Pure."""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable

from .program import Call, Program, Value

# A straight chain re-uses one of these, as people write it; a second chain beside it takes the next.
_CHAIN = ("x", "y", "z", "u", "v", "w")
_TAKEN = {"model", "build_model", *keyword.kwlist, *dir(builtins)}


def variable_names(
    program: Program, reserved: Iterable[str], *, every_layer: bool = False
) -> tuple[dict[Value, str], dict[str, str]]:
    """A variable for every value, and one for every layer that is called more than once, by its node's id; with
    `every_layer` for those too that are called once.

    `_` stands for a value that nothing uses. `reserved` are names of modules and imported classes."""
    return _Namer(program, reserved, 0 if every_layer else 1).named()


class _Namer:
    def __init__(self, program: Program, reserved: Iterable[str], unbound: int) -> None:
        self.program = program
        self.unbound = unbound  # so many calls of a layer need no variable for it
        self.taken = _TAKEN | set(reserved)
        self.chain: list[str] = []
        self.values: dict[Value, str] = {}
        self.layers: dict[str, str] = {}
        # The steps at which each value is used; the end of the function counts as the last.
        self.uses: dict[Value, list[int]] = {}
        for step, call in enumerate(program.calls):
            for value in dict.fromkeys(arguments_of(call)):
                self.uses.setdefault(value, []).append(step)
        self.outputs: dict[Value, str] = {}
        for given in program.outputs:
            self.outputs.setdefault(given.value, given.name)
            self.uses.setdefault(given.value, []).append(len(program.calls))
        for step, call in enumerate(program.calls):
            # What a repetition feeds the next one is used, also where nothing else wants it.
            for output in call.use.chain.values() if call.use is not None else ():
                self.uses.setdefault(Value(call.node, output), [step])

    def named(self) -> tuple[dict[Value, str], dict[str, str]]:
        for given in self.program.inputs:
            self.values[Value(given.node)] = self._fresh(given.name)
        reserved_for_outputs = {
            value: self._fresh(name) for value, name in self.outputs.items() if value not in self.values
        }
        self.chain = [name for name in _CHAIN if name not in self.taken]
        self.taken.update(_CHAIN)
        calls_of = Counter(call.layer for call in self.program.calls if call.layer)
        once = made_once(self.program)
        for step, call in enumerate(self.program.calls):
            wanted = call.layer in once if call.use else calls_of[call.layer] > self.unbound
            if wanted and call.layer not in self.layers:
                own = self.program.layers.get(call.layer)
                self.layers[call.layer] = self._fresh(f"{own.name}_layer" if own else call.name)
            for index, port in enumerate(call.outputs):
                value = Value(call.node, port)
                if value in reserved_for_outputs:
                    self.values[value] = reserved_for_outputs[value]
                elif value not in self.uses:
                    self.values[value] = "_"
                elif index == 0 and len(self.uses[value]) == 1:
                    self.values[value] = self._chain(step, call) or self._fresh(call.name)
                else:
                    self.values[value] = self._fresh(call.name if port == "output" else f"{call.name}_{port}")
        return self.values, self.layers

    def _chain(self, step: int, call: Call) -> str:
        """The variable of the chain that ends in this call, else one that no living value holds; "" if none is left."""
        living = {
            name: value for value, name in self.values.items() if name in self.chain and self.uses[value][-1] > step
        }
        for value in arguments_of(call):
            name = self.values[value]
            if name in self.chain and name not in living:
                return name
        return next((name for name in self.chain if name not in living), "")

    def _fresh(self, words: str) -> str:
        name = re.sub(r"\W+", "_", words, flags=re.ASCII).strip("_").lower() or "value"
        name = {"input": "inputs"}.get(name, name)
        name = f"layer_{name}" if name[0].isdigit() else name
        unique, number = name, 1
        while unique in self.taken:
            unique, number = f"{name}_{number}", number + 1
        self.taken.add(unique)
        return unique


def made_once(program: Program) -> set[str]:
    """The nodes whose network is made once and called several times: in repetitions that share their weights, or by
    other nodes."""
    uses = [call for call in program.calls if call.use is not None]
    counts = Counter(call.layer for call in uses)
    return {call.layer for call in uses if counts[call.layer] > 1 or (call.use is not None and call.use.shared)}


def arguments_of(call: Call) -> list[Value]:
    """The values that a call takes, in order."""
    return [value for given in call.arguments.values() for value in ((given,) if isinstance(given, Value) else given)]
