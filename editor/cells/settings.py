"""A form whose every change is one gesture: reads what was typed, keeps faults, performs the edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..grouped_form import Form, grouped_html
from ..pages.markup import Html
from ..settings_form import BadValue, Fault, Setting, form_html, read_value

Edit = Callable[[str, Any], None]


class Settings:
    """`edit(name, value)` is called with a value that has been read; `settings()` gives the form as it is now.

    `reset(name)` gives a setting its default again, and `leave_out(what)` takes away what a block of the form stands
    for."""

    def __init__(
        self,
        settings: Callable[[], Sequence[Setting] | Form],
        edit: Edit,
        *,
        reset: Callable[[str], None] = lambda name: None,
        leave_out: Callable[[str], None] = lambda what: None,
    ) -> None:
        self._settings = settings
        self._edit = edit
        self._reset, self._leave_out = reset, leave_out
        self._faults: dict[str, Fault] = {}

    def html(self, of: str) -> Html:
        form = self._settings()
        return (
            grouped_html(form, self._faults, of=of) if isinstance(form, Form) else form_html(form, self._faults, of=of)
        )

    def heard(self, message: dict[str, Any]) -> bool:
        """Takes a message of the form; whether it was one of this form and something is to be shown anew."""
        match message.get("action"):
            case "reset":
                self._faults.pop(str(message.get("value")), None)
                self._reset(str(message.get("value")))
                return True
            case "leave-out":
                self._faults.clear()
                self._leave_out(str(message.get("value")))
                return True
            case "set":
                return self._set(message)
        return False

    def _set(self, message: dict[str, Any]) -> bool:
        form, name = self._settings(), message.get("field")
        settings = form.settings() if isinstance(form, Form) else form
        setting = next((setting for setting in settings if setting.name == name), None)
        if setting is None:
            return False
        try:
            value = read_value(setting, message.get("value"))
        except BadValue as error:
            self._faults[setting.name] = Fault(str(message.get("value")), str(error))
            return True
        self._faults.pop(setting.name, None)
        if value != setting.value:
            self._edit(setting.name, value)
        return True
