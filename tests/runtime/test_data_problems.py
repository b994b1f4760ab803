"""Every mistake in data is a problem with a place; and taking its fix removes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.document import DataCell, Notebook
from weftwork.runtime.data.load import describe, load
from weftwork.runtime.data.source import UnusableData

from .data_cells import data_cell, split, step, write_pictures, write_table

GOOD = "size,colour,price\n" + "\n".join(f"{i * 1.5},{'red' if i % 3 else 'blue'},{i * i + 7.5}" for i in range(20))


def table(text: str = GOOD, **fields) -> tuple[dict[str, object], DataCell]:
    return {"table.csv": text}, data_cell("csv", "table.csv", **fields)


def archive(**arrays) -> tuple[dict[str, object], DataCell]:
    return {"set.npz": arrays}, data_cell("npz", "set.npz")


def without(text: str, row: int, column: int, value: str = "") -> str:
    lines = [line.split(",") for line in text.splitlines()]
    lines[row][column] = value
    return "\n".join(",".join(line) for line in lines)


# name: files and cell, code, a part of the message, the parameter, whether its first fix leaves nothing of it
CASES = {
    "no source chosen": (({}, data_cell("gallery")), "D501", "No set is chosen", "location", False),
    "unknown set": (({}, data_cell("gallery", "mnits")), "D501", "no set ‘mnits’", "location", True),
    "unknown source": (({}, data_cell("cvs", "table.csv")), "D523", "called ‘cvs’", "source", False),
    "missing file": (({"tables.csv": GOOD}, data_cell("csv", "table.csv")), "D502", "no ‘table.csv’", "location", True),
    "no file": (({}, data_cell("csv")), "D502", "No file is chosen", "location", False),
    "zero byte": (({}, data_cell("csv", "a\0b")), "D502", "zero byte", "location", False),
    "folder as table": (({"d/x.csv": GOOD}, data_cell("csv", "d")), "D502", "is a folder", "location", False),
    "parent folder": (({}, data_cell("csv", "../secret.csv")), "D503", "lies outside", "location", False),
    "absolute path": (({}, data_cell("npz", "/etc/passwd")), "D503", "lies outside", "location", False),
    "binary as table": (({"table.csv": b"a,b\n\0\0,1"}, data_cell("csv", "table.csv")), "D504", "text file", "", False),
    "wrong encoding": (table("é,y\n1,2\n", options={"encoding": "ascii"}), "D504", "is not ascii", "", False),
    "empty file": (table(""), "D505", "is empty", "location", False),
    "only a header": (table("a,b\n"), "D505", "has a header and no rows", "location", False),
    "one row": (table("a,b\n1,2.5\n"), "D505", "1 row is left", "location", False),
    "ragged": (table("a,b\n1,2\n1,2,3\n4\n"), "D506", "2 columns, but line 3 has 3, line 4 has 1", "location", False),
    "mixed": (
        table(without(GOOD, 4, 0, "big")),
        "D507",
        "‘size’ holds numbers, but ‘big’ in row 4",
        "types.size",
        False,
    ),
    "target absent": (table(roles={"prize": "target"}), "D508", "no target column ‘prize’", "roles.prize", True),
    "role of no column": (table(roles={"siez": "ignore"}), "D509", "no column ‘siez’", "roles.siez", True),
    "type of no column": (table(types={"siez": "number"}), "D509", "no column ‘siez’", "types.siez", True),
    "unknown role": (table(roles={"size": "input"}), "D526", "unknown role ‘input’", "roles.size", True),
    "unknown type": (table(types={"size": "float"}), "D526", "unknown type ‘float’", "types.size", True),
    "nothing to learn from": (
        table(roles={"size": "ignore", "colour": "ignore", "price": "target"}),
        "D508",
        "No column",
        "roles",
        False,
    ),
    "gap in a feature": (table(without(GOOD, 3, 0)), "D510", "‘size’ has no value in 1 row: 3", "columns.size", True),
    "infinite feature": (table(without(GOOD, 3, 0, "inf")), "D510", "missing or infinite", "columns.size", False),
    "gap in a category": (table(without(GOOD, 3, 1)), "D510", "‘colour’ has no value", "columns.colour", True),
    "gap in the target": (table(without(GOOD, 3, 2)), "D511", "target ‘price’ has no value", "columns.price", True),
    "one class": (table("a,y\n1,no\n2,no\n3,no\n"), "D512", "class ‘no’", "roles.y", False),
    "class of one row": (
        table("a,y\n1,no\n2,no\n3,no\n4,yes\n", split=split(by="stratified")),
        "D513",
        "Class ‘yes’ has a single row",
        "split.by",
        True,
    ),
    "share of one": (table(split=split(1.0)), "D519", "between 0 and 1, not 1", "split.validation", True),
    "share of nothing": (table(split=split(0)), "D519", "between 0 and 1, not 0", "split.validation", True),
    "share no number": (table(split=split(float("nan"))), "D519", "not nan", "split.validation", True),
    "unknown split": (table(split=split(by="luck")), "D519", "called ‘luck’", "split.by", True),
    "constant": (table("a,b,y\n1,7,x\n2,7,y\n3,7,x\n4,7,y\n"), "D520", "‘b’ has the same value", "columns.b", True),
    "identifier": (
        table("id,b,y\n" + "\n".join(f"{i + 100},{i % 7},{'xy'[i % 2]}" for i in range(20))),
        "D521",
        "Column ‘id’ has another value in every row",
        "columns.id",
        True,
    ),
    "names of rows": (
        table("name,b,y\n" + "\n".join(f"person {i},{i % 7},{'xy'[i % 2]}" for i in range(20))),
        "D521",
        "Column ‘name’",
        "columns.name",
        True,
    ),
    "long text": (
        table("note,b,y\n" + "\n".join(f"note no {i},{i % 7},{'xy'[i % 2]}" for i in range(80))),
        "D531",
        "‘note’ holds text",
        "roles.note",
        True,
    ),
    "unknown step": (table(preparation=(step("standardize"),)), "D524", "‘standardize’", "preparation.0", True),
    "step of no column": (table(preparation=(step("rescale", "siez"),)), "D509", "‘siez’", "preparation.0", True),
    "step that cannot": (table(preparation=(step("rescale", "colour"),)), "D524", "‘colour’", "preparation.0", True),
    "unknown strategy": (table(preparation=(step("impute", strategy="mode"),)), "D526", "mode", "preparation.0", True),
    "scale no number": (table(preparation=(step("rescale", scale="1"),)), "D526", "scale", "preparation.0", True),
    "long delimiter": (table(options={"delimiter": "::"}), "D526", "one character", "options.delimiter", True),
    "delimiter no text": (table(options={"delimiter": 3}), "D526", "a text", "options.delimiter", True),
    "unknown encoding": (table(options={"encoding": "latin-99"}), "D526", "no encoding", "options.encoding", True),
    "name twice": (table("a,a,y\n1,2,3\n2,3,4\n"), "D529", "Two columns are called ‘a’", "location", False),
    "not utf-8": (
        ({"table.csv": "né,y\n1,2.5\n2,3.5\n".encode("cp1252")}, data_cell("csv", "table.csv")),
        "D527",
        "not UTF-8 (line 1)",
        "location",
        True,
    ),
    "not an archive": (({"set.npz": b"PK no"}, data_cell("npz", "set.npz")), "D504", "no NumPy archive", "", False),
    "one array": (({"set.npz": np.zeros(3)}, data_cell("npz", "set.npz")), "D504", "one array", "location", False),
    "no arrays": (archive(), "D505", "holds no arrays", "location", False),
    "pickled": (archive(x=np.array([{}, {}], dtype=object)), "D517", "pickled Python objects", "location", False),
    "unequal lengths": (archive(x=np.zeros((5, 2)), y=np.zeros(4)), "D518", "‘x’ has 5, ‘y’ has 4", "location", False),
    "single value": (archive(x=np.zeros(5), n=np.int64(3)), "D518", "‘n’ is a single value", "location", False),
    "complex numbers": (archive(x=np.zeros((5, 2), dtype=complex)), "D504", "complex", "location", False),
    "parts that differ": (archive(x_train=np.ones((5, 2)), x_val=np.ones((4, 3))), "D518", "other shapes", "", False),
    "array with a gap": (
        archive(x=np.full((5, 2), np.nan), y=np.arange(5.0)),
        "D510",
        "‘x’ has no",
        "columns.x",
        False,
    ),
    "short series": (
        ({}, data_cell("gallery", "sunspots", options={"window": 400})),
        "D525",
        "309 steps, too few for windows of 400",
        "options.window",
        True,
    ),
    "window no number": (
        ({}, data_cell("gallery", "sunspots", options={"window": "long"})),
        "D526",
        "Option window must be a whole number of at least 1, not 'long'",
        "options.window",
        True,
    ),
    "series of words": (
        table("a,b\nx,y\ny,x\nx,x\n", options={"window": 1}),
        "D508",
        "A series needs a column of numbers",
        "roles",
        False,
    ),
}


def laid_out(folder: Path, files: dict[str, object]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        match content:
            case bytes():
                (folder / name).write_bytes(content)
            case str():
                (folder / name).write_text(content, encoding="utf-8")
            case np.ndarray():
                with open(folder / name, "wb") as file:
                    np.save(file, content)
            case dict():
                np.savez(folder / name, **content)


@pytest.mark.parametrize("name", CASES)
def test_mistake_is_a_problem_with_its_place(name, tmp_path):
    (files, cell), code, message, parameter, _ = CASES[name]
    laid_out(tmp_path, files)
    _, problems = describe(cell, tmp_path)
    found = [problem for problem in problems if problem.code == code]
    assert len(found) == 1, problems
    assert message in found[0].message
    assert found[0].at.cell == "Data"
    assert found[0].at.parameter == (parameter or found[0].at.parameter)
    others = {problem.code for problem in problems if problem.severity == "error"} - {code}
    assert others == set(), "one cause, one problem"


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[-1]])
def test_first_fix_removes_the_problem(name, tmp_path):
    (files, cell), code, _, _, _ = CASES[name]
    laid_out(tmp_path, files)
    notebook = Notebook(cells=(cell,))
    fix = next(problem for problem in describe(cell, tmp_path)[1] if problem.code == code).fixes[0]
    mended = apply_all(notebook, fix.changes).cells[0]
    description, problems = describe(mended, tmp_path)
    assert code not in {problem.code for problem in problems}
    assert description.rows > 0


@pytest.mark.parametrize("name", CASES)
def test_load_refuses_what_has_errors_and_takes_what_has_warnings(name, tmp_path):
    files, cell = CASES[name][0]
    laid_out(tmp_path, files)
    errors = [problem.code for problem in describe(cell, tmp_path)[1] if problem.severity == "error"]
    if errors:
        with pytest.raises(UnusableData) as refused:
            load(cell, tmp_path)
        assert [problem.code for problem in refused.value.problems] == errors
    else:
        dataset = load(cell, tmp_path)
        assert all(np.isfinite(values).all() for values in dataset.train.values())


@pytest.mark.parametrize(
    ("fix", "expected"), [(0, ["D510"]), (1, []), (2, ["D521"])], ids=["missing", "category", "ignore"]
)
def test_mixed_column_can_be_mended_in_three_ways(tmp_path, fix, expected):
    text = "id,size,y\n" + "\n".join(f"{i},{'big' if i == 3 else i % 4},{'xy'[i % 2]}" for i in range(20))
    write_table(tmp_path, text)
    cell = data_cell("csv", "table.csv", roles={} if fix == 2 else {"id": "ignore"})
    problem = describe(cell, tmp_path)[1][0]
    mended = apply_all(Notebook(cells=(cell,)), problem.fixes[fix].changes).cells[0]
    assert [problem.code for problem in describe(mended, tmp_path)[1]] == expected


def test_symbolic_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "book").mkdir()
    write_table(tmp_path, GOOD)
    (tmp_path / "book" / "table.csv").symlink_to(tmp_path / "table.csv")
    _, problems = describe(data_cell("csv", "table.csv"), tmp_path / "book")
    assert [problem.code for problem in problems] == ["D503"]


def test_pictures_without_class_folders(tmp_path):
    write_pictures(tmp_path, {"": 3})
    _, problems = describe(data_cell("images", "pictures"), tmp_path)
    assert [(problem.code, problem.message) for problem in problems] == [("D515", "‘pictures’ has no class folders")]


def test_unreadable_pictures_are_named(tmp_path):
    root = write_pictures(tmp_path, {"a": 3, "b": 3})
    (root / "a" / "00.png").write_bytes(b"not a picture")
    content = (root / "b" / "01.png").read_bytes()
    (root / "b" / "01.png").write_bytes(content[: len(content) // 2])
    _, problems = describe(data_cell("images", "pictures"), tmp_path)
    assert [(p.code, p.message) for p in problems] == [("D514", "Pictures cannot be read: ‘a/00.png’, ‘b/01.png’")]


def test_pictures_of_two_sizes_can_be_resized(tmp_path):
    write_pictures(tmp_path, {"a": 4})
    write_pictures(tmp_path, {"b": 2}, size=(9, 9))
    cell = data_cell("images", "pictures")
    problem = describe(cell, tmp_path)[1][0]
    assert (problem.code, problem.message) == ("D516", "The pictures have 2 sizes: 4 of 6 × 8, 2 of 9 × 9")
    mended = apply_all(Notebook(cells=(cell,)), problem.fixes[0].changes).cells[0]
    description, problems = describe(mended, tmp_path)
    assert problems == []
    assert description.fields["image"].shape == (6, 8, 1)


def test_empty_class_folder_is_a_warning_and_no_class(tmp_path):
    root = write_pictures(tmp_path, {"a": 3, "c": 3})
    (root / "b").mkdir()
    description, problems = describe(data_cell("images", "pictures"), tmp_path)
    assert [(p.code, p.severity, p.message) for p in problems] == [("D515", "warning", "No pictures in ‘b’")]
    assert description.fields["label"].classes == ("a", "c")


@pytest.mark.parametrize("size", [0, -3, 99999, [3], [3, "4"], "big", True, [2.5, 2]])
def test_impossible_picture_size_is_a_problem(tmp_path, size):
    write_pictures(tmp_path, {"a": 3, "b": 3})
    _, problems = describe(data_cell("images", "pictures", options={"size": size}), tmp_path)
    assert [(problem.code, problem.at.parameter) for problem in problems] == [("D526", "options.size")]
