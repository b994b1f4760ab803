"""A form whose every change is one gesture: reads what was typed, keeps faults, performs the edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..pages.markup import Html
from ..settings_form import BadValue, Fault, Setting, form_html, read_value

Edit = Callable[[str, Any], None]


class Settings:
    """`edit(name, value)` is called with a value that has been read; `settings()` gives the form as it is now."""

    def __init__(self, settings: Callable[[], Sequence[Setting]], edit: Edit) -> None:
        self._settings = settings
        self._edit = edit
        self._faults: dict[str, Fault] = {}

    def html(self, of: str) -> Html:
        return form_html(self._settings(), self._faults, of=of)

    def heard(self, message: dict[str, Any]) -> bool:
        """Takes a `set` message; whether it was one of this form."""
        name = message.get("field")
        setting = next((setting for setting in self._settings() if setting.name == name), None)
        if message.get("action") != "set" or setting is None:
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
