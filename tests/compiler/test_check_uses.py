"""What is told of networks inside networks, and that each offered fix mends it. No Keras."""

from __future__ import annotations

import time
from typing import Any

import pytest
from nested_networks import BLOCK, ENCODER, LAYER, NOTEBOOKS, RESNET, TRANSFORMER, nested, notebook, said_by
from network_text import accepted, broken_fixes

from weftwork.compiler.apply_change import apply, apply_all
from weftwork.compiler.changes import RenameCell, SetKind, SetLabel, SetParameter
from weftwork.compiler.document import NetworkCell, NetworkParameter, Node, Notebook
from weftwork.compiler.document_file import read_notebook, write_notebook
from weftwork.compiler.keys import cell_keys, network_key
from weftwork.compiler.nesting.references import networks_by_name
from weftwork.compiler.nesting.size import MOST_LEVELS
from weftwork.compiler.passes.flatten import flat_program
from weftwork.compiler.pipeline import check


def with_body(**update: Any) -> Notebook:
    body = RESNET.nodes["body"].model_copy(update=update)
    return notebook(BLOCK, RESNET.model_copy(update={"nodes": {**RESNET.nodes, "body": body}}))


def with_node(cell: NetworkCell, id_: str, node: Node) -> NetworkCell:
    return cell.model_copy(update={"nodes": {**cell.nodes, id_: node}})


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_sound_networks_have_no_problems_and_stay_the_same_in_a_file(name: str) -> None:
    book = NOTEBOOKS[name]
    assert said_by(book) == []
    again, problems = read_notebook(write_notebook(book))
    assert not problems
    assert write_notebook(again) == write_notebook(book)
    assert again == Notebook(cells=tuple(again.cells))
    assert networks_by_name(again) == networks_by_name(book)


def test_plain_nodes_are_written_without_the_new_fields() -> None:
    text = write_notebook(notebook(nested("Plain", "a: Input(shape=[1])\nb: Output <- a")))
    assert not any(word in text for word in ("repeat", "weights", "names", "parameters"))


CASES = {
    "missing": (with_body(kind="network:Gone"), [("P317", "Res", "body")]),
    "repeat": (with_body(repeat=0), [("P319", "Res", "body.repeat")]),
    "too often": (with_body(repeat=10_000), [("P319", "Res", "body.repeat")]),
    "values": (with_body(params={"filters": {"each": [4, 4]}}), [("P320", "Res", "body.filters")]),
    "names": (with_body(names=("a", "b", "c", "d")), [("P320", "Res", "body.names")]),
    "type": (with_body(params={"filters": "many"}), [("P304", "Res", "body.filters")]),
    "range": (with_body(params={"filters": {"each": [4, 0, 4]}}), [("P305", "Res", "body.filters")]),
    "unknown": (with_body(params={"filtres": 4}), [("P302", "Res", "body.filtres")]),
    "inside": (with_body(params={"filters": 2.5}), [("P304", "Res", "body.filters")]),
    "frozen": (with_body(params={"trainable": "no"}), [("P304", "Res", "body.trainable")]),
    "default": (
        notebook(BLOCK.model_copy(update={"parameters": {"filters": NetworkParameter(default=0, minimum=1)}})),
        [("P305", "Block", "filters"), ("P305", "Block", "wide.filters"), ("P305", "Block", "back.filters")],
    ),
    "name": (
        notebook(RESNET.model_copy(update={"parameters": {"min": NetworkParameter(default=1)}}), BLOCK),
        [("P321", "Res", "min")],
    ),
    "no such parameter": (
        notebook(BLOCK.model_copy(update={"parameters": {"filter": NetworkParameter(default=4)}})),
        [("P318", "Block", "back.filters"), ("P318", "Block", "wide.filters")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_mistakes_are_told_at_their_place_and_their_fixes_work(case: str) -> None:
    book, expected = CASES[case]
    found = [place for place in said_by(book) if place[0] != "P303"]
    assert sorted(found) == sorted(expected)
    assert broken_fixes(book, lambda book: check(book).problems) == []


def test_an_argument_that_the_values_of_a_use_spoil_is_told_at_its_path() -> None:
    thirds = nested(
        "Thirds",
        """
        x: Input(shape=[4]) [label=x]
        dense: Dense(units={"expression": "12 // parts - 2"}) <- x
        out: Output [label=x] <- dense
        """,
        parts=2,
    )
    outer = nested(
        "Outer",
        'x: Input(shape=[4])\nu: use(network="Thirds", repeat=2, parts={"each": [2, 6]}) <- x=x\no: Output <- u.x',
    )
    main = nested("Main", 'i: Input(shape=[4])\nm: use(network="Outer") <- input=i\no: Output <- m')
    assert said_by(notebook(thirds, outer, main))[0] == ("P305", "Outer", "u/dense.units")


def test_a_network_that_contains_itself_is_a_problem_and_no_hang() -> None:
    loop = with_node(LAYER, "me", Node(kind="network:Encoder"))
    book = notebook(loop, ENCODER, TRANSFORMER)
    start = time.monotonic()
    found = check(book)
    assert time.monotonic() - start < 20  # it would go on for ever
    recursive = [problem for problem in found.problems if problem.code == "W113"]
    assert [(problem.at.cell, problem.at.node) for problem in recursive] == [("Layer", "me"), ("Encoder", "layers")]
    assert "Transformer" not in found.programs
    mended = accepted(book, recursive[0].fixes[0])
    assert "W113" not in {code for code, _, _ in said_by(mended)}
    assert "Transformer" in check(mended).programs
    own = with_node(BLOCK, "me", Node(kind="network:Block"))
    assert ("W113", "Block", "me") in said_by(notebook(own))


def test_what_is_wrong_in_a_network_is_told_once_however_often_it_is_used() -> None:
    broken = with_node(BLOCK, "wide", BLOCK.nodes["wide"].model_copy(update={"params": {"kernel_size": 3}}))
    twice = nested(
        "Twice",
        """
        i: Input(shape=[8, 8, 4])
        a: use(network="Block") <- x=i
        b: use(network="Block") <- x=a.x
        o: Output <- b.x
        """,
    )
    assert said_by(notebook(broken, twice)) == [("P303", "Block", "wide.filters")]
    assert check(notebook(broken, twice)).programs == {}


def test_outputs_that_feed_no_input_cannot_be_repeated() -> None:
    two = nested("Two", "x: Input(shape=[3])\na: Output [label=a] <- x\nb: Output [label=b] <- x")
    main = nested(
        "Main", 'i: Input(shape=[3])\nu: use(network="Two", repeat=2) <- input=i\na: Output <- u.a\nb: Output <- u.b'
    )
    book = notebook(two, main)
    assert ("W114", "Main", "u") in said_by(book)
    assert broken_fixes(book, lambda book: check(book).problems) == []


def test_too_many_nodes_are_refused_before_they_are_made() -> None:
    cells = [nested("N0", "x: Input(shape=[2])\nd: Dense(units=2) <- x\no: Output <- d")]
    for depth in range(1, 5):
        cells.append(
            nested(
                f"N{depth}",
                f'x: Input(shape=[2])\nu: use(network="N{depth - 1}", repeat=200) <- input=x\no: Output <- u',
            )
        )
    start = time.monotonic()
    found = said_by(notebook(*cells))
    assert time.monotonic() - start < 60  # 200 ** 4 nodes would take days
    assert ("W116", "N4", "") in found
    assert ("W116", "N1", "") not in found


def tower(storeys: int, *, twice: bool = False) -> Notebook:
    """Networks of which each stands in the next; `twice`: two beside each other, both standing in both of the next."""
    cells = []
    for level in range(storeys):
        for side in "ab" if twice else "a":
            uses = "".join(
                f'\nu{other}: use(network="N{level - 1}{other}") <- input={"x" if other == "a" else "ua"}'
                for other in ("ab" if twice else "a")
                if level
            )
            end = f"u{'b' if twice else 'a'}" if level else "d"
            inner = uses or "\nd: Dense(units=2) <- x"
            cells.append(nested(f"N{level}{side}", f"x: Input(shape=[2]){inner}\no: Output <- {end}"))
    return notebook(*cells)


def test_networks_stand_in_each_other_fifty_deep_and_beyond_that_it_is_told_once() -> None:
    program = check(tower(MOST_LEVELS)).programs[f"N{MOST_LEVELS - 1}a"]
    assert [call.node for call in program.calls] == ["/".join(["ua"] * (MOST_LEVELS - 1) + ["d"])]
    found = check(tower(MOST_LEVELS + 20))
    assert [(problem.code, problem.at.cell) for problem in found.problems] == [("W117", f"N{MOST_LEVELS}a")]
    assert len(found.programs) == MOST_LEVELS


def test_many_ways_to_the_same_network_are_gone_once() -> None:
    assert len(set(cell_keys(tower(40, twice=True)).values())) == 40  # 2 ** 39 ways


def test_equal_networks_are_offered_as_one() -> None:
    copy = BLOCK.model_copy(update={"id": "copy", "name": "Copy"})
    twice = nested(
        "Twice",
        """
        i: Input(shape=[8, 8, 4])
        a: use(network="Block") <- x=i
        b: use(network="Copy") <- x=a.x
        o: Output <- b.x
        """,
    )
    book = notebook(BLOCK, copy, twice)
    (problem,) = check(book).problems
    assert (problem.code, problem.at.cell, problem.severity) == ("W115", "Copy", "info")
    one = accepted(book, problem.fixes[0])
    assert [cell.name for cell in one.cells] == ["Block", "Twice"]
    assert said_by(one) == []
    before, after = check(book).programs["Twice"], check(one).programs["Twice"]
    assert [(call.node, call.arguments) for call in before.calls] == [
        (call.node, call.arguments) for call in after.calls
    ]
    assert [code for code, _, _ in said_by(notebook(BLOCK, copy))] == []


def test_nodes_follow_when_their_network_is_renamed() -> None:
    book = apply(NOTEBOOKS["residual"], RenameCell(cell="block", name="Residual block"))
    assert book.cell("Res").nodes["body"].kind == "network:Residual block"
    assert said_by(book) == []
    assert "body/wide" in {call.node for call in check(book).programs["Res"].calls}


def test_wires_follow_when_an_input_or_output_is_renamed() -> None:
    changes = [SetLabel(cell="block", node="x", label="images"), SetLabel(cell="block", node="out", label="features")]
    book = apply_all(NOTEBOOKS["residual"], changes)
    ports = {
        (wire.source.port, wire.target.port)
        for wire in book.cell("Res").wires.values()
        if "body" in (wire.source.node, wire.target.node)
    }
    assert ports == {("output", "images"), ("features", "inputs")}
    assert said_by(book) == []


def test_kind_of_a_node_becomes_a_network_and_keeps_its_wires() -> None:
    main = nested("Main", "i: Input(shape=[8, 8, 4])\nc: Conv2D(filters=4, kernel_size=3) <- i\no: Output <- c")
    book = apply(notebook(BLOCK, main), SetKind(cell="main", node="c", kind="network:Block"))
    assert said_by(book) == []


def test_keys_cover_what_is_inside_and_not_what_it_is_called() -> None:
    book = NOTEBOOKS["residual"]
    networks = networks_by_name(book)
    key = network_key(networks["Res"], networks)
    renamed = networks_by_name(apply(book, RenameCell(cell="block", name="Other")))
    assert network_key(renamed["Res"], renamed) == key
    wide = BLOCK.nodes["wide"].model_copy(update={"params": {**BLOCK.nodes["wide"].params, "activation": "tanh"}})
    edited = notebook(with_node(BLOCK, "wide", wide), RESNET)
    assert cell_keys(edited)["Res"] != cell_keys(book)["Res"] == key
    four = BLOCK.model_copy(update={"parameters": {"filters": NetworkParameter(default=8)}})
    assert cell_keys(notebook(four, RESNET))["Res"] != key
    assert cell_keys(with_body(repeat=4))["Res"] != key


def test_an_edit_lays_out_only_what_it_changes() -> None:
    cells = [
        BLOCK,
        nested(
            "Many",
            "i: Input(shape=[8, 8, 4])\n"
            + "\n".join(f'u{n}: use(network="Block") <- x={"i" if n == 0 else f"u{n - 1}.x"}' for n in range(20))
            + "\no: Output <- u19.x",
        ),
    ]
    before = check(notebook(*cells)).programs["Many"]
    inside = apply(notebook(*cells), SetParameter(cell="block", node="wide", parameter="kernel_size", value=5))
    within = check(inside).programs["Many"]
    assert all(one is other for one, other in zip(before.calls, within.calls, strict=True))
    assert [id_ for id_, layer in within.layers.items() if layer is not before.layers[id_]] == [
        f"u{n}/wide" for n in range(20)
    ]
    edited = apply(notebook(*cells), SetParameter(cell="many", node="u10", parameter="filters", value=6))
    again = check(edited).programs["Many"]
    kept = [one is other for one, other in zip(before.calls, again.calls, strict=True)]
    # Layers hold the arguments, so that the calls of the edited use are equal too, and all others the very same.
    assert {call.node for call, same in zip(again.calls, kept, strict=True) if not same} <= {
        f"u10/{inner}" for inner in BLOCK.nodes
    }
    assert again.layers["u10/back"].params["filters"] == 6
    assert again.layers["u9/back"].params["filters"] == 4


def test_flat_program_of_a_plain_network_is_itself() -> None:
    program = check(notebook(BLOCK)).programs["Block"]
    assert flat_program(program, {}) is program
