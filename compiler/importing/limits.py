"""How large an import may be: what is beyond is refused before anything is built. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .model_config import ImportRefused

# Larger than the vocabularies in use, and small enough that one layer's weights do not fill a machine.
LARGEST_SIZE = 20_000_000

MOST_LAYERS = 20_000
_DEEPEST = 100

# Arguments by which a layer allocates.
_SIZES = (
    *("units", "filters", "input_dim", "output_dim", "num_heads", "key_dim", "value_dim", "head_dim", "num_tokens"),
    *("kernel_size", "pool_size", "depth_multiplier", "n", "padding", "cropping", "size", "nb_filter", "max_tokens"),
    *("num_query_heads", "num_key_value_heads", "nb_row", "nb_col", "filter_length", "projection_dim", "groups"),
)


def check_size(data: Any) -> None:
    """Raises ImportRefused for a config that is too deep or has too many layers, or a layer that is too large."""
    layers = 0
    waiting: list[tuple[Any, int]] = [(data, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ImportRefused(f"Its config is nested more than {_DEEPEST} deep.")
        if isinstance(value, Mapping):
            if "class_name" in value:
                layers += 1
                _check_layer(value)
            waiting += [(item, depth + 1) for item in value.values() if isinstance(item, Mapping | list)]
        elif isinstance(value, list):
            waiting += [(item, depth + 1) for item in value if isinstance(item, Mapping | list)]
        if layers > 50 * MOST_LAYERS:
            raise ImportRefused(f"Its config has more than {50 * MOST_LAYERS:,} objects.")


def _check_layer(entry: Mapping[str, Any]) -> None:
    config = entry.get("config")
    if not isinstance(config, Mapping):
        return
    for name in _SIZES:
        for size in _numbers(config.get(name)):
            if size > LARGEST_SIZE:
                called = config.get("name") or entry["class_name"]
                raise ImportRefused(f"{called} has {name} {size:,}; no layer larger than {LARGEST_SIZE:,} is imported.")


def _numbers(value: Any) -> list[float]:
    if isinstance(value, list):
        return [number for item in value[:10] for number in _numbers(item)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []
