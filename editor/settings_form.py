"""Settings of a cell as a small form: what is shown, and what a person's text means. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .pages.icons import icon
from .pages.markup import Html, classes, h


class BadValue(Exception):
    """What a person typed cannot be meant; the message says what can."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `type` is int, float, choice, text, switch, numbers (a list of them) or json (anything that a file
    can hold). `choices` are (value, label) pairs.

    An empty text gives None where the setting is `optional`, which stands for "automatic" or "off". `changed` marks a
    value that is not the default and offers to reset it. `tip` is told where the pointer rests. A setting with another
    `key` than before is another control, even under the same name."""

    name: str
    label: str
    type: Literal["int", "float", "choice", "text", "switch", "numbers", "json"]
    value: Any = None
    choices: Sequence[tuple[str, str]] = ()
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    below: float | None = None
    optional: bool = False
    hint: str = ""
    placeholder: str = ""
    wide: bool = False
    changed: bool = False
    tip: str = ""
    key: str = ""


def read_value(setting: Setting, text: Any) -> Any:
    """The value that the control's content means. Raises BadValue."""
    match setting.type:
        case "switch":
            return bool(text)
        case "choice":
            allowed = [value for value, _ in setting.choices]
            if str(text) not in allowed:
                raise BadValue(f"Choose one of {', '.join(allowed)}.")
            return str(text)
        case "text":
            return str(text).strip() or (None if setting.optional else "")
        case "numbers":
            return _read_numbers(setting, str(text))
        case "json":
            return _read_json(setting, str(text))
    words = str(text).strip().replace("_", "").replace("\u202f", "")
    if not words and setting.optional:
        return None
    try:
        value = int(words) if setting.type == "int" else float(words)
    except ValueError:
        kind = "a whole number" if setting.type == "int" else "a number"
        raise BadValue(f"This must be {kind}; ‘{text}’ is none.") from None
    _check_range(setting, value)
    return value


def _read_numbers(setting: Setting, text: str) -> list[float] | None:
    words = text.strip().strip("[]()").replace(",", " ").split()
    if not words:
        if setting.optional:
            return None
        raise BadValue("This must be numbers, like 10, 20, 30.")
    try:
        return [int(word) if word.lstrip("+-").isdigit() else float(word) for word in words]
    except ValueError:
        raise BadValue(f"This must be numbers, like 10, 20, 30; ‘{text}’ are none.") from None


def _read_json(setting: Setting, text: str) -> Any:
    if not text.strip():
        if setting.optional:
            return None
        raise BadValue("This must be given.")
    try:
        return json.loads(text)
    except ValueError:
        # A word stands for itself; whatever looks like more than a word was meant to be.
        if text.strip().replace("_", "").isalnum():
            return text.strip()
        raise BadValue("This must be a number, a word, or a list like [0.25, 0.5].") from None


def _check_range(setting: Setting, value: float) -> None:
    if value != value or value in (float("inf"), float("-inf")):
        raise BadValue("This must be a finite number.")
    if setting.minimum is not None and value < setting.minimum:
        raise BadValue(f"This must be at least {number_text(setting.minimum)}.")
    if setting.maximum is not None and value > setting.maximum:
        raise BadValue(f"This must be at most {number_text(setting.maximum)}.")
    if setting.above is not None and value <= setting.above:
        raise BadValue(f"This must be more than {number_text(setting.above)}.")
    if setting.below is not None and value >= setting.below:
        raise BadValue(f"This must be less than {number_text(setting.below)}.")


def number_text(value: Any) -> str:
    """A number as people write it: 0.001, not 1e-03, and 2 rather than 2.0."""
    if value is None:
        return ""
    if isinstance(value, float) and not isinstance(value, bool):
        if value == int(value) and abs(value) < 1e15:
            return str(int(value))
        plain = f"{value:.10f}".rstrip("0")
        return plain if float(plain) == value else repr(value)
    return str(value)


def shown_text(setting: Setting) -> str:
    """The value as it stands in its control."""
    if setting.type == "numbers":
        return ", ".join(number_text(value) for value in setting.value or ())
    if setting.type == "json" and setting.value is not None:
        return json.dumps(setting.value)
    return number_text(setting.value) if setting.type in ("int", "float") else (setting.value or "")


@dataclass(frozen=True, slots=True)
class Fault:
    """What was typed and why it cannot be meant; both stay in sight until it is mended."""

    typed: str
    message: str


def form_html(settings: Iterable[Setting], faults: Mapping[str, Fault] | None = None, *, of: str = "") -> Html:
    """The form. `faults` go by setting; `of` names the cell for those who hear the page."""
    faults = faults or {}
    return h("div", [_field(setting, faults.get(setting.name), of) for setting in settings], class_="form")


def _field(setting: Setting, fault: Fault | None, of: str) -> Html:
    described = f"{setting.name}-note" if fault or setting.hint else None
    common = {
        "data_field": setting.name,
        "aria_label": f"{setting.label} of {of}" if of else setting.label,
        "aria_describedby": described,
        "aria_invalid": "true" if fault else None,
        "data_testid": f"setting:{of}:{setting.name}" if of else f"setting:{setting.name}",
    }
    note = None
    if fault:
        note = h("span", fault.message, class_="fault", id=described, role="alert")
    elif setting.hint:
        note = h("span", setting.hint, class_="hint", id=described)
    if setting.type == "switch":
        control = h(
            "span",
            h("input", type="checkbox", role="switch", checked=bool(setting.value), **common),
            h("span", "On" if setting.value else "Off", class_="muted"),
            class_="switch",
        )
    elif setting.type == "choice":
        control = h(
            "select",
            [h("option", label, value=value, selected=value == str(setting.value)) for value, label in setting.choices],
            class_="input",
            **common,
        )
    else:
        numeric = setting.type in ("int", "float")
        value = shown_text(setting)
        control = h(
            "input",
            class_="input number" if numeric else "input",
            type="text",
            inputmode={"int": "numeric", "float": "decimal"}.get(setting.type),
            autocomplete="off",
            spellcheck="false",
            value=fault.typed if fault else value,
            placeholder=setting.placeholder or None,
            **common,
        )
    return h(
        "label",
        h("span", setting.label, _reset(setting, of) if setting.changed else None),
        control,
        note,
        class_=classes("field", setting.wide and "wide", setting.changed and "changed"),
        title=setting.tip or None,
        data_key=setting.key or setting.name,
    )


def _reset(setting: Setting, of: str) -> Html:
    label = f"Reset {setting.label}" + (f" of {of}" if of else "")
    return h(
        "button",
        icon("refresh"),
        class_="reset",
        type="button",
        data_action="reset",
        data_value=setting.name,
        aria_label=label,
        title="Back to the default",
    )
