"""Several machines find each other, or are told why not; nothing here needs TensorFlow."""

from __future__ import annotations

import socket
import threading

import pytest

from weftwork.compiler.device_options import MIRRORED, MULTI_WORKER, TPU, Placement
from weftwork.runtime.distribution.chosen import chosen_devices, replicas_of
from weftwork.runtime.distribution.cluster import BadWorkers, Cluster, read_cluster
from weftwork.runtime.distribution.gather import Lead, Missing, gather
from weftwork.runtime.distribution.wire import Gone, Wire, call

VERSIONS = {"tensorflow": "1", "keras": "2"}


@pytest.fixture
def cluster() -> Cluster:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Cluster((f"127.0.0.1:{port}", "127.0.0.1:1", "127.0.0.1:2"), 0)


def hello(cluster: Cluster, index: int, key: str = "key", versions: dict | None = None) -> Wire:
    """A worker that comes."""
    wire = call(cluster.address(0), 10)
    wire.send("hello", index=index, workers=list(cluster.workers), versions=versions or VERSIONS, key=key)
    return wire


@pytest.mark.parametrize(
    ("workers", "index", "words"),
    [
        ("a:1", 0, "at least two"),
        ("a:1,b", 0, "b is no address"),
        ("a:1,b:99999", 0, "no address"),
        ("a:1,a:1", 0, "same address"),
        ("a:1,b:2", 2, "from 0 to 1"),
        ("a:1,b:2", None, "--index"),
    ],
)
def test_workers_that_cannot_be_meant_are_refused(workers, index, words):
    with pytest.raises(BadWorkers, match=words):
        read_cluster(workers, index)


def test_chief_sends_another_notebook_and_other_versions_away_and_waits_for_the_right_ones(cluster):
    said, answers = [], []

    def workers() -> None:
        for index, key, versions in ((1, "other", VERSIONS), (1, "key", {"tensorflow": "0", "keras": "2"})):
            wire = hello(cluster, index, key, versions)
            answers.append(wire.receive()[0])
            wire.close()
        kept.extend(hello(cluster, index) for index in (1, 2))

    kept: list[Wire] = []
    thread = threading.Thread(target=workers)
    thread.start()
    lead = gather(cluster, "key", VERSIONS, said.append, 60)
    thread.join()
    assert [answer["do"] for answer in answers] == ["refused", "refused"]
    assert answers[0]["reason"] == "Its notebook or its data are not those of the chief."
    assert "tensorflow 0, keras 2 instead of tensorflow 1, keras 2" in answers[1]["reason"]
    lead.tell("train", b"12", steps=3)
    for wire in kept:
        message, body = wire.receive()
        assert (message["do"], message["steps"], body) == ("train", 3, b"12")
    lead.end()
    for wire in kept:
        wire.close()


def test_workers_that_do_not_come_are_named(cluster):
    with pytest.raises(Missing, match=r"Did not come: worker 1 \(127\.0\.0\.1:1\), worker 2"):
        gather(cluster, "key", VERSIONS, lambda message: None, 0.1)


def test_lost_worker_is_told_by_name_and_one_that_failed_with_its_reason():
    for last, words in ((None, "Worker 1 (b:2) was lost"), ("no memory", "Worker 1 (b:2) failed: no memory")):
        ours, theirs = _pair()
        lead = Lead(Cluster(("a:1", "b:2"), 0), {1: Wire(ours)})
        heard: list[str] = []
        told = threading.Event()
        lead.lost = lambda sentence, heard=heard, told=told: (heard.append(sentence), told.set())
        lead.watch()
        worker = Wire(theirs)
        if last:
            worker.send("failed", reason=last)
        worker.close()
        assert told.wait(30)
        assert heard == [words]


def test_wire_that_breaks_in_a_message_is_gone():
    ours, theirs = _pair()
    theirs.sendall(b'{"do": "tra')
    theirs.close()
    with pytest.raises(Gone):
        Wire(ours).receive()


def _pair() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        return ours, listener.accept()[0]


@pytest.mark.parametrize(
    ("placement", "kinds", "devices", "replicas"),
    [
        (Placement(), {"CPU": 1}, ["CPU:0"], 1),
        (Placement(), {"CPU": 1, "GPU": 4}, ["GPU:0"], 1),
        (Placement(MIRRORED), {"CPU": 1}, ["CPU:0", "CPU:1"], 2),
        (Placement(MIRRORED, 3), {"CPU": 1}, ["CPU:0", "CPU:1", "CPU:2"], 3),
        (Placement(MIRRORED), {"CPU": 1, "GPU": 4}, ["GPU:0", "GPU:1", "GPU:2", "GPU:3"], 4),
        (Placement(MIRRORED, 2), {"CPU": 1, "GPU": 4}, ["GPU:0", "GPU:1"], 2),
        (Placement(MULTI_WORKER, machines=3), {"CPU": 1, "GPU": 2}, ["GPU:0", "GPU:1"], 6),
        (Placement(TPU), {"CPU": 1, "TPU": 8}, [f"TPU:{number}" for number in range(8)], 8),
    ],
)
def test_devices_are_chosen_of_those_that_a_machine_tells_of(placement, kinds, devices, replicas):
    assert chosen_devices(placement, kinds) == devices
    assert replicas_of(placement, kinds) == replicas
