"""The devices of the server's machine: what the system tells at once, and what TensorFlow tells once it is loaded.

Asked once a server, of a process of the host's: the server itself never imports TensorFlow.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from ..runtime.distribution.here import Machine, machine_from_json, this_machine

_LIST = "weftwork.runtime.distribution.list_devices:list_devices"
_LIMIT_S = 60.0

_log = logging.getLogger(__name__)


class MachineDevices:
    """`machine` is what is known now."""

    def __init__(self) -> None:
        self.machine: Machine = this_machine()
        self._asked = False

    def ask(self, host: Any, background: Callable[..., None], then: Callable[[], None]) -> None:
        """Has TensorFlow asked, once it is ready and if it was not before; `then` is called when more is known."""
        if self._asked or getattr(host, "state", "") != "ready":
            return
        self._asked = True

        def heard(answer: Any, error: Exception | None) -> None:
            if error is not None:
                _log.info("the devices could not be listed: %s", error)
                return
            self.machine = machine_from_json(answer)
            then()

        background(lambda: host.call(_LIST, {}, _LIMIT_S), heard)


_known: WeakKeyDictionary[Any, MachineDevices] = WeakKeyDictionary()


def devices_known_by(host: Any) -> MachineDevices:
    """Those of the machine that `host` runs on, which is this one; always the same object for the same host."""
    if host is None:
        return MachineDevices()
    return _known.setdefault(host, MachineDevices())
