"""What the canvas gets of the catalogue lets it rank kinds as the server does."""

from __future__ import annotations

import pytest

from weftwork.editor.browser_kinds import browser_kinds


@pytest.mark.parametrize(("first", "second"), [("Conv2D", "Conv1D"), ("Dense", "EinsumDense"), ("Add", "ops.add")])
def test_what_is_used_more_stands_higher(first: str, second: str) -> None:
    kinds = browser_kinds()["kinds"]
    assert kinds[first]["standing"] > kinds[second]["standing"]
