import threading

import numpy as np
import pytest

from weftwork.runtime.link import linked_pair


@pytest.fixture
def ends():
    ours, theirs = linked_pair()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_messages_arrive_whole_and_in_order(ends):
    ours, theirs = ends
    messages = [{"id": number, "text": "ä" * number * 10_000} for number in range(20)]
    sender = threading.Thread(target=lambda: [ours.send(message) for message in messages])
    sender.start()
    received = [theirs.receive() for _ in messages]
    sender.join()
    assert received == messages


def test_numpy_values_are_told_as_json(ends):
    ours, theirs = ends
    ours.send({"loss": np.float32(0.5), "matrix": np.eye(2, dtype=int)})
    assert theirs.receive() == {"loss": 0.5, "matrix": [[1, 0], [0, 1]]}


def test_other_end_gone_gives_none(ends):
    ours, theirs = ends
    ours.send({"id": 1})
    ours.close()
    assert theirs.receive() == {"id": 1}
    assert theirs.receive() is None


def test_ready_messages_are_those_complete(ends):
    ours, theirs = ends
    ours.send({"id": 1})
    ours.send({"id": 2})
    assert theirs.receive_ready() == [{"id": 1}, {"id": 2}]
    ours.close()
    assert theirs.receive_ready() is None


def test_hanging_up_lets_a_waiting_thread_go(ends):
    ours, _ = ends
    received = []
    thread = threading.Thread(target=lambda: received.append(ours.receive()))
    thread.start()
    ours.hang_up()
    thread.join(30)
    assert received == [None]
