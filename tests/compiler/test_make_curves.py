"""The curves of activations that the inspector draws are those of the installed Keras."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytestmark = pytest.mark.keras


def test_the_curves_that_are_shipped_are_what_keras_computes():
    from weftwork.compiler.make_curves import PATH, curves

    shipped = json.loads(PATH.read_text(encoding="utf-8"))
    fresh = curves()
    assert shipped.keys() == fresh.keys()
    for name, values in shipped.items():
        np.testing.assert_allclose(values, fresh[name], atol=2e-3, err_msg=name)


def test_the_curves_are_the_functions_of_the_textbook_and_none_where_values_belong_together():
    from weftwork.compiler.make_curves import PATH, POINTS, REACH

    shipped = json.loads(PATH.read_text(encoding="utf-8"))
    x = np.linspace(-REACH, REACH, POINTS)
    np.testing.assert_allclose(shipped["relu"], np.maximum(x, 0), atol=1e-3)
    np.testing.assert_allclose(shipped["sigmoid"], 1 / (1 + np.exp(-x)), atol=1e-3)
    np.testing.assert_allclose(shipped["tanh"], np.tanh(x), atol=1e-3)
    assert not {"softmax", "log_softmax", "glu", "sparsemax"} & shipped.keys()
