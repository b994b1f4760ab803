"""What uses what, in which order it runs, and that references follow a new name."""

import pytest

from weftwork.compiler.apply_change import apply
from weftwork.compiler.cell_graph import by_name, in_order, used_names
from weftwork.compiler.changes import RenameCell, SetField
from weftwork.compiler.document import (
    CodeCell,
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Notebook,
    TextCell,
    TrainingCell,
)
from weftwork.compiler.document_file import read_notebook
from weftwork.compiler.keys import cell_keys
from weftwork.compiler.live_values import mentions
from weftwork.compiler.run_plan import needed_for, run_order, with_dependents
from weftwork.compiler.write_notebook import write_notebook

# From last to first, so that the page's order is not the order of use.
NOTEBOOK = Notebook(
    cells=(
        TextCell(
            id="text", name="story", text="It reached {{ fit 2.val_accuracy }} on {{oaks.rows}} rows; `{{fit.x}}`"
        ),
        ExportCell(id="out", name="out", training="fit 2"),
        EvaluationCell(id="look", name="look", training="fit 2"),
        TrainingCell(id="fit2", name="fit 2", network="net", data="oaks"),
        TrainingCell(id="fit", name="fit", network="net", data="oaks"),
        NetworkCell(id="net", name="net"),
        DataCell(id="data", name="oaks"),
    )
)


def test_cells_are_used_by_fields_and_by_prose():
    cells = by_name(NOTEBOOK)
    assert used_names(cells["story"]) == ["fit 2", "oaks"]
    assert used_names(cells["fit"]) == ["net", "oaks"]


def test_order_runs_each_cell_after_what_it_uses():
    order = in_order(NOTEBOOK)
    for cell in NOTEBOOK.cells:
        assert all(order.index(used) < order.index(cell.name) for used in used_names(cell))


def test_plan_holds_what_can_be_run_and_keeps_the_order_of_the_page():
    assert run_order(NOTEBOOK) == ["fit 2", "out", "look", "fit"]
    assert run_order(NOTEBOOK, {"look", "fit", "net"}) == ["look", "fit"]
    assert needed_for(NOTEBOOK, "look") == ["fit 2", "look"]
    assert with_dependents(NOTEBOOK, {"fit 2"}) == ["fit 2", "out", "look"]


def test_cells_in_a_circle_have_no_order_and_no_key():
    circle = apply(NOTEBOOK, SetField(cell="fit2", field="network", value="look"))
    assert set(in_order(circle)) == {"net", "oaks", "fit"}
    assert run_order(circle) == ["fit"]
    assert set(cell_keys(circle)) == {"net", "oaks", "fit"}


def test_rename_is_followed_by_fields_and_prose():
    renamed = by_name(apply(NOTEBOOK, RenameCell(cell="fit2", name="long fit")))
    assert renamed["look"].training == "long fit"
    assert renamed["story"].text == "It reached {{ long fit.val_accuracy }} on {{oaks.rows}} rows; `{{fit.x}}`"


def test_data_from_a_function_use_its_code_cell_and_follow_it():
    rows = DataCell(id="rows", name="rows", source="code", location="make v.1.rows")
    notebook = Notebook(cells=(CodeCell(id="code", name="make v.1", code="def rows(): ..."), rows))
    assert used_names(rows) == ["make v.1"]
    renamed = apply(notebook, RenameCell(cell="code", name="make"))
    assert renamed.cell("rows").location == "make.rows"
    assert cell_keys(renamed)["rows"] == cell_keys(notebook)["rows"]
    edited = apply(notebook, SetField(cell="code", field="code", value="def rows(): return 1"))
    assert cell_keys(edited)["rows"] != cell_keys(notebook)["rows"]


def test_rename_of_the_second_of_two_cells_with_one_name_leaves_references_with_the_first():
    double = Notebook(
        cells=(
            TrainingCell(id="one", name="fit"),
            TrainingCell(id="two", name="fit"),
            EvaluationCell(id="e", name="e", training="fit"),
        )
    )
    assert apply(double, RenameCell(cell="two", name="fit 2")).cell("e").training == "fit"
    assert apply(double, RenameCell(cell="one", name="fit 2")).cell("e").training == "fit 2"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{a.b}}", [("a", "b")]),
        ("{{ a b.c.d }}", [("a b.c", "d")]),
        ("x^{{2}} and {{nothing}}", []),
        ("```\n{{a.b}}\n```\n{{c.d}}", [("c", "d")]),
        ("`` `{{a.b}}` ``", []),
    ],
)
def test_live_values_are_found_outside_of_code(text, found):
    assert [(mention.cell, mention.value) for mention in mentions(text)] == found


def test_folding_is_kept_in_the_file_and_counts_for_no_key():
    folded = NOTEBOOK
    for cell in NOTEBOOK.cells:
        folded = apply(folded, SetField(cell=cell.id, field="folded", value=True))
    assert cell_keys(folded) == cell_keys(NOTEBOOK)
    assert read_notebook(write_notebook(folded))[0] == folded
    assert '"folded"' not in write_notebook(NOTEBOOK)
    unfolded = apply(folded, SetField(cell="net", field="folded", value=False))
    assert '"folded": true' not in write_notebook(Notebook(cells=(unfolded.cell("net"),)))


def test_folding_a_network_leaves_its_records_the_same_objects():
    net = NOTEBOOK.cell("net")
    folded = apply(NOTEBOOK, SetField(cell="net", field="folded", value=True)).cell("net")
    assert folded.nodes is net.nodes
    assert folded.wires is net.wires
