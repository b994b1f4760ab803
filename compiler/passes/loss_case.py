"""One Output with its target and its loss: what the rules about losses look at, and the fixes they offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..changes import Change, SetField, SetParameter
from ..document import Choice, NetworkCell, TrainingCell
from ..labels import layer_names
from ..problems import Fix, Location, Problem
from ..specs import DataField, NodeShapes, Shape
from .chains import Steps, activation_setter, last_activation, width_setter
from .choose_loss import choose_loss
from .fewer_axes import fewer_axes

SPARSE = frozenset({"SparseCategoricalCrossentropy"})
ONE_HOT = frozenset({"CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge"})
BINARY = frozenset({"BinaryCrossentropy", "BinaryFocalCrossentropy"})
CROSSENTROPIES = SPARSE | BINARY | {"CategoricalCrossentropy", "CategoricalFocalCrossentropy"}
QUANTITIES = frozenset(
    {
        *("MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError"),
        *("MeanSquaredLogarithmicError", "Huber", "LogCosh"),
    }
)


@dataclass(frozen=True)
class LossCase:
    """`node` and `name` are the Output's; `source` is the node whose values it gives; `shape` has no batch axis."""

    network: NetworkCell
    cell: TrainingCell
    node: str
    name: str
    source: str
    shape: Shape | None
    loss: Choice
    target: DataField
    steps: Steps
    shapes: Mapping[str, NodeShapes]

    @property
    def activation(self) -> str:
        return last_activation(self.source, self.steps)

    @property
    def units(self) -> int | None:
        """The length of the output's last axis, 1 for a single number; None while unknown."""
        if self.shape is None:
            return None
        return self.shape[-1] if self.shape else 1

    @property
    def from_logits(self) -> bool:
        return bool(self.loss.params.get("from_logits"))

    def problem(
        self,
        code: str,
        message: str,
        *fixes: Fix | None,
        severity: Literal["error", "warning"] = "error",
        part: str = "losses",
        help: str = "",
    ) -> Problem:
        """A problem at the training cell's entry for the Output."""
        return Problem(
            code,
            message,
            Location(self.cell.name, self.node, parameter=part),
            severity,
            help,
            related=((Location(self.network.name, self.node), "is this Output"),),
            fixes=tuple(fix for fix in fixes if fix is not None),
        )

    def width_problem(
        self, code: str, message: str, *fixes: Fix | None, severity: Literal["error", "warning"]
    ) -> Problem:
        """A problem at the parameter that sets the width of the output, where there is one: that is what to look at."""
        setter = width_setter(self.source, self.steps)
        if setter is None:
            return self.problem(code, message, *fixes, severity=severity)
        return Problem(
            code,
            message,
            Location(self.network.name, setter[0], parameter=setter[1]),
            severity,
            related=((Location(self.cell.name, parameter="targets"), f"trains it on {self.target.name}"),),
            fixes=tuple(fix for fix in fixes if fix is not None),
        )

    def usual_loss(self, units: int | None = None, activation: str | None = None) -> Choice:
        """The loss that goes with the target, if the output had these units and this activation."""
        shape = self.shape if units is None or self.shape is None else (*self.shape[:-1], units)
        return choose_loss(self.target, shape, self.activation if activation is None else activation)

    def use(self, loss: Choice, title: str = "") -> Fix:
        return Fix(title or f"Use {_named(loss)}", (self._loss_change(loss.kind, loss.params),))

    def fewer_axes(self) -> list[Fix]:
        return fewer_axes(self.network, layer_names(self.network), self.source, self.steps, self.shapes)

    def expect_logits(self, expected: bool) -> Fix:
        params = {name: value for name, value in self.loss.params.items() if name != "from_logits"}
        if expected:
            params["from_logits"] = True
        title = "Let the loss expect logits" if expected else "Let the loss expect probabilities"
        return Fix(title, (self._loss_change(self.loss.kind, params),))

    def rebuild(self, *, units: int | None = None, activation: str = "", loss: Choice | None = None) -> Fix | None:
        """A fix in the network, and the loss that then fits; None where the network has no parameter for it."""
        changes: list[Change] = []
        said: list[str] = []
        if units is not None and units != self.units:
            setter = width_setter(self.source, self.steps)
            if setter is None:
                return None
            changes.append(self._parameter_change(setter[0], setter[1], units))
            said.append(f"{setter[1]} to {units}")
        if activation and activation != self.activation:
            owner = activation_setter(self.source, self.steps)
            if not owner:
                return None
            changes.append(self._parameter_change(owner, "activation", activation))
            said.append(f"activation to {activation}")
        if loss is not None and (loss.kind, loss.params) != (self.loss.kind, self.loss.params):
            changes.append(self._loss_change(loss.kind, loss.params))
            said.append(f"loss to {_named(loss)}")
        return Fix("Set " + ", ".join(said), tuple(changes)) if changes else None

    def _loss_change(self, kind: str, params: dict[str, Any]) -> SetField:
        return SetField(cell=self.cell.id, field="losses", key=self.node, value={"kind": kind, "params": params})

    def _parameter_change(self, node: str, parameter: str, value: Any) -> SetParameter:
        return SetParameter(cell=self.network.id, node=node, parameter=parameter, value=value)


def _named(loss: Choice) -> str:
    return f"{loss.kind} with logits" if loss.params.get("from_logits") else loss.kind
