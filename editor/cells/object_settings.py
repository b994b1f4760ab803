"""The arguments of a Keras object (an optimizer, a loss, a callback) as settings of a form. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ...compiler.catalogue_types import Entry, Parameter
from ...compiler.passes.values import DTYPES, fits
from ...compiler.plain_values import same
from ..settings_form import Setting

_LARGEST = 1e15
# Where Keras' word for an argument says too little.
_LABELS = {
    "use_ema": "Keep one (EMA)",
    "ema_momentum": "Momentum",
    "ema_overwrite_frequency": "Takes over every",
    "clipnorm": "Clip norm of a weight",
    "clipvalue": "Clip value",
    "global_clipnorm": "Clip norm of all",
    "gradient_accumulation_steps": "Gather over batches",
    "loss_scale_factor": "Loss scale",
    "dtype": "Number type",
    "from_logits": "Expects logits",
    "min_delta": "Least change",
    "min_lr": "Lowest learning rate",
    "lr": "Learning rate",
}
_TYPES = {"int": "int", "float": "float", "bool": "switch", "ints": "numbers", "text": "text"}
# Lists of numbers that the catalogue, which reads Keras' own words, knows only as anything.
_NUMBERS = frozenset({"values", "label_weights"})


def label_of(parameter: str) -> str:
    """`beta_1` → Beta 1."""
    return _LABELS.get(parameter) or parameter.replace("_", " ").capitalize()


def object_settings(
    entry: Entry,
    params: Mapping[str, Any],
    prefix: str,
    *,
    leaving_out: Collection[str] = (),
    only: Collection[str] | None = None,
    key: str = "",
) -> list[Setting]:
    """A setting for each argument, called `<prefix>.<argument>`; what is given and differs from its default is marked.

    Arguments that the catalogue does not know are left to the problems, which offer to remove them."""
    return [
        _setting(parameter, params, prefix, key)
        for name, parameter in entry.parameters.items()
        if name not in leaving_out and (only is None or name in only)
    ]


def _setting(parameter: Parameter, params: Mapping[str, Any], prefix: str, key: str) -> Setting:
    name, default = parameter.name, parameter.default
    given = name in params
    value = params[name] if given else default
    optional = parameter.nullable or default is None
    common: dict[str, Any] = {
        "name": f"{prefix}.{name}",
        "label": label_of(name),
        "changed": given and not parameter.required and not same(value, default),
        "tip": f"{name}: {parameter.help}" if parameter.help else name,
        "optional": optional and not parameter.required,
        "placeholder": _placeholder(parameter, optional),
        "key": f"{key}.{name}" if key else "",
    }
    if parameter.choices or parameter.type == "dtype":
        choices = parameter.choices or tuple(name for name in DTYPES if "float" in name and "mixed" not in name)
        return Setting(type="choice", value=_text(value), choices=_choices(choices, value, optional), **common)
    type_ = "numbers" if name in _NUMBERS else _TYPES.get(parameter.type, "json")
    if not _readable(type_, parameter.type, value):
        # Shown as it is; its problem says what it should be.
        return Setting(type="json", value=value, **common)
    limits: dict[str, Any] = {}
    if type_ in ("int", "float"):
        limits = {"minimum": parameter.minimum, "maximum": parameter.maximum or _LARGEST}
    if type_ == "numbers":
        common["wide"] = True
    return Setting(type=type_, value=value, **limits, **common)  # pyright: ignore[reportArgumentType]


def _placeholder(parameter: Parameter, optional: bool) -> str:
    if parameter.required:
        return "needed"
    return "automatic" if parameter.type in ("text", "json") else "off" if optional else ""


def _readable(type_: str, declared: str, value: Any) -> bool:
    if value is None or type_ == "json":
        return True
    if type_ == "numbers":
        return isinstance(value, list | tuple) and all(fits("float", item) for item in value)
    return fits(declared, value) and not (type_ == "text" and not isinstance(value, str))


def _choices(choices: Collection[Any], value: Any, optional: bool) -> list[tuple[str, str]]:
    known = [(_text(choice), _text(choice).replace("_", " ")) for choice in choices]
    if optional and ("", "") not in known:
        known.insert(0, ("", "Default"))
    if _text(value) not in dict(known):
        known.append((_text(value), f"{_text(value)} (unknown)"))
    return known


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def with_argument(entry: Entry, params: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The arguments with one set; one that is back at its default is left out, as files leave it out."""
    kept = {other: old for other, old in params.items() if other != name}
    parameter = entry.parameters.get(name)
    if value == "" and parameter is not None and (parameter.choices or parameter.type == "dtype"):
        value = None
    if value is None or (
        parameter is not None and not parameter.required and same(_like(parameter, value), parameter.default)
    ):
        return kept
    order = [*params, name] if name not in params else list(params)
    given = {**kept, name: _like(parameter, value)}
    return {other: given[other] for other in order}


def _like(parameter: Parameter | None, value: Any) -> Any:
    """The number as the argument's type: 1 typed for a fraction is 1.0, so that equal settings are equal."""
    if parameter is not None and parameter.type in ("float", "schedule") and isinstance(value, int):
        return float(value) if not isinstance(value, bool) else value
    return value
