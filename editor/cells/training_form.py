"""The settings of a training cell on the page: the form, its edits, and the curve of a schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import is_
from typing import Any

import panel as pn

from ...compiler.document import TrainingCell
from ...compiler.problems import Problem
from ...compiler.program import Program
from ...compiler.schedule_curve import rates
from ..machine_devices import devices_known_by
from ..pages.markup import Html
from ..plots.schedule_plot import SchedulePlot, curve_steps
from .context import Context
from .device_offers import device_offers
from .frame import Frame
from .settings import Settings
from .training_edits import Gesture, TrainingEdits
from .training_settings import (
    known_classes,
    learning_rate,
    memory_of,
    network_of,
    plan_of,
    planned_steps,
    training_form,
)

# Where the data are not known yet, a curve still shows its form.
_STEPS_TO_SHOW = 1000


class TrainingForm:
    """`cell` is the cell as it is now; `curve` stands below the form while the learning rate follows a schedule."""

    def __init__(self, context: Context, cell: TrainingCell) -> None:
        self._context, self.cell = context, cell
        self.trial = ""
        self._devices = devices_known_by(context.host)
        self._settings = Settings(
            lambda: training_form(context.open, self.cell, self._program(), self.trial, self._devices.machine),
            lambda name, value: self._perform(self._edits().edit(name, value)),
            reset=lambda name: self._perform(self._edits().reset(name)),
            leave_out=lambda what: self._perform(self._edits().leave_out(what)),
        )
        self._known: tuple[tuple[Any, Any], Program] | None = None
        self._plot: SchedulePlot | None = None
        self._shown: tuple[Any, int] | None = None
        self.curve = Frame(visible=False, styles={"padding": "0 16px 8px 8px"})

    def html(self) -> Html:
        """The form as it is now; the curve follows."""
        self._show_curve()
        return self._settings.html(self.cell.name)

    def ask_for_devices(self, then: Callable[[], None]) -> None:
        """Has TensorFlow asked for the machine's devices, once it is ready; `then` is called when more is known."""
        self._devices.ask(self._context.host, self._context.background, then)

    def offers(self, last_run: Mapping[str, Any]) -> list[Problem]:
        """What the machine offers; `last_run` is what the run.json of the last run says."""
        machine = self._devices.machine
        estimate = memory_of(self._context.open, self.cell, machine)
        return device_offers(self.cell, machine, estimate, learning_rate(self.cell), last_run)

    def heard(self, message: dict[str, Any]) -> bool:
        """Takes a message of the form; whether it was one."""
        return self._settings.heard(message)

    def turn(self, theme: str) -> None:
        if self._plot is not None:
            self._plot.turn("dark" if theme == "dark" else "light")

    def _edits(self) -> TrainingEdits:
        opened, cell = self._context.open, self.cell
        program = self._program()
        plan = plan_of(opened, cell, program)
        return TrainingEdits(
            cell,
            network=network_of(opened, cell),
            plan=plan,
            steps=planned_steps(opened, cell),
            rate=learning_rate(cell),
            classes=known_classes(plan, program, opened.findings.data.get(cell.data)),
        )

    def _program(self) -> Program | None:
        """The network's program; while it is found out anew for the same network, the one that was known before."""
        network, findings = network_of(self._context.open, self.cell), self._context.open.findings
        if network is None:
            return None
        found, drawn = findings.programs.get(network.name), (network.nodes, network.wires)
        if findings.complete and found is not None:
            self._known = (drawn, found)
        if self._known is not None and all(map(is_, self._known[0], drawn)):
            return self._known[1]
        return found

    def _perform(self, gesture: Gesture) -> None:
        label, changes = gesture
        if changes:
            self._context.perform(label, *changes)

    def _show_curve(self) -> None:
        schedule = self.cell.optimizer.params.get("learning_rate")
        planned = planned_steps(self._context.open, self.cell) or _STEPS_TO_SHOW
        if self._shown == (schedule, planned):
            return
        self._shown = (schedule, planned)
        steps = curve_steps(planned)
        found = rates(schedule, steps) if isinstance(schedule, dict) else None
        if found is None:
            self.curve.visible = False
            return
        testid = {"data-testid": f"schedule-curve:{self.cell.name}"}
        fresh = self._plot is None
        plot = self._plot = self._plot or SchedulePlot(self._context.shell.theme)
        plot.show(steps, found)
        self.curve.attributes = {**self.curve.attributes, **testid}
        self.curve.mark(points=len(steps), first=f"{found[0]:.6g}", last=f"{found[-1]:.6g}")
        if fresh:
            self.curve.objects = [pn.pane.Bokeh(plot.figure, sizing_mode="stretch_width", margin=0)]
        self.curve.visible = True
