"""Which lines of a network's Python stand for which node, against what the lines themselves say. No Keras."""

from __future__ import annotations

import ast

import pytest
from nested_networks import BLOCK, MAIN, NOTEBOOKS, RESNET, notebook

from weftwork.compiler.code_lines import CodeLines, code_lines
from weftwork.compiler.document import Notebook
from weftwork.compiler.nesting.references import network_name
from weftwork.compiler.pipeline import check


def with_body(**fields: object) -> Notebook:
    body = RESNET.nodes["body"].model_copy(update=fields)
    return notebook(BLOCK, RESNET.model_copy(update={"nodes": {**RESNET.nodes, "body": body}}))


BOOKS = {
    **{name: (NOTEBOOKS[name], MAIN[name]) for name in ("residual", "inception", "transformer")},
    "made once": (with_body(weights="shared"), "Res"),
    "laid out flat": (with_body(params={"trainable": False}), "Res"),
}


def lines_of(code: CodeLines, network: str, node: str) -> str:
    rows = code.source.split("\n")
    return "\n".join(rows[number - 1] for number in code.lines_of(network, node))


@pytest.mark.parametrize("name", BOOKS)
def test_every_node_has_the_lines_that_make_it(name: str) -> None:
    book, main = BOOKS[name]
    code = code_lines(check(book).programs[main])
    ast.parse(code.source)
    for cell in book.networks():
        flat = name == "laid out flat" and cell.name != main
        for id_, node in cell.nodes.items():
            lines = lines_of(code, main, f"body:2/{id_}") if flat else lines_of(code, cell.name, id_)
            if flat and node.kind in ("Input", "Output"):
                assert lines == ""
                continue
            inner = network_name(node.kind)
            kind = {"Input": "keras.Input(" if cell.name == main else "", "Output": "return "}.get(node.kind)
            expected = kind if kind is not None else f"layers.{node.kind}("
            if inner is None:
                assert expected in lines
            else:
                assert inner.lower().split()[0] in lines or "layers." in lines


@pytest.mark.parametrize("name", BOOKS)
def test_every_line_of_a_call_leads_to_its_node(name: str) -> None:
    book, main = BOOKS[name]
    code = code_lines(check(book).programs[main])
    cells = {cell.name: cell for cell in book.networks()}
    for number, line in enumerate(code.source.split("\n"), start=1):
        place = code.at(number)
        if "= layers." in line or "return layers." in line:
            assert place is not None
            inner = place.node.rpartition("/")[2]
            cell = cells["Block" if "/" in place.node else place.network]
            assert f"layers.{cell.nodes[inner].kind}(" in line
        if line.startswith(("import", "from", "def", "@")) or not line:
            assert place is None


def test_the_node_of_a_network_laid_out_flat_has_all_lines_of_its_repetitions() -> None:
    code = code_lines(check(with_body(params={"trainable": False})).programs["Res"])
    inside = [place for place in code.places if place.node.startswith("body")]
    assert {place.node.partition("/")[0] for place in inside} == {"body", "body:2", "body:3"}
    lines = [number for place in inside for number in range(place.first, place.last + 1)]
    assert code.lines_of("Res", "body") == lines


def test_code_that_cannot_be_formatted_keeps_its_places() -> None:
    program = check(NOTEBOOKS["residual"]).programs["Res"]
    as_written, as_formatted = code_lines(program, lambda text: text), code_lines(program)
    assert [(p.network, p.node) for p in as_written.places] == [(p.network, p.node) for p in as_formatted.places]
