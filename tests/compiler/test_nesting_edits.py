"""Making networks of nodes, taking them apart, copying: the program stays what it was. No Keras."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter

import pytest
from nested_networks import BLOCK, NOTEBOOKS, RESNET, nested, notebook, said_by
from network_text import network
from random_network import random_network

from weftwork.compiler.apply_change import apply, apply_all
from weftwork.compiler.changes import AddCell, Change, ChangeError, SetParameter
from weftwork.compiler.document import Mark, NetworkCell, Notebook
from weftwork.compiler.document_file import read_notebook, write_notebook
from weftwork.compiler.history import Gesture, History
from weftwork.compiler.nesting.clipboard import MARK, pasted
from weftwork.compiler.nesting.edits import make_unique, promote
from weftwork.compiler.nesting.make_network import make_network
from weftwork.compiler.nesting.references import definitions_of, network_name, networks_by_name
from weftwork.compiler.nesting.unpack import unpack
from weftwork.compiler.pipeline import check
from weftwork.compiler.records import diff
from weftwork.compiler.specs import NodeShapes, TensorSpec
from weftwork.compiler.wire_points import points_of


def counts(book: Notebook, name: str) -> list[str]:
    program = check(read_notebook(write_notebook(book))[0]).programs[name]
    return sorted(f"{layer.kind} {json.dumps(layer.params, sort_keys=True)}" for layer in program.layers.values())


def edges(book: Notebook, name: str) -> list[str]:
    """The wiring of the program with nodes told by kind, arguments and depth: equal for equal programs."""
    program = check(read_notebook(write_notebook(book))[0]).programs[name]
    said = {(given.node, "output"): f"in:{given.node}" for given in program.inputs}
    found = []
    for call in program.calls:
        params = program.layers[call.layer].params if call.layer else call.params
        given = {
            argument: [_short(said[one.node, one.port]) for one in (value if isinstance(value, tuple) else (value,))]
            for argument, value in call.arguments.items()
        }
        text = f"{call.kind} {json.dumps(params, sort_keys=True)} {json.dumps(given, sort_keys=True)}"
        for port in call.outputs:
            said[call.node, port] = f"{text} {port}"
        shared = call.layer and sum(other.layer == call.layer for other in program.calls)
        found.append(_short(f"{text} {shared}"))
    return sorted(
        [*found, *(f"{given.node} {_short(said[given.value.node, given.value.port])}" for given in program.outputs)]
    )


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def only(book: Notebook, name: str = "Main") -> NetworkCell:
    cell = book.cell(name)
    assert isinstance(cell, NetworkCell)
    return cell


CHAIN = nested(
    "Main",
    """
    image: Input(shape=[8, 8, 1])
    a: Conv2D(filters=4, kernel_size=3, padding="same") <- image
    b: ReLU <- a
    c: Conv2D(filters=4, kernel_size=3, padding="same") <- b
    sum: Add <- c, a
    flat: Flatten <- sum
    dense: Dense(units=3) <- flat
    out: Output <- dense
    """,
)


def test_selection_becomes_a_network_with_the_ports_it_needs_and_keeps_every_wire() -> None:
    book = notebook(CHAIN)
    shapes = {"a": NodeShapes({"output": TensorSpec((None, 8, 8, 4))})}
    after = apply_all(book, make_network(book, CHAIN, ["b", "c", "sum"], name="Residual", shapes=shapes))
    made, main = only(after, "Residual"), only(after)
    assert [cell.name for cell in after.cells] == ["Main", "Residual"]
    assert sorted(node.kind for node in made.nodes.values()) == ["Add", "Conv2D", "Input", "Output", "ReLU"]
    (given,) = [node for node in made.nodes.values() if node.kind == "Input"]
    assert given.params == {"shape": [8, 8, 4]}
    assert len(made.wires) == 2 + 2 + 1  # inside, from the Input twice, to the Output
    assert len(main.wires) == 1 + 1 + 1 + 1 + 1
    assert edges(after, "Main") == edges(book, "Main")
    assert said_by(after) == []


def test_unpacking_what_was_made_gives_the_very_same_network() -> None:
    book = notebook(CHAIN)
    made = apply_all(book, make_network(book, CHAIN, ["b", "c", "sum"]))
    (instance,) = [id_ for id_, node in only(made).nodes.items() if network_name(node.kind)]
    back = only(apply_all(made, unpack(made, only(made), instance)))
    assert (back.nodes, back.wires) == (CHAIN.nodes, CHAIN.wires)


def led(cell: NetworkCell) -> NetworkCell:
    """The network with each of its wires led through two points."""
    points = {
        f"point_{id_}_{order}": Mark(kind="point", x=40 * place, y=9, width=12, height=12, wire=id_, order=order)
        for place, id_ in enumerate(cell.wires)
        for order in (0, 1)
    }
    return cell.model_copy(update={"marks": points})


def test_wires_keep_their_points_when_a_network_is_made_and_unpacked() -> None:
    drawn = led(CHAIN)
    book = notebook(drawn)
    made = apply_all(book, make_network(book, drawn, ["b", "c", "sum"], name="Residual"))
    inner, outer = only(made, "Residual"), only(made)
    (instance,) = [id_ for id_, node in outer.nodes.items() if network_name(node.kind)]
    within = [id_ for id_, wire in CHAIN.wires.items() if {wire.source.node, wire.target.node} <= {"b", "c", "sum"}]
    assert inner.marks == {id_: mark for id_, mark in drawn.marks.items() if mark.wire in within}
    assert {mark.wire for mark in outer.marks.values()} == {*outer.wires}
    back = only(apply_all(made, unpack(made, outer, instance)))
    assert {id_: len(points_of(back, id_)) for id_ in back.wires} == dict.fromkeys(CHAIN.wires, 2)
    assert points_of(back, within[0]) == points_of(drawn, within[0])


def test_unpacked_wire_goes_through_the_points_outside_and_then_those_inside() -> None:
    book = notebook(led(BLOCK), led(RESNET))
    back = only(apply_all(book, unpack(book, only(book, "Res"), "body")), "Res")
    counted = Counter(len(points_of(back, id_)) for id_ in back.wires)
    # Three repetitions are entered by two wires each, and the last is left by one; all others lie inside or outside.
    assert counted == {2 + 2: 3 * 2 + 1, 2: 3 * 2 + 3}


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ([], "choose the nodes"),
        (["image", "out"], "choose the nodes"),
        (["a", "c"], "back into them through"),
        (["one"], "uses the weights of"),
    ],
)
def test_nodes_that_cannot_be_one_network_are_refused_with_the_reason(chosen: list[str], reason: str) -> None:
    cell = CHAIN
    if "one" in chosen:
        cell = network(
            "i: Input(shape=[3])\none: Dense(units=3) <- i\ntwo: Dense(units=3) [shares=one] <- one\no: Output <- two"
        )
    with pytest.raises(ChangeError, match=reason):
        make_network(notebook(cell), cell, chosen)


def test_repeated_network_unpacks_into_a_chain_with_the_values_of_each_repetition() -> None:
    body = RESNET.nodes["body"].model_copy(
        update={"params": {"filters": {"each": [4, 4, 4]}}, "names": ("p", "q", "r")}
    )
    book = notebook(BLOCK, RESNET.model_copy(update={"nodes": {**RESNET.nodes, "body": body}}))
    after = apply_all(book, unpack(book, only(book, "Res"), "body"))
    assert edges(after, "Res") == edges(book, "Res")
    assert {node.kind for node in only(after, "Res").nodes.values()}.isdisjoint({"network:Block"})


def test_shared_repetitions_unpack_into_nodes_that_share() -> None:
    body = RESNET.nodes["body"].model_copy(update={"weights": "shared"})
    book = notebook(BLOCK, RESNET.model_copy(update={"nodes": {**RESNET.nodes, "body": body}}))
    after = apply_all(book, unpack(book, only(book, "Res"), "body"))
    assert edges(after, "Res") == edges(book, "Res")
    assert counts(after, "Res") == counts(book, "Res")


def test_calculated_arguments_stay_calculated_where_they_can() -> None:
    book = NOTEBOOKS["transformer"]
    outer = apply_all(book, unpack(book, only(book, "Transformer"), "encoder"))
    inner = [node for node in only(outer, "Transformer").nodes.values() if network_name(node.kind) == "Layer"]
    assert [(node.repeat, node.params) for node in inner] == [(3, {"width": 8})]
    assert edges(outer, "Transformer") == edges(book, "Transformer")


@pytest.mark.parametrize("seed", range(24))
def test_making_unpacking_and_undoing_in_random_order_keep_the_program(seed: int) -> None:
    numbers = random.Random(seed)
    book = Notebook(cells=(random_network(seed),))
    name = book.cells[0].name
    expected, history = edges(book, name), History()
    made = 0
    for _ in range(12):
        changes = _step(numbers, book, name)
        gesture = history.next_undo("tab")
        if changes is None and gesture is not None:
            book = apply(book, gesture.backward())
            history.undone(gesture)
        elif changes:
            after = apply_all(book, changes)
            history.record(Gesture("tab", "step", diff(book, after)))
            book, made = after, made + 1
        assert edges(book, name) == expected
    assert made
    while gesture := history.next_undo("tab"):
        book = apply(book, gesture.backward())
        history.undone(gesture)
    assert book.cells == (random_network(seed),)


def _step(numbers: random.Random, book: Notebook, name: str) -> list[Change] | None:
    """Something that can be done; None to undo, [] where a choice cannot be one network."""
    cells = [
        cell for cell in book.networks() if any(node.kind not in ("Input", "Output") for node in cell.nodes.values())
    ]
    cell = numbers.choice(cells)
    uses = [id_ for id_, node in cell.nodes.items() if network_name(node.kind)]
    choice = numbers.random()
    if choice < 0.2:
        return None
    try:
        if choice < 0.5 and uses:
            return unpack(book, cell, numbers.choice(uses))
        if choice < 0.6 and uses:
            return make_unique(book, cell, numbers.choice(uses))
        return make_network(book, cell, numbers.sample(list(cell.nodes), numbers.randint(1, min(4, len(cell.nodes)))))
    except ChangeError:
        return []


def test_a_unique_copy_is_changed_alone() -> None:
    twice = nested(
        "Main",
        """
        i: Input(shape=[8, 8, 4])
        a: use(network="Block", filters=4) <- x=i
        b: use(network="Block") <- x=a.x
        o: Output <- b.x
        """,
    )
    book = notebook(BLOCK, twice)
    after = apply_all(book, make_unique(book, twice, "b"))
    assert [cell.name for cell in after.cells] == ["Block", "Block 2", "Main"]
    assert edges(after, "Main") == edges(book, "Main")
    edited = apply(
        after, SetParameter(cell=only(after, "Block 2").id, node="wide", parameter="activation", value="tanh")
    )
    layers = check(edited).programs["Main"].layers
    assert (layers["a/wide"].params["activation"], layers["b/wide"].params["activation"]) == ("relu", "tanh")


def test_a_promoted_argument_keeps_its_value_range_and_type_and_uses_set_it() -> None:
    plain = nested("Plain", "x: Input(shape=[4])\nd: Dropout(rate=0.25) <- x\no: Output <- d")
    main = nested("Main", 'i: Input(shape=[4])\nu: use(network="Plain") <- input=i\no: Output <- u')
    book = notebook(plain, main)
    after = apply_all(book, promote(book, plain, "d", "rate", "drop"))
    parameter = only(after, "Plain").parameters["drop"]
    assert (parameter.default, parameter.type, parameter.minimum, parameter.maximum) == (0.25, "float", 0, 1)
    assert edges(after, "Main") == edges(book, "Main")
    set_ = apply(after, SetParameter(cell="main", node="u", parameter="drop", value=0.5))
    assert check(set_).programs["Main"].layers["u/d"].params["rate"] == 0.5
    wrong = apply(after, SetParameter(cell="main", node="u", parameter="drop", value=1.5))
    assert said_by(wrong) == [("P305", "Main", "u.drop")]
    with pytest.raises(ChangeError, match="calculated already"):
        promote(after, only(after, "Plain"), "d", "rate")


def piece_text(book: Notebook, cell: NetworkCell, chosen: list[str]) -> str:
    """What the canvas puts on the clipboard."""
    nodes = {id_: cell.nodes[id_] for id_ in chosen}
    wires = {id_: wire for id_, wire in cell.wires.items() if {wire.source.node, wire.target.node} <= set(chosen)}
    content = cell.model_copy(update={"nodes": nodes, "wires": wires}).model_dump(mode="json")
    brought = {name: one.model_dump(mode="json") for name, one in definitions_of(cell, networks_by_name(book)).items()}
    parts = {part: content[part] for part in ("nodes", "wires", "layout")}
    return json.dumps({"type": MARK, "format": 1, **parts, "definitions": brought})


def test_copied_nodes_bring_the_networks_that_they_stand_for() -> None:
    book = NOTEBOOKS["transformer"]
    text = piece_text(book, only(book, "Transformer"), ["words", "encoder", "pool"])
    target = nested("Main", "i: Input(shape=[3])\no: Output <- i")
    own = nested("Layer", "x: Input(shape=[1])\no: Output <- x")
    empty = notebook(own, target)
    changes, ids = pasted(empty, target, text)
    after = apply_all(empty, changes)
    assert sorted(cell.name for cell in after.cells) == ["Encoder", "Layer", "Layer 2", "Main"]
    assert [cell.name for cell in after.cells[:2]] == ["Layer", "Main"]  # what comes along stands below
    assert (len(ids), len(only(after).wires)) == (3, 1 + 2)
    assert only(after, "Encoder").nodes["layers"].kind == "network:Layer 2"
    assert [place for place in said_by(after) if place[0] != "W109"] == []
    again, _ = pasted(after, only(after), text)
    assert not any(isinstance(change, AddCell) for change in again)


def test_piece_brings_its_points_and_marks_along() -> None:
    note = Mark(kind="note", x=0, y=0, width=90, height=40, text="here")
    drawn = led(CHAIN).model_copy(update={"marks": {**led(CHAIN).marks, "note_0001": note}})
    text = json.dumps({**drawn.model_dump(mode="json"), "type": MARK})
    after = only(apply_all(notebook(drawn), pasted(notebook(drawn), drawn, text)[0]))
    assert {len(points_of(after, id_)) for id_ in after.wires} == {2}
    assert len(after.wires) == 2 * len(CHAIN.wires)
    assert [(mark.x, mark.text) for mark in after.marks.values() if mark.kind == "note"] == [(0, "here"), (32, "here")]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"type": "weftwork/nodes", "nodes": 3}', "null", "[" * 5000])
def test_text_that_is_no_piece_is_refused(text: str) -> None:
    with pytest.raises(ChangeError):
        pasted(notebook(CHAIN), CHAIN, text)
