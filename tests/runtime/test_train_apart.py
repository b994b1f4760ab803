"""A run that is trained in a process of its own, and what is told where that cannot even begin."""

from __future__ import annotations

import pytest

from weftwork.runtime import child_process
from weftwork.runtime.train_apart import train_apart


def test_run_by_a_backend_that_is_not_there_fails_with_the_command_to_install_it(empty_run, monkeypatch):
    monkeypatch.setattr(child_process, "has_jax", lambda: False)
    assert train_apart(empty_run, {"KERAS_BACKEND": "jax"}, None) == "failed"
    assert empty_run.message().endswith("JAX is not installed here: pip install 'weftwork[jax]'")


@pytest.mark.keras
def test_process_that_ends_before_the_run_begins_is_told_of_with_its_last_words(empty_run):
    heard: list[dict] = []
    assert train_apart(empty_run, {"KERAS_BACKEND": "abacus"}, heard.append) == "failed"
    assert empty_run.message().startswith("The training process could not begin. ")
    assert "abacus" in empty_run.message()
    assert heard == []
