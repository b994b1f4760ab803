"""Kinds, parameters, labels and shares against the catalogue."""

from __future__ import annotations

import pytest
from network_text import accepted, broken_fixes, network, said

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.document import NetworkCell, Node, Notebook
from weftwork.compiler.passes.draft import begin
from weftwork.compiler.passes.find_faults import find_faults
from weftwork.compiler.passes.resolve_kinds import resolve_kinds
from weftwork.compiler.problems import Problem


def problems_of(notebook: Notebook) -> tuple[Problem, ...]:
    return resolve_kinds(begin(notebook.networks()[0], catalogue())).problems


def one(call: str) -> NetworkCell:
    """A network of one node."""
    return network(f"it: {call}")


DENSE = "Dense(units=3, {})".format
L3 = {"kind": "L2", "params": {"l3": 1}}
CASES = {
    "all is well": (one("Dense(units=3, activation='relu', kernel_initializer='he_normal')"), []),
    "objects by class": (
        one(DENSE("kernel_initializer={'kind': 'HeNormal', 'params': {'seed': 1}}")),
        [],
    ),
    "a layer in a layer": (
        one("TimeDistributed(layer={'kind': 'Dense', 'params': {'units': 3}})"),
        [],
    ),
    "nothing where nothing is allowed": (one(DENSE("activation=None, kernel_regularizer=None")), []),
    "a size for each direction": (one("Conv2D(filters=2, kernel_size=[3, 5], strides=2)"), []),
    "unknown kind": (one("Dens(units=3)"), [("P301", "it")]),
    "unknown kind, far from any": (one("Qqqq"), [("P301", "it")]),
    "unknown parameter": (one("Dense(unit=3, units=3)"), [("P302", "it.unit")]),
    "misspelt parameter": (
        one("Conv2D(filters=2, kernel_sise=3)"),
        [("P302", "it.kernel_sise")],
    ),
    "missing parameter": (one("Dense"), [("P303", "it.units")]),
    "number as text": (one("Dense(units='3')"), [("P304", "it.units")]),
    "fraction for a count": (one("Dense(units=3.0)"), [("P304", "it.units")]),
    "word for a number": (one("Dense(units='many')"), [("P304", "it.units")]),
    "truth for a number": (one("Dense(units=True)"), [("P304", "it.units")]),
    "number for truth": (one(DENSE("use_bias=1")), [("P304", "it.use_bias")]),
    "nothing for a count": (one("Dense(units=None)"), [("P304", "it.units")]),
    "text for sizes": (one("Conv2D(filters=2, kernel_size='(3, 3)')"), [("P304", "it.kernel_size")]),
    "one size for a shape": (one("Input(shape=28)"), [("P304", "it.shape")]),
    "sizes as text for a shape": (one("Input(shape='28, 28')"), [("P304", "it.shape")]),
    "below the range": (one("Dense(units=0)"), [("P305", "it.units")]),
    "above the range": (one("Dropout(rate=1.5)"), [("P305", "it.rate")]),
    "one size below the range": (one("Conv2D(filters=2, kernel_size=[3, 0])"), [("P305", "it.kernel_size")]),
    "none of the choices": (one("Conv2D(filters=2, kernel_size=3, padding='vaild')"), [("P306", "it.padding")]),
    "no such number type": (one(DENSE("dtype='float23'")), [("P306", "it.dtype")]),
    "no such activation": (one(DENSE("activation='rleu'")), [("P307", "it.activation")]),
    "no such initializer": (one(DENSE("kernel_initializer='he_norml'")), [("P307", "it.kernel_initializer")]),
    "no such initializer class": (
        one(DENSE("kernel_initializer={'kind': 'HeNorml', 'params': {}}")),
        [("P307", "it.kernel_initializer")],
    ),
    "an initializer for a regularizer": (
        one(DENSE("kernel_regularizer={'kind': 'HeNormal', 'params': {}}")),
        [("P307", "it.kernel_regularizer")],
    ),
    "a number for an initializer": (one(DENSE("kernel_initializer=3")), [("P307", "it.kernel_initializer")]),
    "an object without a kind": (one(DENSE("kernel_initializer={'seed': 3}")), [("P307", "it.kernel_initializer")]),
    "a bad argument of an object": (
        one(DENSE("kernel_initializer={'kind': 'HeNormal', 'params': {'sed': 1}}")),
        [("P302", "it.kernel_initializer.sed")],
    ),
    "a bad argument of a layer in a layer": (
        one("Bidirectional(layer={'kind': 'LSTM', 'params': {'units': '4'}})"),
        [("P304", "it.layer.units")],
    ),
    "a bad argument two layers deep": (
        one(f"TimeDistributed(layer={{'kind': 'Dense', 'params': {{'units': 3, 'kernel_regularizer': {L3}}}}})"),
        [("P302", "it.layer.kernel_regularizer.l3")],
    ),
    "a missing argument of a layer in a layer": (
        one("TimeDistributed(layer={'kind': 'Dense', 'params': {}})"),
        [("P303", "it.layer.units")],
    ),
    "a kind that wraps code": (one("Lambda"), [("P313", "it")]),
    "shared weights": (network("a: Dense(units=3)\nb: Dense [shares=a]"), []),
    "shared weights of a missing node": (network("b: Dense(units=3) [shares=a]"), [("P308", "b")]),
    "shared weights of another kind": (network("a: Flatten\nb: Dense(units=3) [shares=a]"), [("P309", "b")]),
    "shares itself": (network("b: Dense(units=3) [shares=b]"), [("P310", "b")]),
    "a slash in a label": (network("a: Flatten [label=in/out]"), [("P311", "a")]),
    "one label twice": (network("a: Flatten [label=flat]\nb: Flatten [label=flat]"), [("P312", "b")]),
    "an Output called like its layer": (network("a: Flatten [label=digit]\nb: Output [label=digit]"), []),
}


@pytest.mark.parametrize(("cell", "expected"), CASES.values(), ids=CASES)
def test_mistake_is_reported_at_its_parameter(cell, expected):
    assert said(problems_of(Notebook(cells=(cell,)))) == expected


@pytest.mark.parametrize("cell", [cell for cell, _ in CASES.values()], ids=CASES)
def test_fixes_mend_the_parameter(cell):
    assert broken_fixes(Notebook(cells=(cell,)), problems_of) == []


@pytest.mark.parametrize(
    ("call", "name", "value"),
    [
        ("Dense(units='3')", "units", 3),
        ("Dense(units=3.0)", "units", 3),
        ("Dense(units=0)", "units", 1),
        ("Dropout(rate=1.5)", "rate", 1.0),
        ("Dropout(rate='0.5')", "rate", 0.5),
        ("Input(shape=28)", "shape", [28]),
        ("Input(shape='28, 28')", "shape", [28, 28]),
        ("Conv2D(filters=2, kernel_size='(3, 3)')", "kernel_size", [3, 3]),
        ("Conv2D(filters=2, kernel_size=[3, 0])", "kernel_size", [3, 1]),
        ("Conv2D(filters=2, kernel_size=3, padding='Same')", "padding", "same"),
        ("Dense(units=3, use_bias=0)", "use_bias", False),
        ("Dense(units=3, use_bias='true')", "use_bias", True),
        ("Dense(units=3, activation='rleu')", "activation", "relu"),
        ("Dense(units=3, dtype='float23')", "dtype", "float32"),
        (
            "Dense(units=3, kernel_regularizer={'kind': 'l2', 'params': {}})",
            "kernel_regularizer",
            {"kind": "L2", "params": {}},
        ),
        (
            "Bidirectional(layer={'kind': 'LSTM', 'params': {'units': '4'}})",
            "layer",
            {"kind": "LSTM", "params": {"units": 4}},
        ),
    ],
)
def test_first_fix_sets_what_was_plainly_meant(call, name, value):
    notebook = Notebook(cells=(one(call),))
    (problem,) = problems_of(notebook)
    mended = accepted(notebook, problem.fixes[0])
    assert mended.networks()[0].nodes["it"].params[name] == value
    assert problems_of(mended) == ()


def test_unknown_kind_offers_the_closest_one_or_to_remove_it():
    (problem,) = problems_of(Notebook(cells=(one("Dens(units=3)"),)))
    assert [fix.title for fix in problem.fixes] == ["Make it a Dense", "Remove dens"]


def test_misspelt_parameter_is_renamed_and_keeps_its_value():
    notebook = Notebook(cells=(one("Dense(unts=7)"),))
    (problem,) = problems_of(notebook)
    assert problem.fixes[0].title == "Rename unts to units"
    assert accepted(notebook, problem.fixes[0]).networks()[0].nodes["it"].params == {"units": 7}


@pytest.mark.parametrize(("short", "name"), [("gb", "go_backwards"), ("unroll_", "unroll"), ("go", "go_backwards")])
def test_abbreviated_parameter_is_written_out(short, name):
    notebook = Notebook(cells=(one(f"LSTM(units=3, {short}=True)"),))
    (problem,) = problems_of(notebook)
    assert accepted(notebook, problem.fixes[0]).networks()[0].nodes["it"].params == {"units": 3, name: True}


def test_every_kind_with_its_suggested_values_has_no_fault():
    for kind in catalogue().kinds.values():
        if kind.unbuildable:
            continue
        needed = [parameter for parameter in kind.parameters.values() if parameter.required]
        if all(parameter.suggested is not None for parameter in needed):
            node = Node(kind=kind.name, params={parameter.name: parameter.suggested for parameter in needed})
            cell = NetworkCell(id="net_1", name="net", nodes={"it": node})
            assert problems_of(Notebook(cells=(cell,))) == (), kind.name


def test_every_default_of_the_catalogue_is_accepted():
    """What Keras takes by default can be written out."""
    for kind in catalogue().kinds.values():
        defaults = {name: known.default for name, known in kind.parameters.items() if not known.required}
        optional = {name: kind.parameters[name] for name in defaults}
        assert [fault.message for fault in find_faults(defaults, optional, kind.name)] == []


def test_message_says_what_was_expected_and_what_was_found():
    (problem,) = problems_of(Notebook(cells=(network("it: Dense(units='many') [label=hidden]"),)))
    assert problem.message == 'units of hidden must be a whole number, not "many".'


def test_node_that_is_not_built_gives_warnings():
    text = "x: Input(shape=[4])\nout: Output <- x\nlost: Dense(units=0)"
    (problem,) = problems_of(Notebook(cells=(network(text),)))
    assert (problem.code, problem.severity) == ("P305", "warning")
