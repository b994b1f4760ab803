"""From a model as its config tells it to network cells.

Imports Keras, for the names of arguments: child processes only.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..catalogue import catalogue
from ..document import NetworkCell, Node, Source, Target, Wire, new_id
from ..labels import keras_name
from ..nesting.network_kinds import TRAINABLE, boundary
from ..nesting.references import network_kind
from ..network_order import node_order
from ..ports import output_ports
from .argument_values import arguments_of
from .binding import Bound, bind
from .ids import Ids
from .model_config import Foreign, ImportRefused, LayerConfig, ModelConfig, Tensor, leaves, tensors_in
from .operations import call_names, operation_kind
from .placeholders import placeholder
from .prune import without_loose_operations
from .report import ImportReport
from .stand_ins import stand_in


class CellMaker:
    """Makes the cells of one import; `cells` has them in the order in which they are used."""

    def __init__(self, report: ImportReport, taken: Collection[str] = ()) -> None:
        self.report = report
        self.cells: list[NetworkCell] = []
        # For each model the cell that it became and, by the layers' names, the nodes that own them.
        self.places: dict[int, tuple[NetworkCell, dict[str, str]]] = {}
        self._names: set[str] = set(taken)

    def cell(self, model: ModelConfig, name: str = "") -> NetworkCell:
        """The network of a model, after those of the models inside it. Raises ImportRefused."""
        one = _OneCell(self, model, self._free(name or model.name))
        made = one.made()
        self.cells.append(made)
        self.places[id(model)] = made, one.owners
        return made

    def _free(self, name: str) -> str:
        stem, number = name, 1
        while name in self._names:
            number += 1
            name = f"{stem} {number}"
        self._names.add(name)
        return name


class _OneCell:
    def __init__(self, maker: CellMaker, model: ModelConfig, name: str) -> None:
        self.maker, self.model, self.name = maker, model, name
        self.report = maker.report
        self.ids = Ids()
        self.nodes: dict[str, Node] = {}
        self.wires: dict[str, Wire] = {}
        self.layers: dict[str, LayerConfig] = {}
        self.sources: dict[Tensor, Source] = {}
        self.waiting: list[tuple[str, str, int, Tensor]] = []
        self.owners: dict[str, str] = {}

    def made(self) -> NetworkCell:
        for layer in self.model.layers:
            if layer.name in self.layers:
                raise ImportRefused(f"Two layers of {self.name} are called {layer.name}.")
            self.layers[layer.name] = layer
        for layer in self.model.layers:
            self._layer(layer)
        self._outputs()
        for node, port, place, tensor in self.waiting:
            self._wire(node, port, place, tensor)
        nodes, wires = without_loose_operations(self.nodes, self.wires)
        _no_circle(self.name, nodes, wires)
        self.report.mapped += sum(node.kind not in ("Input", "Output") for node in nodes.values())
        return NetworkCell(id=new_id("network"), name=self.name, nodes=nodes, wires=wires)

    def _layer(self, layer: LayerConfig) -> None:
        if layer.class_name == "InputLayer":
            self._input(layer)
        elif layer.model is not None:
            self._nested(layer)
        elif not layer.calls:
            self.report.note(f"{layer.name} is never called and was left out.")
        else:
            self._calls(layer)

    def _input(self, layer: LayerConfig) -> None:
        config = layer.config
        shape = config.get("batch_shape") or config.get("batch_input_shape") or config.get("shape")
        if shape is None or not all(size is None or isinstance(size, int) for size in shape):
            raise ImportRefused(f"The Input {layer.name} has no shape that can be read.")
        batched = "batch_shape" in config or "batch_input_shape" in config
        params: dict[str, Any] = {"shape": list(shape[1:]) if batched else list(shape)}
        if batched and shape and shape[0] is not None:
            params["batch_size"] = shape[0]
        dtype = config.get("dtype") or config.get("input_dtype")
        if isinstance(dtype, str) and dtype != "float32":
            params["dtype"] = dtype
        params |= {flag: True for flag in ("sparse", "ragged", "optional") if config.get(flag) is True}
        node = self._add("Input", params, layer.name)
        self.sources[Tensor(layer.name)] = Source(node)

    def _nested(self, layer: LayerConfig) -> None:
        """A model inside the model: a network of its own, and a node for each of its calls."""
        assert layer.model is not None
        if not layer.calls:
            self.report.note(f"{layer.name} is never called and was left out.")
            return
        cell = self.maker.cell(layer.model)
        inputs = _ports(layer.model.inputs, "Input", cell)
        outputs = _ports(layer.model.outputs, "Output", cell)
        params = {} if layer.model.trainable else {TRAINABLE: False}
        owner: str | None = None
        for number, call in enumerate(layer.calls):
            node = self._add(network_kind(cell.name), {} if owner else params, layer.name if not owner else "", owner)
            owner = owner or node
            self.owners[layer.name] = owner
            given = call.args[0] if call.args else next(iter(call.kwargs.values()), None)
            for port, tensor in _matched(layer.model.inputs, given, inputs, layer.name):
                self.waiting.append((node, port, 0, tensor))
            for index, port in enumerate(outputs):
                self.sources[Tensor(layer.name, number, index)] = Source(node, port)

    def _calls(self, layer: LayerConfig) -> None:
        replaced = stand_in(layer)
        if replaced is not None:
            for other in replaced.layers:
                self.layers[other.name] = other
                self._calls(other)
            for index, tensor in enumerate(replaced.outputs):
                self.sources[Tensor(layer.name, index)] = self.sources[tensor]
            return
        kind = operation_kind(layer.class_name) if layer.operation else catalogue().kinds.get(layer.class_name)
        dropped: list[str] = []
        try:
            if kind is None or not (layer.operation or _of_keras(layer)):
                raise Foreign("is of a class that is not of Keras")
            if kind.unbuildable:
                raise Foreign("holds Python code" if kind.name == "Lambda" else f"cannot be built: {kind.unbuildable}")
            params = arguments_of(kind, layer.config, dropped)
            names = call_names(kind.keras, layer.class_name if layer.operation else "")
            bounds = [bind(kind, call, names) for call in layer.calls]
            if kind.name == "ops.unstack":
                for bound in bounds:
                    self._count_slices(params, bound)
        except Foreign as why:
            self._placeholder(layer, kind.name if kind and kind.unbuildable else "", str(why))
            return
        for argument in dropped:
            self.report.note(f"{layer.class_name} of this Keras has no argument {argument}; {layer.name} lost it.")
        self._nodes(layer, kind.name, params, bounds)

    def _nodes(self, layer: LayerConfig, kind: str, params: dict[str, Any], bounds: list[Bound]) -> None:
        owner: str | None = None
        label = "" if layer.operation else layer.name
        known = catalogue().kinds[kind]
        for number, bound in enumerate(bounds):
            # What a layer takes when it is called stands with its own arguments, which all calls of it share.
            mine = params | bound.params if not owner or layer.operation else {}
            if owner and not layer.operation and bound.params != bounds[0].params:
                self.report.note(f"{layer.name} is called in several ways; all calls are now like the first.")
            node = self._add(kind, mine, label if not owner else "", None if layer.operation else owner)
            owner = owner or node
            self.owners[layer.name] = owner
            for port, place, tensor in bound.wires:
                self.waiting.append((node, port, place, tensor))
            for index, port in enumerate(output_ports(known, params | bounds[0].params)):
                self.sources[Tensor(layer.name, number, index)] = Source(node, port.name)

    def _count_slices(self, params: dict[str, Any], bound: Bound) -> None:
        """Into how many slices a tensor is cut often stands nowhere but in its shape."""
        shape, _ = self.model.specs.get(bound.wires[0][2], ([], ""))
        given = {**params, **bound.params}
        axis = given.get("axis", 0)
        if given.get("num") is None and isinstance(axis, int) and -len(shape) <= axis < len(shape) and shape[axis]:
            bound.params["num"] = shape[axis]

    def _placeholder(self, layer: LayerConfig, kind: str, why: str) -> None:
        highest = max(
            (t.index for t in tensors_in([self.model.outputs, *_given(self.model)]) if t.layer == layer.name), default=0
        )
        owner: str | None = None
        for number, call in enumerate(layer.calls):
            id_ = self.ids.fresh(layer.class_name)
            outputs = [self.model.specs.get(Tensor(layer.name, number, index)) for index in range(highest + 1)]
            self.nodes[id_] = placeholder(layer, call, outputs, kind, owner)
            owner = owner or id_
            self.owners[layer.name] = owner
            self.report.placeholder(self.name, id_, why)
            code = (self.nodes[id_].model_extra or {})["imported"].get("code")
            if code:
                self.report.codes.append((layer.name, code))
            for place, tensor in enumerate(tensors_in([call.args, call.kwargs])):
                self.waiting.append((id_, "inputs", place, tensor))
            for index in range(highest + 1):
                self.sources[Tensor(layer.name, number, index)] = Source(
                    id_, f"output_{index}" if highest else "output"
                )

    def _outputs(self) -> None:
        taken: set[str] = set()
        keys = _keys(self.model.outputs)
        for place, tensor in enumerate(leaves(self.model.outputs)):
            name = keras_name(keys[place] or tensor.layer) or "output"
            stem, number = name, 1
            while name in taken:
                name, number = f"{stem}_{number}", number + 1
            taken.add(name)
            self.waiting.append((self._add("Output", {}, name), "inputs", 0, tensor))

    def _add(self, kind: str, params: dict[str, Any], label: str, shares: str | None = None) -> str:
        id_ = self.ids.fresh(kind)
        self.nodes[id_] = Node(kind=kind, params=params, label=label, shares=shares)
        return id_

    def _wire(self, node: str, port: str, place: int, tensor: Tensor) -> None:
        source = self.sources.get(tensor)
        if source is None:
            raise ImportRefused(
                f"{self.name} uses output {tensor.index} of call {tensor.call} of {tensor.layer}, which is not there."
            )
        self.wires[self.ids.fresh("wire")] = Wire(source=source, target=Target(node, port, place))


def _of_keras(layer: LayerConfig) -> bool:
    package = layer.module.partition(".")[0]
    registered = str(layer.raw.get("registered_name") or "")
    return package in ("keras", "") and ">" not in registered and not layer.module.startswith("keras.src.ops")


def _given(model: ModelConfig) -> list[Any]:
    return [[call.args, call.kwargs] for layer in model.layers for call in layer.calls]


def _keys(structure: Any) -> list[str]:
    """For each leaf the key under which it stands in a dict, else ""."""
    if isinstance(structure, dict):
        return [
            key
            for name in sorted(structure)
            for key in (_keys(structure[name]) if isinstance(structure[name], dict | list) else [name])
        ]
    return [key for item in structure for key in _keys(item)] if isinstance(structure, list) else [""]


def _ports(structure: Any, kind: str, cell: NetworkCell) -> list[str]:
    """The ports of a network for each leaf of its model's inputs or outputs, in order."""
    by_node = {id_: port for side in boundary(cell) for port, id_ in side.items()}
    nodes = [id_ for id_, node in cell.nodes.items() if node.kind == kind]
    if kind == "Output":
        return [by_node[id_] for id_ in nodes]
    by_label = {cell.nodes[id_].label: by_node[id_] for id_ in nodes}
    return [by_label.get(tensor.layer, "") for tensor in leaves(structure)]


def _matched(structure: Any, given: Any, ports: list[str], name: str) -> list[tuple[str, Tensor]]:
    """Each port of a nested model with the tensor that it gets."""
    wanted = list(leaves(structure))
    if isinstance(given, dict) and not isinstance(structure, dict):
        arriving = [given.get(tensor.layer) for tensor in wanted]
    elif isinstance(given, dict) and isinstance(structure, dict):
        arriving = [given.get(key) for key in sorted(structure)]
    else:
        arriving = list(leaves(given))
    if len(arriving) != len(wanted):
        raise ImportRefused(f"{name} takes {len(wanted)} tensors and is called with {len(arriving)}.")
    return [(port, tensor) for port, tensor in zip(ports, arriving, strict=True) if port and isinstance(tensor, Tensor)]


def _no_circle(name: str, nodes: dict[str, Node], wires: dict[str, Wire]) -> None:
    cell = NetworkCell(id="", name=name).model_copy(update={"nodes": nodes, "wires": wires})
    if len(node_order(cell)) < len(nodes):
        raise ImportRefused(f"The layers of {name} lead in a circle.")
