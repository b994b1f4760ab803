"""A run on several machines on the page of its notebook: seen, paused and stopped like one that began there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runtime.strategy_notebooks import write
from tests.runtime.test_machines import addresses, end, start, the_run
from weftwork.runtime.run_directory import list_runs

from .waiting import until

pytestmark = [pytest.mark.keras, pytest.mark.long]


def test_run_of_two_machines_is_shown_paused_and_stopped_like_one_of_the_page(page, served, tmp_path):
    name = "CNN with batch normalization"
    write(served.folder, name, epochs=4000)
    page.goto(served.address("n.weft"))
    cell: Any = page.get_by_test_id("cell:train")
    cell.get_by_text("not run yet").wait_for()

    workers = addresses(2)
    folders = (served.folder, tmp_path)
    machines = [start(folder, workers, index, name, epochs=4000) for index, folder in enumerate(folders)]
    # Begun by the command line, while the page was open.
    cell.get_by_text("Several machines: 2 replicas train together. Batch normalization is synchronized.").wait_for()
    plot = page.get_by_test_id("live-plot:train")
    until(page, lambda: int(plot.get_attribute("data-points") or 0) > 5)
    run = the_run(served.folder)
    page.get_by_test_id("pause:train").click()
    until(page, lambda: run.state() == "paused")
    at = len(run.metrics())
    page.get_by_test_id("pause:train").filter(has_text="Resume").click()
    until(page, lambda: len(run.metrics()) > at)
    page.get_by_test_id("stop:train").click()
    page.get_by_test_id("run-end").wait_for()
    assert [end(machine)[0] for machine in machines] == [0, 0]
    assert run.state() == "stopped"
    assert list_runs(tmp_path) == []
