"""Code that reads rows, as a part of an exported script."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class LoadingCode:
    """Lines of a function body that bind `rows`, a dict of raw arrays by field; imports and constants that it needs."""

    lines: list[str]
    imports: list[str] = field(default_factory=list)
    constants: list[str] = field(default_factory=list)
