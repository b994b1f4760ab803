"""The plots of a run with all that belongs to them: what is shown and how, other runs, the machine, the layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from panel.viewable import Viewable

from ...runtime.run_directory import RunDirectory
from ..pages.markup_view import Markup
from ..plots.compared import COLOURS, Compared
from ..plots.live_plot import LivePlot
from ..plots.overfitting import best_epoch
from ..plots.quantities import THROUGHPUT
from .comparison import compare_choice, differences
from .context import Context
from .frame import Frame
from .health_panel import HealthPanel
from .machine_use import MachineUse
from .plot_bar import plot_bar, plot_words
from .run_follower import News, RunFollower


class RunPlots:
    """Everything below the progress bar of one training cell. `parts` go into its frame in this order."""

    def __init__(
        self, context: Context, cell_of: Callable[[], Any], runs: Callable[[], Sequence[RunDirectory]]
    ) -> None:
        self._context, self._cell_of, self._runs = context, cell_of, runs
        self.plot: LivePlot | None = None
        self.follower: RunFollower | None = None
        self._machine = MachineUse()
        self._chosen: tuple[str, ...] = ()
        self._log = False
        self._compared: list[Compared] = []
        self.bar = Markup(visible=False, on_message=self._heard)
        self.frame = Frame(visible=False, styles={"padding": "0 16px 0 8px"})
        self.words = Markup(visible=False, on_message=self._heard)
        self.health = HealthPanel(context, cell_of)
        self.parts: list[Viewable] = [self.bar, self.frame, self.words, self.health.view]

    def name(self) -> None:
        """The cell has its name, or another one."""
        self.frame.attributes = {**self.frame.attributes, "data-testid": f"live-plot:{self._cell_of().name}"}

    def follow(self, follower: RunFollower) -> None:
        """Shows another run, from its beginning."""
        self.follower = follower
        self.plot = None
        self._machine = MachineUse()
        self._compared = [one for one in self._compared if one.run != follower.run]
        self.frame.objects = []
        for part in (self.bar, self.frame, self.words, self.health.view):
            part.visible = False
        self.frame.mark(points=0, step=0)
        self.health.follow(follower.run)

    def take(self, news: News) -> None:
        """Draws what the follower has found; called after each of its looks."""
        follower = self.follower
        if follower is None:
            return
        fresh = self.plot is None and bool(follower.columns)
        if fresh:
            self.plot = self._new_plot(follower)
        plot = self.plot
        if plot is not None:
            if news.again:
                plot.clear()
            if news.rows is not None:
                plot.add(news.rows)
                self.frame.mark(points=plot.points, step=plot.step)
            if news.epochs:
                epochs = list(follower.epochs.values())
                plot.set_epochs(epochs)
                plot.mark_best(best_epoch(epochs))
            if fresh:
                # Last, so that it comes to the page with its points and none is sent twice.
                self.frame.objects = [plot.view]
                self.bar.visible = self.frame.visible = self.words.visible = True
            if fresh or news.epochs or self._machine.look(follower.run.info(), self._rate()):
                self._show()

    def tick(self) -> None:
        """Shows what was seen of the layers since; also when the run is over, since nodes are still selected."""
        if self.follower is not None:
            self.health.tick(going=self.follower.progress.going)

    def refresh(self) -> None:
        """The list of runs may have changed."""
        if self.plot is not None:
            self._show()

    def turn(self, theme: str) -> None:
        if self.plot is not None:
            self.plot.turn("dark" if theme == "dark" else "light")

    def close(self) -> None:
        self.health.close()

    def _new_plot(self, follower: RunFollower) -> LivePlot:
        info = follower.run.info()
        plot = LivePlot(follower.columns, self._context.shell.theme, float(info.get("batch_size") or 1))
        plot.choose(self._chosen)
        plot.set_log(self._log)
        if self._compared:
            plot.compare(self._compared)
        return plot

    def _rate(self) -> float | None:
        """Rows per second of late, while it goes on."""
        if self.plot is None or self.follower is None or self.follower.progress.state != "running":
            return None
        return self.plot.latest(THROUGHPUT)

    def _show(self) -> None:
        plot, follower = self.plot, self.follower
        if plot is None or follower is None:
            return
        self.bar.show(plot_bar(plot, compared=self._compared))
        best = best_epoch(list(follower.epochs.values()))
        going = follower.progress.going
        self.words.show(
            plot_words(
                best,
                self._machine.words if going else "",
                compare_choice(self._runs(), follower.run.id, self._compared),
                differences(follower.run, self._compared),
            )
        )

    def _heard(self, message: dict[str, Any]) -> None:
        plot, value = self.plot, str(message.get("value") or "")
        if plot is None:
            return
        match message.get("action"):
            case "plot":
                shown = [name for name in plot.columns if name != value]
                plot.choose(shown if value in plot.columns else [*shown, value])
                self._chosen = plot.columns
            case "log":
                self._log = not self._log
                plot.set_log(self._log)
            case "drag":
                plot.set_drag("pan" if plot.drag == "box_zoom" else "box_zoom")
            case "reset":
                plot.reset()
            case "compare":
                self._compare(value)
                return
            case _:
                return
        self._show()

    def _compare(self, run_id: str) -> None:
        """Draws another run too, or no longer."""
        if any(one.run.id == run_id for one in self._compared):
            self._draw([one for one in self._compared if one.run.id != run_id])
            return
        run = next((run for run in self._runs() if run.id == run_id), None)
        if run is None:
            return
        used = {one.colour for one in self._compared}
        colour = next(
            (colour for colour in COLOURS if colour not in used), self._compared[0].colour if self._compared else ""
        )

        def done(compared: Compared | None, error: Exception | None) -> None:
            if compared is not None and error is None:
                self._draw([*(one for one in self._compared if one.colour != colour), compared])

        # A long run takes a moment to read.
        self._context.background(lambda: Compared(run, colour), done)

    def _draw(self, compared: list[Compared]) -> None:
        self._compared = compared
        if self.plot is not None:
            self.plot.compare(compared)
        self._show()
