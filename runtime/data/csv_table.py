"""CSV and TSV files: encoding, delimiter, header and rows, with the line numbers of what is wrong."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from ...compiler.document import DataCell
from ...compiler.problems import Problem
from .check_table import check_names, check_types
from .columns import column_from_text
from .file_fingerprint import file_fingerprint
from .large_csv import csv_pieces, csv_sample
from .pieces import Piece, columns_in_files, is_large
from .source import Raw, UnusableData, inside, option, problem, set_field

_DELIMITERS = (",", ";", "\t", "|")
_NAMED_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
# Enough to tell the delimiter, little enough to be read twice.
_SAMPLE_LINES = 50
_LISTED = 5


def read_csv_table(cell: DataCell, folder: Path, problems: list[Problem]) -> Raw:
    """The file's columns, types inferred and then corrected by `cell.types`.

    Raises UnusableData, and adds warnings to `problems`. Options: `delimiter`, `encoding`,
    `header` (false: columns are named column 1, column 2, …).
    """
    path = inside(cell, folder)
    if path.is_dir():
        raise UnusableData([problem(cell, "D502", f"‘{cell.location}’ is a folder, not a table")])
    try:
        if is_large(cell, path):
            return _large(cell, folder, path, problems)
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise UnusableData([problem(cell, "D504", f"‘{cell.location}’ cannot be read: {reason}")]) from error
    names, rows, first_line = _table(cell, _text(cell, content, problems), path)
    check_names(cell, names)
    texts = list(zip(*rows, strict=True))
    check_types(cell)
    columns = {
        name: column_from_text(name, values, cell.types.get(name, ""))
        for name, values in zip(names, texts, strict=True)
    }
    return Raw(columns, hashlib.sha256(content).hexdigest(), summary={"title": path.name, "first_line": first_line})


def _large(cell: DataCell, folder: Path, path: Path, problems: list[Problem]) -> Raw:
    sample = csv_sample(path)
    text = _text(cell, sample, problems)
    lines = text.splitlines()
    encoding = option(cell, "encoding", "", str) or "utf-8-sig"
    if any(found.code == "D527" for found in problems):
        encoding = "cp1252"
    delimiter = _delimiter(cell, lines, path)
    fingerprint = file_fingerprint(path, folder)

    def pieces(types: Mapping[str, str]) -> Iterator[Piece]:
        return csv_pieces(cell, path, encoding, delimiter, lines, types)

    columns = columns_in_files(cell, folder, fingerprint, pieces)
    return Raw(columns, fingerprint, summary={"title": path.name, "in_pieces": True})


def _text(cell: DataCell, content: bytes, problems: list[Problem]) -> str:
    encoding = option(cell, "encoding", "", str)
    if not encoding and content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    try:
        text = content.decode(encoding or "utf-8-sig")
    except LookupError as error:
        fix = set_field(cell, "Find the encoding", "options", None, key="encoding")
        message = f"There is no encoding called ‘{encoding}’"
        raise UnusableData([problem(cell, "D526", message, parameter="options.encoding", fixes=(fix,))]) from error
    except UnicodeError as error:
        if encoding:
            fix = set_field(cell, "Find the encoding", "options", None, key="encoding")
            message = f"‘{cell.location}’ is not {encoding}"
            raise UnusableData([problem(cell, "D504", message, parameter="options.encoding", fixes=(fix,))]) from error
        text = content.decode("cp1252", errors="replace")
        line = content[: getattr(error, "start", 0)].count(b"\n") + 1
        problems.append(
            problem(
                cell,
                "D527",
                f"‘{cell.location}’ is not UTF-8 (line {line}); it is read as Windows-1252",
                severity="warning",
                help="Look at the letters with accents, and set the encoding if they are wrong.",
                fixes=(set_field(cell, "Keep Windows-1252", "options", "cp1252", key="encoding"),),
            )
        )
    if "\0" in text:
        raise UnusableData([problem(cell, "D504", f"‘{cell.location}’ is not a text file")])
    return text


def _table(cell: DataCell, text: str, path: Path) -> tuple[list[str], list[list[str]], int]:
    lines = text.splitlines()
    # Kept as they are: a line break may stand in a quoted value.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(cell, lines, path))
    rows: list[list[str]] = []
    at: list[int] = []
    line = 1
    try:
        for row in reader:
            if any(value.strip() for value in row):
                rows.append(row)
                at.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"‘{cell.location}’, line {reader.line_num}, is not a row of a table: {error}"
        raise UnusableData([problem(cell, "D506", message)]) from error
    if not rows:
        raise UnusableData([problem(cell, "D505", f"‘{cell.location}’ is empty")])
    if option(cell, "header", True, bool):
        names = [name.strip() or f"column {index}" for index, name in enumerate(rows.pop(0), 1)]
        at.pop(0)
    else:
        names = [f"column {index}" for index in range(1, len(rows[0]) + 1)]
    if not rows:
        help = "A data file needs rows below its header."
        raise UnusableData([problem(cell, "D505", f"‘{cell.location}’ has a header and no rows", help=help)])
    ragged = [(place, len(row)) for place, row in zip(at, rows, strict=True) if len(row) != len(names)]
    if ragged:
        listed = ", ".join(f"line {place} has {count}" for place, count in ragged[:_LISTED])
        more = f" and {len(ragged) - _LISTED} more lines differ" if len(ragged) > _LISTED else ""
        help = "A value that holds the delimiter must stand in double quotes; or choose another delimiter."
        message = f"‘{cell.location}’ has {len(names)} columns, but {listed}{more}"
        raise UnusableData([problem(cell, "D506", message, help=help)])
    return names, rows, at[0]


def _delimiter(cell: DataCell, lines: list[str], path: Path) -> str:
    chosen: str = option(cell, "delimiter", "", str)
    chosen = _NAMED_DELIMITERS.get(chosen, chosen)
    if len(chosen) == 1:
        return chosen
    if chosen:
        fix = set_field(cell, "Find the delimiter", "options", None, key="delimiter")
        message = f"A delimiter is one character, not ‘{chosen}’"
        raise UnusableData([problem(cell, "D526", message, parameter="options.delimiter", fixes=(fix,))])
    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    sample = [line for line in lines[:_SAMPLE_LINES] if line.strip()]

    def evenness(delimiter: str) -> tuple[float, int]:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter)]
        # The share of lines with as many values as the header, then the number of columns.
        return (sum(count == counts[0] for count in counts) / len(counts), counts[0]) if counts else (0.0, 0)

    splitting = [delimiter for delimiter in _DELIMITERS if evenness(delimiter)[1] > 1]
    return max(splitting, key=evenness, default=",")
