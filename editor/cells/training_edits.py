"""What a change in the form of a training cell means: the label of the gesture and its changes. Pure.

Settings are called as training_settings.py names them: `epochs`, `optimizer.beta_1`, `metric:<output>:<number>.k`, …
"""

from __future__ import annotations

from typing import Any

from ...compiler.catalogue import catalogue
from ...compiler.changes import SetField, SetParameter, UnsetParameter
from ...compiler.document import Choice, NetworkCell, TrainingCell
from ...compiler.training_choices import TrainingPlan
from ...compiler.training_options import BALANCED
from .object_settings import label_of, with_argument
from .training_groups import fresh_schedule
from .training_lists import AUTOMATIC, added, metrics_of

Change = SetField | SetParameter | UnsetParameter
Gesture = tuple[str, list[Change]]

_CLIPPING = ("clipnorm", "clipvalue", "global_clipnorm")
_OPTIONS = {"precision": "float32", "xla": False, "sample_weight": True, "weighted_metrics": False}
_PLAIN_WORDS = {"precision": "Set the precision", "xla": "Set XLA", "weighted_metrics": "Weight the metrics"}
PATIENCE_PARAMS = {"restore_best_weights": True}


class TrainingEdits:
    """Edits of one cell as it is now. `steps` are the run's planned ones, `classes` are those that are learned."""

    def __init__(
        self,
        cell: TrainingCell,
        *,
        network: NetworkCell | None = None,
        plan: TrainingPlan | None = None,
        steps: int | None = None,
        rate: float | None = None,
        classes: tuple[str, ...] = (),
    ) -> None:
        self._cell, self._network, self._plan = cell, network, plan
        self._steps, self._rate, self._classes = steps or 1000, rate or 0.001, classes

    def edit(self, name: str, value: Any) -> Gesture:
        """The gesture of giving a setting a value; None stands for its default."""
        head, _, argument = name.partition(".")
        kind, _, place = head.partition(":")
        match kind:
            case "optimizer":
                return self._optimizer(argument, value)
            case "learning_rate":
                return "Set the learning rate", self._rate_to(value)
            case "schedule":
                return self._schedule(argument, value)
            case "loss":
                return self._loss(place, argument, value)
            case "loss-weight":
                return "Weight the loss", self._entry("loss_weights", place, None if value in (None, 1) else value)
            case "metric" | "add-metric":
                return self._metric(place, argument, value, adding=kind == "add-metric")
            case "callback" | "add-callback" | "patience":
                return self._callback(kind, place, argument, value)
            case "class_weight":
                given = {"alike": None, BALANCED: BALANCED, "each": self._each_class()}.get(value)
                return "Weight the classes", self._option("class_weight", given)
            case "class":
                return f"Weight {place}", self._class(place, value)
            case "precision" | "xla" | "sample_weight" | "weighted_metrics":
                given = {"off": False, "on": True}.get(value, value) if kind == "xla" else value
                words = _PLAIN_WORDS.get(kind, "Weight the rows")
                return words, self._option(kind, None if given in (None, _OPTIONS[kind]) else given)
            case "strategy" | "replicas" | "backend":
                words = "Choose the backend" if kind == "backend" else "Choose the devices"
                return words, self._option(kind, None if value in ("one", "tensorflow") else value)
            case "threads":
                return "Set the threads", self._option(kind, value)
            case "budget_seconds" | "budget_steps":
                return "Set the budget", self._option(kind, value)
            case "learns":
                return self._learns(place, value)
            case "rate":
                entry = None if value in (None, 1) else float(value)
                return "Set the rate of a layer", self._entry("rate_factors", place, entry)
        return f"Set {name.replace('_', ' ')}", self._field(name, value)

    def reset(self, name: str) -> Gesture:
        """The gesture of giving a setting its default again."""
        head, _, argument = name.partition(".")
        if head.startswith("loss:") and not argument:
            return self.edit(name, AUTOMATIC)
        if name == "class_weight":
            return self.edit(name, "alike")
        if name == "schedule":
            return self.edit(name, "constant")
        if head.startswith("learns:"):
            return self.edit(name, True)
        return self.edit(name, None)

    def leave_out(self, what: str) -> Gesture:
        """The gesture of removing a metric (`metric:<output>:<number>`) or a callback (`callback:<number>`)."""
        kind, _, place = what.partition(":")
        output, _, number = place.rpartition(":")
        if kind == "metric":
            metrics = metrics_of(self._cell, output, self._plan)
            kept = [_plain(metric) for index, metric in enumerate(metrics) if str(index) != number]
            return "Remove a metric", self._field("metrics", kept, output)
        kept = [_plain(callback) for index, callback in enumerate(self._cell.callbacks) if str(index) != number]
        return "Remove a callback", self._field("callbacks", kept)

    def _field(self, field: str, value: Any, key: str | None = None) -> list[Change]:
        return [SetField(cell=self._cell.id, field=field, key=key, value=value)]

    def _option(self, name: str, value: Any) -> list[Change]:
        return self._field("options", value, name)

    def _entry(self, option: str, key: str, value: Any) -> list[Change]:
        given = self._cell.options.get(option)
        entries = {other: old for other, old in (given if isinstance(given, dict) else {}).items() if other != key}
        if value is not None:
            entries[key] = value
        return self._option(option, entries or None)

    def _optimizer(self, argument: str, value: Any) -> Gesture:
        chosen = self._cell.optimizer
        if not argument:
            entry = catalogue().optimizers.get(value)
            # What the next one takes too is kept, so that trying another one loses nothing.
            shared = {*_CLIPPING, "learning_rate", "gradient_accumulation_steps", "use_ema", "ema_momentum"}
            params = {n: v for n, v in chosen.params.items() if n in shared and entry and n in entry.parameters}
            return f"Use {value}", self._field("optimizer", {"kind": value, "params": params})
        entry = catalogue().optimizers[chosen.kind]
        params = with_argument(entry, chosen.params, argument, value)
        if argument in _CLIPPING and argument in params:
            # Keras clips in one way; the last one that was chosen is meant.
            params = {n: v for n, v in params.items() if n == argument or n not in _CLIPPING}
        return f"Set {label_of(argument).lower()}", self._field("optimizer", {"kind": chosen.kind, "params": params})

    def _rate_to(self, value: Any) -> list[Change]:
        params = {name: old for name, old in self._cell.optimizer.params.items() if name != "learning_rate"}
        if value is not None:
            params = {"learning_rate": float(value) if isinstance(value, int) else value, **params}
        return self._field("optimizer", {"kind": self._cell.optimizer.kind, "params": params})

    def _schedule(self, argument: str, value: Any) -> Gesture:
        present = self._cell.optimizer.params.get("learning_rate")
        if not argument:
            first = present.get("params", {}).get("initial_learning_rate") if isinstance(present, dict) else present
            rate = first if isinstance(first, int | float) else self._rate
            fresh = fresh_schedule(value, rate, self._steps)
            return "Choose the schedule", self._rate_to(fresh if fresh else rate)
        if not isinstance(present, dict):
            return "Set the schedule", []
        entry = catalogue().schedules[present["kind"]]
        params = with_argument(entry, present.get("params") or {}, argument, value)
        return f"Set {label_of(argument).lower()}", self._rate_to({**present, "params": params})

    def _loss(self, output: str, argument: str, value: Any) -> Gesture:
        if not argument:
            chosen = None if value in (None, AUTOMATIC) else {"kind": value, "params": {}}
            return "Choose the loss", self._field("losses", chosen, output)
        loss = self._cell.losses.get(output) or (self._plan.losses.get(output) if self._plan else None)
        if loss is None:
            return "Set the loss", []
        params = with_argument(catalogue().losses[loss.kind], loss.params, argument, value)
        return f"Set {label_of(argument).lower()}", self._field("losses", {"kind": loss.kind, "params": params}, output)

    def _metric(self, place: str, argument: str, value: Any, *, adding: bool) -> Gesture:
        output, _, number = place.rpartition(":") if not adding else (place, "", "")
        metrics = [_plain(metric) for metric in metrics_of(self._cell, output, self._plan)]
        if adding:
            metrics.append(added(value, "metrics", len(self._classes)))
            return "Add a metric", self._field("metrics", metrics, output)
        changed = metrics[int(number)]
        entry = catalogue().metrics[changed["kind"]]
        changed["params"] = with_argument(entry, changed["params"], argument, value)
        return f"Set {label_of(argument).lower()}", self._field("metrics", metrics, output)

    def _callback(self, kind: str, place: str, argument: str, value: Any) -> Gesture:
        callbacks = [_plain(callback) for callback in self._cell.callbacks]
        if kind == "patience":
            return self._patience(callbacks, value)
        if kind == "add-callback":
            return "Add a callback", self._field("callbacks", [*callbacks, added(value, "callbacks")])
        changed = callbacks[int(place)]
        entry = catalogue().callbacks[changed["kind"]]
        changed["params"] = with_argument(entry, changed["params"], argument, value)
        return f"Set {label_of(argument).lower()}", self._field("callbacks", callbacks)

    def _patience(self, callbacks: list[dict[str, Any]], value: Any) -> Gesture:
        stopping = next((callback for callback in callbacks if callback["kind"] == "EarlyStopping"), None)
        if value is None:
            kept = [callback for callback in callbacks if callback is not stopping]
            return "Do not stop early", self._field("callbacks", kept)
        if stopping is None:
            callbacks.append({"kind": "EarlyStopping", "params": {"patience": value, **PATIENCE_PARAMS}})
        else:
            stopping["params"] = {**stopping["params"], "patience": value}
        return "Stop early", self._field("callbacks", callbacks)

    def _class(self, name: str, value: Any) -> list[Change]:
        given = self._cell.options.get("class_weight")
        weights = {**given, name: 1.0 if value is None else value} if isinstance(given, dict) else {name: value}
        return self._option("class_weight", weights)

    def _each_class(self) -> dict[str, float]:
        given = self._cell.options.get("class_weight")
        if isinstance(given, dict):
            return given
        return dict.fromkeys(self._classes, 1.0)

    def _learns(self, node: str, value: Any) -> Gesture:
        if self._network is None:
            return "Freeze a layer", []
        cell = self._network.id
        if value:
            return "Let a layer learn", [UnsetParameter(cell=cell, node=node, parameter="trainable")]
        return "Freeze a layer", [SetParameter(cell=cell, node=node, parameter="trainable", value=False)]


def _plain(choice: Choice) -> dict[str, Any]:
    return choice.model_dump(mode="json")
