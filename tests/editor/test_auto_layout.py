"""Tidied networks read from left to right, the same every time, and nothing lies on top of anything."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.document import NetworkCell, Node, Source, Target, Wire
from weftwork.editor.auto_layout import NODE_WIDTH, positions
from weftwork.editor.auto_layout import _height as height

KINDS = ("Dense", "Conv2D", "Add", "LSTM", "MultiHeadAttention", "Output", "NoSuchKind")


def drawn(count: int, pairs: list[tuple[int, int]], seed: int = 0) -> NetworkCell:
    dice = random.Random(seed)
    return NetworkCell(
        id="net_1",
        name="net",
        nodes={f"n{number}": Node(kind=dice.choice(KINDS)) for number in range(count)},
        wires={f"w{index}": Wire(source=Source(f"n{a}"), target=Target(f"n{b}")) for index, (a, b) in enumerate(pairs)},
    )


def random_network(seed: int) -> NetworkCell:
    dice = random.Random(seed)
    count = dice.randrange(1, 60)
    pairs = [tuple(sorted(dice.sample(range(count), 2))) for _ in range(dice.randrange(2 * count)) if count > 1]
    return drawn(count, pairs, seed)


@pytest.mark.parametrize("seed", range(30))
def test_nodes_do_not_overlap_and_wires_lead_to_the_right(seed: int) -> None:
    network = random_network(seed)
    places = positions(network, catalogue())
    assert set(places) == set(network.nodes)
    heights = {id_: height(node, catalogue()) for id_, node in network.nodes.items()}
    for one, other in combinations(places, 2):
        apart = abs(places[one].x - places[other].x) >= NODE_WIDTH
        above = places[one].y + heights[one] <= places[other].y
        below = places[other].y + heights[other] <= places[one].y
        assert apart or above or below, (one, other)
    assert all(places[wire.source.node].x < places[wire.target.node].x for wire in network.wires.values())
    assert min(place.x for place in places.values()) == min(place.y for place in places.values()) == 0


def test_the_order_of_records_does_not_matter() -> None:
    network = random_network(7)
    mixed = network.model_copy(
        update={
            "nodes": dict(sorted(network.nodes.items(), reverse=True)),
            "wires": dict(sorted(network.wires.items(), key=lambda item: item[0][::-1])),
        }
    )
    assert positions(network, catalogue()) == positions(mixed, catalogue())


def test_a_chain_is_one_straight_row() -> None:
    network = drawn(5, [(0, 1), (1, 2), (2, 3), (3, 4)])
    alike = network.model_copy(update={"nodes": {id_: Node(kind="Dense") for id_ in network.nodes}})
    places = positions(alike, catalogue())
    assert {place.y for place in places.values()} == {0}
    assert [places[f"n{number}"].x for number in range(5)] == [number * places["n1"].x for number in range(5)]


def test_two_branches_that_cross_are_drawn_without_crossing() -> None:
    network = drawn(6, [(0, 1), (0, 2), (1, 4), (2, 3), (3, 5), (4, 5)])
    places = positions(network, catalogue())
    assert (places["n1"].y < places["n2"].y) == (places["n4"].y < places["n3"].y)


def test_a_cycle_and_an_empty_network_have_places_too() -> None:
    assert len(positions(drawn(3, [(0, 1), (1, 2), (2, 0)]), catalogue())) == 3
    assert positions(drawn(0, []), catalogue()) == {}
