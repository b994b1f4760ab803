"""What the tests of crashes share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.crashes.table import ROW


@pytest.fixture
def crash_table(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a row for tests/long-results.md. It travels with the test's report, from another process too."""
    return lambda row: request.node.user_properties.append((ROW, row))
