"""What the host says of itself and its shape service, while they start, die, and come back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest

from weftwork.runtime.host import Host
from weftwork.runtime.part import HOST, SHAPES, Part

from .small_notebooks import chain, node

pytestmark = pytest.mark.keras

PATIENCE_S = 120


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.005)


def kill_host(host: Host) -> None:
    pid = host.parts()[0].pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: host.parts()[0].pid != pid)


def test_a_host_that_is_closed_while_tensorflow_loads_is_ended_at_once() -> None:
    host = Host()
    assert [part.state for part in host.parts()] == ["starting", "starting"]
    host.start()
    until(lambda: host.parts()[0].pid > 0)
    process = host._process
    assert process is not None
    assert [part.state for part in host.parts()] == ["starting", "starting"]
    host.close()
    assert process.returncode == -signal.SIGKILL
    assert host.parts()[0] == Part(HOST, "gone", "The host was closed.")


def test_parts_that_die_come_back_and_say_why_and_a_host_that_keeps_dying_is_started_by_hand() -> None:
    host = Host()
    host.start()
    assert host.wait_ready(PATIENCE_S)
    until(lambda: host.parts()[1].pid > 0)
    up, shapes = host.parts()
    assert (up.name, up.state, up.why, shapes.name, shapes.state, shapes.why) == (HOST, "up", "", SHAPES, "up", "")

    os.kill(shapes.pid, signal.SIGKILL)
    until(lambda: host.parts()[1].pid not in (0, shapes.pid))
    assert host.parts()[1].why == "The shape service ended while nothing was asked of it."
    network = chain(node("Input", shape=[8]), node("Dense", units=3), node("Output"))
    assert host.oracle().infer(network)["n1"].parameters == 27

    kill_host(host)
    until(lambda: host.parts()[0].pid > 0)
    assert "code -9" in host.parts()[0].why
    for _ in range(2):
        until(lambda: host.parts()[0].pid > 0)
        kill_host(host)
    assert host.state == "gone"
    assert "code -9" in host.parts()[0].why
    assert host.parts()[1].state == "gone"

    host.start()
    assert host.wait_ready(PATIENCE_S)
    assert host.oracle().infer(network)["n1"].parameters == 27
    host.close()
