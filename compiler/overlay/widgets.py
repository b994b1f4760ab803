"""The widgets and ranges from which the overlay's tables are made."""

from __future__ import annotations

from typing import Any

Fields = dict[str, Any]

INT: Fields = {"type": "int"}
FLOAT: Fields = {"type": "float"}
BOOL: Fields = {"type": "bool"}
TEXT: Fields = {"type": "text"}
INTS: Fields = {"type": "ints"}
SHAPE: Fields = {"type": "shape"}
JSON: Fields = {"type": "json"}
COUNT: Fields = {"type": "int", "minimum": 1}
NATURAL: Fields = {"type": "int", "minimum": 0}
SIZES: Fields = {"type": "sizes", "minimum": 1}
SHARE: Fields = {"type": "float", "minimum": 0.0, "maximum": 1.0}
POSITIVE: Fields = {"type": "float", "minimum": 0.0}
AXIS: Fields = {"type": "axis"}
