"""Tidied networks read from left to right and, when long, from top to bottom; nothing lies on top of anything."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from weftwork.compiler.auto_layout import COLUMN_STEP, NODE_WIDTH, positions
from weftwork.compiler.auto_layout import node_height as height
from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.document import NetworkCell, Node, Source, Target, Wire
from weftwork.compiler.fold_rows import UNBROKEN, widest_row

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
    """Sparse or dense; every third long and narrow, as networks are: a chain with short ways round its parts."""
    dice = random.Random(seed)
    count = dice.randrange(1, 60)
    reach = 4 if seed % 3 == 0 else count
    pairs = [(a, a + 1) for a in range(count - 1) if seed % 3 == 0]
    for _ in range(dice.randrange(2 * count)):
        a, b = dice.randrange(count), dice.randrange(count)
        if 0 < b - a <= reach and (a, b) not in pairs:
            pairs.append((a, b))
    return drawn(count, pairs, seed)


def chain(count: int, *more: tuple[int, int]) -> NetworkCell:
    """n0 → n1 → …, all of the same height."""
    network = drawn(count, [(number, number + 1) for number in range(count - 1)] + list(more))
    return network.model_copy(update={"nodes": {id_: Node(kind="Dense") for id_ in network.nodes}})


def rows_of(network: NetworkCell) -> list[list[str]]:
    """The rows of a chain as they are read."""
    places = positions(network, catalogue())
    rows: dict[float, list[str]] = {}
    for number in range(len(places)):
        rows.setdefault(places[f"n{number}"].y, []).append(f"n{number}")
    return [rows[y] for y in sorted(rows)]


@pytest.mark.parametrize("seed", range(60))
def test_nodes_do_not_overlap_and_wires_lead_to_the_right_or_to_a_row_below(seed: int) -> None:
    network = random_network(seed)
    places = positions(network, catalogue())
    assert list(places) == list(network.nodes)
    heights = {id_: height(node, catalogue()) for id_, node in network.nodes.items()}
    for one, other in combinations(places, 2):
        apart = abs(places[one].x - places[other].x) >= NODE_WIDTH
        above = places[one].y + heights[one] <= places[other].y
        below = places[other].y + heights[other] <= places[one].y
        assert apart or above or below, (one, other)
    for wire in network.wires.values():
        source, target = wire.source.node, wire.target.node
        to_the_right = places[source].x < places[target].x
        assert to_the_right or places[source].y + heights[source] < places[target].y
    assert min(place.x for place in places.values()) == min(place.y for place in places.values()) == 0
    assert max(place.x for place in places.values()) < widest_row(len(places)) * COLUMN_STEP


def test_the_order_of_records_does_not_matter() -> None:
    network = random_network(7)
    mixed = network.model_copy(
        update={
            "nodes": dict(sorted(network.nodes.items(), reverse=True)),
            "wires": dict(sorted(network.wires.items(), key=lambda item: item[0][::-1])),
        }
    )
    assert positions(network, catalogue()) == positions(mixed, catalogue())


def test_a_short_chain_is_one_straight_row() -> None:
    places = positions(chain(UNBROKEN), catalogue())
    assert {place.y for place in places.values()} == {0}
    assert [places[f"n{number}"].x for number in range(UNBROKEN)] == [
        number * COLUMN_STEP for number in range(UNBROKEN)
    ]


@pytest.mark.parametrize("count", [6, 9, 18, 40, 150])
def test_a_long_chain_is_read_like_lines_of_text(count: int) -> None:
    network = chain(count)
    rows = rows_of(network)
    assert [node for row in rows for node in row] == list(network.nodes)
    places = positions(network, catalogue())
    assert all(places[node].x == index * COLUMN_STEP for row in rows for index, node in enumerate(row))
    across = max(place.x for place in places.values()) + NODE_WIDTH
    down = max(place.y for place in places.values()) + height(Node(kind="Dense"), catalogue())
    assert 1 < across / down < 4


def test_rows_break_between_blocks_and_not_through_a_way_round_them() -> None:
    blocks = [(first, first + 3) for first in range(1, 16, 3)]
    rows = rows_of(chain(18, *blocks))
    assert len(rows) > 1
    ends = [int(row[-1][1:]) for row in rows[:-1]]
    assert not [end for end in ends for first, last in blocks if first < end < last], rows


def test_two_branches_that_cross_are_drawn_without_crossing() -> None:
    network = drawn(6, [(0, 1), (0, 2), (1, 4), (2, 3), (3, 5), (4, 5)])
    places = positions(network, catalogue())
    assert (places["n1"].y < places["n2"].y) == (places["n4"].y < places["n3"].y)


def test_a_cycle_and_an_empty_network_have_places_too() -> None:
    assert len(positions(drawn(3, [(0, 1), (1, 2), (2, 0)]), catalogue())) == 3
    assert positions(drawn(0, []), catalogue()) == {}


def test_nodes_without_wires_stand_side_by_side_below_the_rest() -> None:
    places = positions(drawn(5, [(0, 1)]), catalogue())
    assert [places[f"n{number}"].x for number in (2, 3, 4)] == [0, COLUMN_STEP, 2 * COLUMN_STEP]
    assert places["n2"].y == places["n4"].y > places["n0"].y
