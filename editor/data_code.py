"""Brings pandas and the code that reads data, in one thread at a time, when a page first needs them."""

from __future__ import annotations

import threading

_lock = threading.Lock()


def bring_data_code() -> None:
    """Imports what every thread that reads data is about to import.

    pandas' modules import one another in circles. Two threads that begin at the same moment from two ends would wait
    for each other, and Python lets one of them fail ("deadlock detected by _ModuleLock").
    """
    with _lock:
        import pandas
        import pandas.core.util.hashing

        from ..runtime.data import load, preview

        _ = pandas, load, preview
