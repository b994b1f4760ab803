"""Preparation as Keras layers and as Python gives what the arrays hold."""

from __future__ import annotations

import numpy as np
import pytest

from weftwork.runtime.data.load import load
from weftwork.runtime.data.preparation_plan import restore

from .data_cells import data_cell, split, step, write_table
from .test_data_preparation_plan import GAPPED

pytestmark = pytest.mark.keras

CELLS = {
    "pictures rescaled": data_cell(location="digits", preparation=(step("rescale"),)),
    "pictures standardised": data_cell(location="digits", preparation=(step("standardise"),)),
    "pictures as they are": data_cell(location="digits"),
    "table standardised": data_cell(location="breast_cancer", preparation=(step("standardise"),)),
    "table rescaled": data_cell(location="wine", preparation=(step("rescale"),)),
    "series": data_cell(location="co2", options={"horizon": 3}, preparation=(step("standardise"),)),
    "gaps and categories": data_cell("csv", "table.csv", preparation=(step("impute"), step("standardise"))),
    "named columns": data_cell(
        "csv",
        "table.csv",
        preparation=(step("impute", strategy="mean"), step("standardise", "a"), step("rescale", "b")),
    ),
    "named gaps": data_cell("csv", "table.csv", preparation=(step("impute", "a"), step("standardise"))),
    "gaps as a class of their own": data_cell(
        "csv", "table.csv", preparation=(step("impute"), step("impute", "colour", strategy="own_class"))
    ),
    "gaps as the most frequent": data_cell("csv", "table.csv", preparation=(step("impute", strategy="most_frequent"),)),
    "gaps as a word": data_cell(
        "csv", "table.csv", preparation=(step("impute"), step("impute", "colour", strategy="constant", value="grey"))
    ),
    "least and most": data_cell("csv", "table.csv", preparation=(step("impute"), step("min_max", "b", low=-1))),
    "logarithms": data_cell("csv", "table.csv", preparation=(step("impute"), step("log"), step("standardise"))),
    "one logarithm": data_cell("csv", "table.csv", preparation=(step("impute"), step("log", "b", plus=0))),
    "buckets": data_cell("csv", "table.csv", preparation=(step("impute"), step("bucketise", "b", bins=4))),
    "ordinal buckets": data_cell(
        "csv", "table.csv", preparation=(step("impute"), step("bucketise", encode="ordinal", strategy="uniform"))
    ),
    "pictures resized": data_cell(location="digits", preparation=(step("resize", height=5, width=13), step("rescale"))),
    "pictures augmented": data_cell(
        location="digits",
        preparation=(step("rescale"), step("augment", flip="horizontal", rotate=0.1, shift=0.2, zoom=0.1)),
    ),
    "windows": data_cell(
        "csv",
        "table.csv",
        types={"colour": "text"},
        preparation=(
            step("windows", window=5, horizon=2),
            step("impute"),
            step("min_max"),
        ),
    ),
    "category not in training": data_cell("csv", "rare.csv", split=split(by="time")),
}


@pytest.fixture
def folder(tmp_path):
    write_table(tmp_path, GAPPED)
    rows = [f"{i},{'rare' if i == 39 else ('often', 'daily')[i % 2]},{i * 2.5}" for i in range(40)]
    write_table(tmp_path, "a,colour,y\n" + "\n".join(rows), "rare.csv")
    return tmp_path


def predicted(model, dataset, raw):
    import tensorflow as tf

    from weftwork.runtime.data.preparation import raw_inputs

    values = {name: raw[name][:100] for name in raw_inputs(dataset)}
    return model({name: tf.constant(v.tolist() if v.dtype == object else v) for name, v in values.items()})


@pytest.mark.parametrize("name", CELLS)
def test_layers_give_the_arrays_also_after_saving(name, folder):
    import keras

    from weftwork.runtime.data.preparation import preparation_model

    dataset = load(CELLS[name], folder)
    model = preparation_model(CELLS[name], dataset)
    model.save(folder / "preparation.keras")
    for each in (model, keras.saving.load_model(folder / "preparation.keras")):
        for part, raw in ((dataset.train, dataset.raw_train), (dataset.validation, dataset.raw_validation)):
            for field, values in predicted(each, dataset, raw).items():
                np.testing.assert_allclose(np.asarray(values), part[field][:100], atol=1e-6)


@pytest.mark.parametrize("name", CELLS)
def test_printed_python_builds_the_same_model(name, folder):
    import keras

    from weftwork.runtime.data.preparation import preparation_source

    dataset = load(CELLS[name], folder)
    source = preparation_source(dataset)
    names: dict = {"keras": keras, "layers": keras.layers}
    exec(compile(source, "preparation", "exec"), names)
    for field, values in predicted(names["build_preparation"](), dataset, dataset.raw_validation).items():
        np.testing.assert_allclose(np.asarray(values), dataset.validation[field][:100], atol=1e-6)


def test_data_that_need_no_preparation_have_no_model(folder):
    from weftwork.runtime.data.preparation import preparation_model, preparation_source

    cell = data_cell(location="iris")
    dataset = load(cell, folder)
    assert preparation_model(cell, dataset) is None
    assert preparation_source(dataset) == ""


def test_restoring_layer_brings_predictions_to_their_own_units(folder):
    from weftwork.runtime.data.preparation import restoring_layer

    dataset = load(CELLS["series"], folder)
    layer = restoring_layer(dataset.plan, "next")
    expected = restore(dataset.plan, "next", dataset.validation["next"])
    np.testing.assert_allclose(np.asarray(layer(dataset.validation["next"])), expected, rtol=1e-6)
    assert restoring_layer(load(CELLS["table standardised"], folder).plan, "diagnosis") is None
