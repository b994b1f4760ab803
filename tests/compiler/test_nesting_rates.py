"""Learning-rate factors, and so freezing, of networks that are used as nodes. No Keras."""

from __future__ import annotations

from nested_networks import NOTEBOOKS

from weftwork.compiler.nesting.rates import factors_of_layers, has_layers
from weftwork.compiler.pipeline import check


def test_a_factor_of_a_network_holds_for_every_layer_inside() -> None:
    layers = check(NOTEBOOKS["transformer"]).programs["Transformer"].layers
    factors = factors_of_layers(
        {"encoder": 0.0, "encoder/layers:2": 0.5, "encoder/layers:2/wide": 1.0, "dense": 2.0}, layers
    )
    assert factors["encoder/layers/wide"] == factors["encoder/layers:3/norm"] == 0
    assert factors["encoder/layers:2/norm"] == 0.5
    assert factors["encoder/layers:2/wide"] == 1
    assert factors["dense"] == 2
    assert set(layers) - set(factors) == {"pool"}
    assert factors_of_layers({}, layers) == {}


def test_a_network_counts_as_a_node_with_layers() -> None:
    layers = check(NOTEBOOKS["residual"]).programs["Res"].layers
    assert has_layers("body", layers)
    assert has_layers("stem", layers)
    assert not has_layers("image", layers)
