"""Random networks: what is inferred, what is built and what is printed agree, value by value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from random_network import random_network

from weftwork.compiler.document import Notebook
from weftwork.compiler.pipeline import check
from weftwork.compiler.to_python import model_source

pytestmark = pytest.mark.keras

SEEDS = range(24)


@pytest.fixture(scope="module")
def oracle() -> Any:
    from weftwork.compiler.shapes import KerasShapes

    return KerasShapes()


@pytest.mark.parametrize("seed", SEEDS)
def test_inferred_built_and_printed_model_agree(seed: int, oracle: Any) -> None:
    import keras

    from weftwork.compiler.to_keras import build_model

    network = random_network(seed)
    checked = check(Notebook(cells=(network,)), oracle=oracle)
    assert network.name in checked.programs, [problem.message for problem in checked.problems]
    program = checked.programs[network.name]

    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(seed)
    called = build_model(program)
    assert {name: tuple(tensor.shape) for name, tensor in _by_name(called, program).items()} == {
        output.name: checked.shapes[network.name][output.node].outputs["output"].shape for output in program.outputs
    }
    assert called.count_params() == sum(shapes.parameters for shapes in program.shapes.values())

    source = model_source(program)
    module: dict[str, Any] = {}
    exec(source, module)
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(seed)
    exported = module["build_model"]()
    assert exported.get_config() == called.get_config(), source
    for ours, theirs in zip(called.weights, exported.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)

    numbers = np.random.default_rng(seed)
    values = {given.name: numbers.normal(size=(3, *given.shape)).astype("float32") for given in program.inputs}
    inputs = values if len(values) > 1 else next(iter(values.values()))
    ours, theirs = called(inputs), exported(inputs)
    for one, other in zip(keras.tree.flatten(ours), keras.tree.flatten(theirs), strict=True):
        np.testing.assert_array_equal(one, other)

    # A second model in the same process has other automatic names and may not stumble over written ones.
    assert module["build_model"]().count_params() == called.count_params()


def _by_name(model: Any, program: Any) -> dict[str, Any]:
    return model.output if isinstance(model.output, dict) else {program.outputs[0].name: model.output}
