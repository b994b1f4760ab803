"""The confusion matrix as a table: rows are what is, columns what was predicted. Pure HTML, hover by title."""

from __future__ import annotations

from collections.abc import Sequence

from ..pages.markup import Html, classes, h


def confusion_table(names: Sequence[str], matrix: Sequence[Sequence[int]]) -> Html:
    """Right answers in green, mistakes in red; the deeper, the larger their share of the row."""
    head = h(
        "tr",
        h("th", "is ↓ said →", scope="col", title="Rows: the class it is. Columns: the class that was predicted."),
        [h("th", name, scope="col", title=name) for name in names],
    )
    return h(
        "div",
        h(
            "table",
            h("thead", head),
            h("tbody", [_row(names, place, row) for place, row in enumerate(matrix)]),
            class_="confusion",
            data_testid="confusion",
        ),
        style="overflow-x: auto",
    )


def _row(names: Sequence[str], place: int, row: Sequence[int]) -> Html:
    total = sum(row) or 1
    return h(
        "tr",
        h("th", names[place], scope="row", title=names[place]),
        [_count(names, place, other, count, total) for other, count in enumerate(row)],
    )


def _count(names: Sequence[str], place: int, other: int, count: int, total: int) -> Html:
    share = count / total
    if place == other:
        said = f"{count} of {total} {names[place]} recognised ({share:.0%})"
    else:
        said = f"{count} of {total} {names[place]} taken for {names[other]} ({share:.1%})"
    tone = "right" if place == other else "wrong"
    # The tint lies behind the number: from a hint at one mistake to full at a tenth of the row.
    strength = share if place == other else min(0.25 + share * 7.5, 1.0)
    return h(
        "td",
        h("span", class_="tint", style=f"--share: {strength:.3f}", aria_hidden="true") if count else None,
        h("span", f"{count:,}" if count else "", class_="count"),
        class_=classes(bool(count) and tone),
        title=said,
    )
