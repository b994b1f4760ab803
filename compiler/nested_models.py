"""Networks inside networks as Keras models inside a model. Imports Keras: child processes only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras

from .document import NetworkCell
from .nesting.network_kinds import boundary
from .passes.flatten import definition_program
from .program import Call, Program, Value

BuildWithin = Callable[[Program, str, dict[str, Any], Mapping[str, NetworkCell]], keras.Model]


class Nesting:
    """The models that stand inside one model. What shares weights is the same model, called again."""

    def __init__(self, definitions: Mapping[str, NetworkCell], build: BuildWithin) -> None:
        self._definitions = definitions
        self._build = build
        self._models: dict[tuple[str, int], keras.Model] = {}

    def outputs(self, call: Call, tensors: Mapping[Value, Any]) -> dict[Value, Any]:
        """What a node that stands for a network gives, all its repetitions called. Raises what Keras raises."""
        use = call.use
        assert use is not None
        cell = self._definitions[use.network]
        inner = {name: other for name, other in self._definitions.items() if name != use.network}
        ports = {id_: port for port, id_ in boundary(cell)[0].items()}
        given = {
            port: tensors[value if isinstance(value, Value) else value[0]] for port, value in call.arguments.items()
        }
        results: dict[str, Any] = {}
        for index, repetition in enumerate(use.repetitions):
            program = definition_program(cell, repetition.values, inner)
            names = {entry.name: ports[entry.node] for entry in program.inputs}
            arriving = {name: given[port] for name, port in names.items() if port in given}
            key = call.layer, 0 if use.shared else index
            if key not in self._models:
                model = self._build(program.nested or program, repetition.name, arriving, inner)
                if not repetition.trainable:
                    model.trainable = False
                self._models[key] = model
            result = self._models[key](arriving if len(arriving) > 1 else next(iter(arriving.values())))
            results = result if isinstance(result, dict) else {program.outputs[0].name: result}
            given |= {port: results[output] for port, output in use.chain.items()}
        return {Value(call.node, port): results[port] for port in call.outputs if port in results}
