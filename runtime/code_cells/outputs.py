"""Values as plain JSON that a page can show: tables, pictures, figures, text; all of them bounded."""

from __future__ import annotations

import base64
import io
import json
import pprint
import sys
from typing import Any

ROWS, COLUMNS = 50, 20
_LONGEST_ENTRY = 200
_LONGEST_REPR = 20_000
_WIDEST_PICTURE = 1600
_LARGEST_PICTURE = 3_000_000
_LARGEST_FIGURE = 4_000_000


def output_of(value: Any) -> dict[str, Any] | None:
    """What is shown of a value: {"type": "table" | "picture" | "figure" | "text" | "note", …}; None for None."""
    if value is None:
        return None
    for turn in (_table, _picture, _matplotlib, _bokeh, _keras):
        found = turn(value)
        if found is not None:
            return found
    return {"type": "text", "text": _shortened(_repr(value), _LONGEST_REPR)}


def open_figures() -> list[dict[str, Any]]:
    """The pyplot figures that the code has left open, which are shown as in every notebook; closes them."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    found = [_matplotlib(pyplot.figure(number)) for number in pyplot.get_fignums()]
    pyplot.close("all")
    return [one for one in found if one is not None]


def _table(value: Any) -> dict[str, Any] | None:
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return None
    if isinstance(value, pandas.io.formats.style.Styler if hasattr(pandas.io.formats, "style") else ()):
        value = value.data
    if isinstance(value, pandas.Series):
        value = value.to_frame(value.name if value.name is not None else "value")
    if not isinstance(value, pandas.DataFrame):
        return None
    part = value.iloc[:ROWS, :COLUMNS]
    return {
        "type": "table",
        "columns": [_entry(name) for name in part.columns],
        "index": [_entry(name) for name in part.index],
        "rows": [[_entry(entry) for entry in row] for row in part.itertuples(index=False, name=None)],
        "numbers": [bool(pandas.api.types.is_numeric_dtype(dtype)) for dtype in part.dtypes],
        "of_rows": len(value),
        "of_columns": value.shape[1],
    }


def _entry(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return _shortened(text, _LONGEST_ENTRY)


def _picture(value: Any) -> dict[str, Any] | None:
    image = sys.modules.get("PIL.Image")
    if image is None or not isinstance(value, image.Image):
        return None
    value = value.copy()
    value.thumbnail((_WIDEST_PICTURE, _WIDEST_PICTURE))
    if value.mode not in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        value = value.convert("RGB")
    buffer = io.BytesIO()
    value.save(buffer, "PNG")
    return _png(buffer.getvalue(), value.width, value.height)


def _matplotlib(value: Any) -> dict[str, Any] | None:
    figures = sys.modules.get("matplotlib.figure")
    if figures is None or not isinstance(value, figures.Figure):
        return None
    buffer = io.BytesIO()
    value.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    return _png(buffer.getvalue())


def _png(content: bytes, width: int = 0, height: int = 0) -> dict[str, Any]:
    if len(content) > _LARGEST_PICTURE:
        return {"type": "note", "text": f"A picture of {len(content) / 1e6:.1f} MB is too large to be shown here."}
    return {"type": "picture", "png": base64.b64encode(content).decode(), "width": width, "height": height}


def _bokeh(value: Any) -> dict[str, Any] | None:
    models = sys.modules.get("bokeh.model")
    if models is None or not isinstance(value, models.Model):
        return None
    # The code has imported Bokeh; nothing here does.
    document = sys.modules["bokeh.document"].Document()
    document.add_root(value)
    text = sys.modules["bokeh.core.json_encoder"].serialize_json(document.to_json())
    # It may be shown again, and belongs to one document only.
    document.clear()
    if len(text) > _LARGEST_FIGURE:
        return {"type": "note", "text": "This figure holds too many points to be shown here; show a part of them."}
    return {"type": "figure", "document": json.loads(text)}


def _keras(value: Any) -> dict[str, Any] | None:
    keras = sys.modules.get("keras")
    if keras is None or not isinstance(value, keras.Model):
        return None
    lines: list[str] = []
    value.summary(print_fn=lines.append, line_length=88)
    return {"type": "text", "text": _shortened("\n".join(lines), _LONGEST_REPR)}


def _repr(value: Any) -> str:
    if type(value) in (dict, list, tuple, set):
        return pprint.pformat(value, width=100, compact=True)
    return repr(value)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest:,} more characters)"
