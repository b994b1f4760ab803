"""The queue: one run trains at a time, the others wait in line in processes of their own."""

import os
import signal
import subprocess
import sys
import time

import pytest

from weftwork.runtime.run_directory import ENDED
from weftwork.runtime.turns import Turn, place_in_line, waiting

from .small_notebooks import notebook


def wait_until(claim, patience=120):
    end = time.monotonic() + patience
    while not claim():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.005)


@pytest.fixture
def line(tmp_path):
    """Makes turns for runs of those names."""
    return lambda name: Turn(tmp_path, name)


def test_turns_are_taken_in_the_order_in_which_they_were_asked_for(line, tmp_path):
    first, second, third = line("a"), line("b"), line("c")
    assert first.take()
    assert first.take()
    assert not second.take()
    assert not third.take()
    run = tmp_path / "runs" / "c"
    assert place_in_line(run) == 2
    first.give_back()
    assert not third.take()
    assert second.take()
    assert place_in_line(run) == 1
    second.give_back()
    assert third.take()
    assert place_in_line(run) == 0
    assert waiting(tmp_path / "queue") == []


def test_who_leaves_the_line_holds_nobody_up(line):
    first, second, third = line("a"), line("b"), line("c")
    first.take()
    second.take()
    third.take()
    second.give_back()
    first.give_back()
    assert third.take()


def test_process_that_was_killed_loses_its_turn_and_its_place(line, tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from weftwork.runtime.turns import Turn; "
        "print(Turn(Path(sys.argv[1]), sys.argv[2]).take(), flush=True); time.sleep(600)"
    )

    def process(name):
        started = subprocess.Popen([sys.executable, "-c", script, tmp_path, name], stdout=subprocess.PIPE, text=True)
        return started, started.stdout.readline().strip()

    holder, took = process("a")
    waits, waited = process("b")
    assert (took, waited) == ("True", "False")
    ours = line("c")
    assert not ours.take()
    for other in (waits, holder):
        other.kill()
        other.communicate()
    assert ours.take()


@pytest.mark.keras
def test_runs_wait_are_cancelled_and_give_way_in_a_pause(host, new_run, tmp_path):
    book = notebook(tmp_path, epochs=4000)
    first, second, third = new_run(book), new_run(book), new_run(book)
    host.start_run(first)
    wait_until(lambda: first.state() in ("running", *ENDED))
    host.start_run(second)
    wait_until(lambda: place_in_line(second.path) == 1)
    host.start_run(third)
    wait_until(lambda: place_in_line(third.path) == 2 and third.info().get("message"))
    assert (second.state(), third.state()) == ("queued", "queued")
    assert third.message() == "Waits until another run has ended or is paused. Place 2 in the queue."
    assert second.info()["pid"] != os.getpid()

    second.stop()
    assert second.wait() == "stopped"
    assert len(second.metrics()) == 0
    assert first.state() == "running"

    first.pause()
    assert first.wait(("paused", *ENDED)) == "paused"
    assert third.wait(("running", *ENDED)) == "running"
    step = len(first.metrics())
    first.step("batch")
    wait_until(lambda: len(first.metrics()) == step + 1)
    first.resume()
    wait_until(lambda: place_in_line(first.path) == 1)
    assert first.wait(("queued", *ENDED)) == "queued"
    os.kill(third.info()["pid"], signal.SIGKILL)
    assert first.wait(("running", *ENDED)) == "running"
    first.stop()
    assert first.wait() == "stopped"
    states = [event["state"] for event in third.events()[0] if event["event"] == "state"]
    assert states == ["queued", "building", "running"]


@pytest.mark.keras
def test_run_that_wants_to_trains_beside_another(host, new_run, tmp_path):
    book = notebook(tmp_path, epochs=4000)
    first, beside = new_run(book), new_run(book, at_once=True, epochs=1)
    host.start_run(first)
    wait_until(lambda: first.state() in ("running", *ENDED))
    host.start_run(beside)
    assert beside.wait() == "finished"
    assert first.state() == "running"
    first.stop()
    first.wait()


@pytest.mark.keras
def test_run_that_is_taken_up_again_says_so_at_once(host, new_run, tmp_path):
    run = new_run(notebook(tmp_path, epochs=4000))
    host.start_run(run)
    wait_until(lambda: len(run.metrics()) or run.state() in ENDED)
    run.stop()
    assert run.wait() == "stopped"
    host.resume_run(run)
    assert run.state() in ("queued", "building", "running")
    run.wait(("running", *ENDED))
    run.stop()
    run.wait()
