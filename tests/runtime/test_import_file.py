"""What is imported, what is refused and how it is said; nothing of a file runs."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from io import BytesIO

import nbformat
import pytest
from PIL import Image

from weftwork.compiler.document import CodeCell, TextCell
from weftwork.compiler.document_file import read_notebook
from weftwork.editor.picture_file import picture_with_notebook
from weftwork.gallery.cards import cards
from weftwork.runtime.exporters.carried import IN_ARCHIVE, IN_ONNX, put_into_archive, put_into_saved_model
from weftwork.runtime.exporters.python_trailer import with_trailer
from weftwork.runtime.exporters.write_ipynb import JupyterCell, ipynb_text
from weftwork.runtime.importers.import_file import LIMIT_BYTES, read_any, read_any_file, write_copy
from weftwork.runtime.importers.refused import ImportRefused

TEXT = next(card.path for card in cards() if card.name == "digits").read_text(encoding="utf-8")
CELLS = [JupyterCell("markdown", "# Digits", "text_1"), JupyterCell("code", "x = 1", "code_1")]


def archive(**members: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, text in {"config.json": "{}", **members}.items():
            file.writestr(name, text)
    return content.getvalue()


def sized(number: int, content: bytes) -> bytes:
    """A field of a protobuf: its number, its length in groups of seven bits, its content."""
    length, left = b"", len(content)
    while left > 127:
        length, left = length + bytes([left & 127 | 128]), left >> 7
    return bytes([number << 3 | 2]) + length + bytes([left]) + content


def onnx(text: str) -> bytes:
    """A file of ONNX that holds a version, a producer and an entry of metadata."""
    return b"\x08\x09" + sized(2, b"somebody") + sized(14, sized(1, IN_ONNX.encode()) + sized(2, text.encode()))


OURS = {
    "a.weft": TEXT.encode(),
    "a.ipynb": ipynb_text(CELLS, TEXT).encode(),
    "a.py": with_trailer("x = 1\n", TEXT).encode(),
    "a.png": picture_with_notebook(Image.new("RGB", (8, 8)), TEXT),
    "a.keras": archive(**{IN_ARCHIVE: TEXT}),
    "a.onnx": onnx(TEXT),
}


@pytest.mark.parametrize("name", OURS)
def test_what_we_wrote_comes_back_to_the_letter(name):
    imported = read_any(OURS[name], name)
    assert (imported.text, imported.notices) == (TEXT, [])


def test_what_travels_in_files_on_the_disk_comes_back_too(tmp_path):
    model = tmp_path / "model.keras"
    model.write_bytes(archive())
    put_into_archive(model, TEXT)
    saved = tmp_path / "saved"
    saved.mkdir()
    put_into_saved_model(saved, TEXT)
    (tmp_path / "model.onnx").write_bytes(OURS["a.onnx"])
    for path in (model, saved, tmp_path / "model.onnx"):
        assert read_any_file(path).text == TEXT
    (tmp_path / "model.onnx").write_bytes(onnx("{}").replace(IN_ONNX.encode(), b"?" * len(IN_ONNX)))
    with pytest.raises(ImportRefused, match="has no notebook inside, and ONNX models of others"):
        read_any_file(tmp_path / "model.onnx")


@pytest.mark.parametrize("name", ["a.keras", "a.onnx"])
def test_a_model_that_carries_no_text_is_refused(name):
    content = archive(**{IN_ARCHIVE: "é"}) if name == "a.keras" else onnx("é")
    torn = content.replace("é".encode(), b"\xe9\xff")
    with pytest.raises(ImportRefused):
        read_any(torn if name == "a.onnx" else torn[: len(torn) // 2], name)


def others(*cells, **metadata) -> bytes:
    return nbformat.writes(nbformat.v4.new_notebook(cells=list(cells), metadata=metadata)).encode()


def cells_of(imported) -> list:
    notebook, problems = read_notebook(imported.text)
    assert problems == []
    return [cell.text if isinstance(cell, TextCell) else (cell.name, cell.code) for cell in notebook.cells]


MD, CODE, RAW = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell, nbformat.v4.new_raw_cell


def test_notebook_of_others_becomes_text_and_code_cells_with_a_notice():
    output = nbformat.v4.new_output("stream", text="1\n")
    content = others(
        MD("# A study\n\nof $x$"), CODE("print(1)", outputs=[output]), CODE(""), CODE("%timeit 1"), RAW("r")
    )
    imported = read_any(content, "study.ipynb")
    assert cells_of(imported) == ["# A study\n\nof $x$", ("code", "print(1)"), ("code 2", "%timeit 1"), "```\nr\n```"]
    notebook, _ = read_notebook(imported.text)
    assert [cell.name for cell in notebook.cells] == ["A study", "code", "code 2", "text"]
    assert imported.notices == [
        "study.ipynb has no notebook of Weftwork inside. 2 text cells and 2 code cells were made from its cells; "
        "nothing was run.",
        "What its cells had put out was left out.",
        "1 code cell with commands of Jupyter (lines with % or !), which are no Python.",
    ]


def test_code_in_another_language_is_kept_as_text():
    content = others(CODE("x <- 1"), language_info={"name": "R"})
    imported = read_any(content, "r.ipynb")
    assert cells_of(imported) == ["```r\nx <- 1\n```"]
    assert "Its code is r, which does not run here; it is kept as text." in imported.notices


def test_old_form_of_the_format_is_read():
    old = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell(input="y = 2")])]
    )
    imported = read_any(nbformat.writes(old, version=3).encode(), "old.ipynb")
    assert cells_of(imported) == [("code", "y = 2")]


def test_code_of_others_is_never_run(tmp_path):
    trap = tmp_path / "ran"
    code = f"open({str(trap)!r}, 'w')"
    read_any(others(CODE(code)), "a.ipynb")
    read_any(with_trailer(code + "\n", TEXT).encode(), "a.py")
    assert not trap.exists()


@pytest.mark.parametrize(
    ("name", "content", "changed"),
    [
        ("a.py", OURS["a.py"].replace(b"x = 1", b"x = 2"), "lines"),
        ("a.ipynb", OURS["a.ipynb"].replace(b"x = 1", b"x = 2"), "cells"),
    ],
)
def test_changes_by_hand_are_told(name, content, changed):
    imported = read_any(content, name)
    assert imported.text == TEXT
    (notice,) = imported.notices
    assert notice.startswith(f"The {changed} of {name} were changed after the export.")


def test_running_an_exported_notebook_is_no_change():
    document = nbformat.reads(OURS["a.ipynb"].decode(), as_version=4)
    document.cells[1].outputs = [nbformat.v4.new_output("stream", text="hello")]
    document.cells[1].execution_count = 3
    assert read_any(nbformat.writes(document).encode(), "a.ipynb").notices == []


def png_with(chunk: bytes) -> bytes:
    content = BytesIO()
    Image.new("RGB", (1, 1)).save(content, "PNG")
    body = b"iTXt" + b"weftwork notebook\0\1\0\0\0" + chunk
    head, end = content.getvalue()[:33], content.getvalue()[33:]
    return head + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) + end


BAD = {
    "a program": ("a.exe", b"MZ", "is no notebook, and none can be inside"),
    "somebody's script": ("a.py", b"import os\n", "has no notebook inside"),
    "script that is no text": ("a.py", b"\xff\xfe\0", "it is not text"),
    "damaged script": ("a.py", OURS["a.py"][:-40], "is damaged: it breaks off"),
    "truncated .ipynb": ("a.ipynb", OURS["a.ipynb"][:-40], "it is not JSON, or breaks off"),
    ".ipynb of numbers": ("a.ipynb", b"[1, 2]", "it has no list of cells"),
    ".ipynb of a long number": ("a.ipynb", b'{"cells": [' + b"1" * 5000 + b"]}", "it is not JSON"),
    ".ipynb nested without end": ("a.ipynb", b"[" * 100_000, "it is not JSON"),
    "old form, malformed": ("a.ipynb", b'{"nbformat": 3, "worksheets": [7]}', "old or malformed form"),
    "notebook inside .ipynb changed": ("a.ipynb", OURS["a.ipynb"].replace(b"mnist", b"mnost"), "checksum differs"),
    "picture of something": ("a.png", png_with(b"")[:40], "has no notebook inside"),
    "bomb in a picture": ("a.png", png_with(zlib.compress(bytes(200 * 2**20), 9)), "has no notebook inside"),
    "text called picture": ("a.png", b"hello", "is no PNG picture"),
    "truncated notebook": ("a.weft", TEXT.encode()[:-40], "breaks off or is malformed"),
    "notebook of a long number": ("a.weft", b'{"cells": [], "n": ' + b"1" * 5000 + b"}", "thousands of digits"),
    "notebook that is no text": ("a.weft", b"\xff", "it is not text"),
    "empty": ("a.weft", b"", "The file is empty"),
    "huge": ("a.weft", bytes(LIMIT_BYTES + 1), "larger than 64 MB"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_refused_in_one_line(case):
    name, content, words = BAD[case]
    with pytest.raises(ImportRefused, match=words) as refused:
        read_any(content, name)
    assert "\n" not in str(refused.value)
    assert name in str(refused.value)


def test_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "a.ipynb"
    with open(path, "wb") as file:
        file.truncate(10 * 2**30)
    with pytest.raises(ImportRefused, match="larger than 64 MB"):
        read_any_file(path)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("seed", range(10))
def test_mutated_file_gives_a_notebook_or_one_line(name, seed):
    chance = random.Random(f"{name} {seed}")
    content = bytearray(OURS[name])
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(content))
        match chance.randrange(4):
            case 0:
                content[place] = chance.randrange(256)
            case 1:
                del content[place : place + chance.randint(1, 200)]
            case 2:
                content[place:place] = chance.choice([b"\0", b"{", b'"', b"[[[[", b"1e999", b"null", b"\xff"])
            case 3:
                other = chance.randrange(len(content))
                content[place:place] = content[other : other + 100]
    refusal = ""
    try:
        imported = read_any(bytes(content), name)
    except ImportRefused as error:
        refusal = str(error)
    if refusal:
        assert "\n" not in refusal
        return
    # A mutation of a plain notebook may well be a notebook; inside another file a checksum guards it.
    assert name in ("a.weft", "a.png") or imported.text == TEXT or "has no notebook of Weftwork" in imported.notices[0]


def test_copy_never_overwrites(tmp_path):
    assert [write_copy(tmp_path, "a", text).name for text in ("1", "2", "3")] == ["a.weft", "a-2.weft", "a-3.weft"]
    assert [(tmp_path / name).read_text() for name in ("a.weft", "a-2.weft", "a-3.weft")] == ["1", "2", "3"]


def test_cells_of_others_have_free_names_and_ids():
    cells = [*(MD("# Same") for _ in range(3)), *(CODE("1") for _ in range(3))]
    imported = read_any(others(*cells), "a.ipynb")
    notebook, _ = read_notebook(imported.text)
    assert [cell.name for cell in notebook.cells] == ["Same", "Same 2", "Same 3", "code", "code 2", "code 3"]
    assert len({cell.id for cell in notebook.cells}) == 6
    assert isinstance(notebook.cells[3], CodeCell)
