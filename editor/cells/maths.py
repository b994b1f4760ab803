"""Maths: LaTeX to MathML, which browsers draw by themselves. What LaTeX cannot be read is shown as it is written."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import Any

from ..pages.markup import Html, h

# MathML Core, without what could lead out of the page or take a look of its own.
_ELEMENTS = frozenset(
    {
        *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "ms", "mfrac", "msqrt", "mroot", "mstyle", "mpadded"),
        *("mphantom", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts"),
        *("mtable", "mtr", "mtd"),
    }
)
_ATTRIBUTES = frozenset(
    {
        *("display", "displaystyle", "scriptlevel", "stretchy", "fence", "separator", "form", "accent", "accentunder"),
        *("movablelimits", "linethickness", "mathvariant", "minsize", "maxsize", "lspace", "rspace", "width", "height"),
        *("depth", "columnalign", "symmetric", "largeop"),
    }
)
_LONGEST = 4000  # characters; a formula that nobody writes by hand must not hold the page up


@lru_cache(maxsize=512)
def maths(latex: str, *, block: bool = False) -> Html:
    """The formula as MathML with its source beside it for screen readers and for copying."""
    from latex2mathml.converter import convert_to_element

    try:
        if len(latex) > _LONGEST:
            raise ValueError("too long")
        element = convert_to_element(latex, display="block" if block else "inline")
    except Exception:
        # The library raises whatever its parser meets in a formula that is half written.
        return h("code", latex, class_="maths-fault", title="This formula cannot be read")
    return h("span", _clean(element), class_="maths block" if block else "maths", role="math", aria_label=latex)


def _clean(element: Any) -> Html:
    """The element and what is in it, as far as it is MathML; text is escaped again."""
    tag = str(element.tag).rpartition("}")[2]
    children = [html.unescape(element.text or ""), *(part for child in element for part in (_clean(child), child.tail))]
    if tag not in _ELEMENTS:
        return h("mrow", children)
    return h(tag, children, **{name: value for name, value in element.attrib.items() if name in _ATTRIBUTES})
