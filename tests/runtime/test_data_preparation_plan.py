"""Fitted constants against scikit-learn and NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from weftwork.runtime.data.load import load
from weftwork.runtime.data.preparation_plan import restore

from .data_cells import data_cell, split, step, write_table

GAPPED = "a,b,colour,y\n" + "\n".join(
    f"{'' if i % 7 == 3 else i * 0.5},{(i * 37) % 11 + 100},{('red', 'green', '', 'blue')[i % 4]},{i * 3.5 + 1}"
    for i in range(60)
)


def test_standardise_is_that_of_scikit_learn_fitted_on_the_training_part(tmp_path):
    from sklearn.preprocessing import StandardScaler

    plain = load(data_cell(location="wine"), tmp_path)
    dataset = load(data_cell(location="wine", preparation=(step("standardise"),)), tmp_path)
    scaler = StandardScaler().fit(plain.train["features"].astype(np.float64))
    for part, raw in ((dataset.train, plain.train), (dataset.validation, plain.validation)):
        np.testing.assert_allclose(part["features"], scaler.transform(raw["features"]), atol=1e-4)


def test_rescale_brings_columns_to_zero_and_one(tmp_path):
    from sklearn.preprocessing import MinMaxScaler

    plain = load(data_cell(location="iris"), tmp_path)
    dataset = load(data_cell(location="iris", preparation=(step("rescale"),)), tmp_path)
    scaler = MinMaxScaler().fit(plain.train["features"])
    expected = scaler.transform(plain.validation["features"])
    np.testing.assert_allclose(dataset.validation["features"], expected, atol=1e-5)


@pytest.mark.parametrize("strategy", ["mean", "median", "constant"])
def test_impute_fills_gaps_as_scikit_learn_does(tmp_path, strategy):
    from sklearn.impute import SimpleImputer

    write_table(tmp_path, GAPPED)
    params = {"value": 5.5} if strategy == "constant" else {}
    cell = data_cell("csv", "table.csv", preparation=(step("impute", strategy=strategy, **params),))
    dataset = load(cell, tmp_path)
    imputer = SimpleImputer(strategy=strategy, fill_value=5.5).fit(dataset.raw_train["features"])
    expected = imputer.transform(dataset.raw_validation["features"])
    assert np.isnan(dataset.raw_train["features"]).any()
    np.testing.assert_allclose(dataset.validation["features"][:, :2], expected, rtol=1e-6)


def test_steps_touch_only_the_columns_that_they_name(tmp_path):
    plain = load(data_cell(location="iris"), tmp_path)
    cell = data_cell(location="iris", preparation=(step("standardise", "petal width", "sepal length"),))
    dataset = load(cell, tmp_path)
    np.testing.assert_array_equal(dataset.train["features"][:, 1:3], plain.train["features"][:, 1:3])
    np.testing.assert_allclose(dataset.train["features"][:, [0, 3]].std(axis=0), [1, 1], rtol=1e-4)


def test_categories_are_one_hot_and_what_is_missing_is_none_of_them(tmp_path):
    write_table(tmp_path, GAPPED)
    dataset = load(data_cell("csv", "table.csv", preparation=(step("impute"),)), tmp_path)
    colours = dataset.raw_train["colour"]
    np.testing.assert_array_equal(dataset.train["features"][:, 2:].sum(axis=1), (colours != "").astype(float))
    np.testing.assert_array_equal(dataset.train["features"][:, 2], colours == "blue")


def test_category_seen_only_in_validation_has_no_column(tmp_path):
    rows = [f"{i},{'rare' if i == 39 else 'often'},{i * 2.5}" for i in range(40)]
    write_table(tmp_path, "a,colour,y\n" + "\n".join(rows))
    dataset = load(data_cell("csv", "table.csv", split=split(by="time")), tmp_path)
    assert dataset.train["features"].shape[1] == 2
    assert dataset.validation["features"][-1].tolist() == [39.0, 0.0]


def test_constant_column_is_left_at_its_own_size(tmp_path):
    write_table(tmp_path, "a,b,y\n" + "\n".join(f"{i % 5},7,{i * 2.5}" for i in range(40)))
    dataset = load(data_cell("csv", "table.csv", preparation=(step("standardise"),)), tmp_path)
    assert np.unique(dataset.validation["features"][:, 1]).tolist() == [0.0]


@pytest.mark.parametrize("steps", [(), ("standardise",), ("rescale",), ("standardise", "rescale")])
def test_restore_undoes_the_preparation_of_a_target(tmp_path, steps):
    cell = data_cell(location="diabetes", preparation=tuple(step(name, "progression") for name in steps))
    dataset = load(cell, tmp_path)
    restored = restore(dataset.plan, "progression", dataset.train["progression"])
    np.testing.assert_allclose(restored, dataset.raw_train["progression"], rtol=1e-4)


def test_standardised_pictures_have_mean_zero_and_deviation_one(tmp_path):
    dataset = load(data_cell(location="digits", preparation=(step("standardise"),)), tmp_path)
    assert abs(dataset.train["image"].mean(dtype=float)) < 1e-5
    assert abs(dataset.train["image"].std(dtype=float) - 1) < 1e-5


TABLE = "a,b,colour,y\n" + "\n".join(
    f"{'' if i % 7 == 3 else (i * 5) % 8},{(i * 37) % 11 + 100.5},{('red', 'green', '', 'blue', 'red')[i % 5]},{i / 3}"
    for i in range(80)
)


def prepared(folder, *steps, **fields):
    write_table(folder, TABLE)
    return load(data_cell("csv", "table.csv", preparation=steps, **fields), folder)


def numbers(dataset, part: str) -> np.ndarray:
    return np.asarray(getattr(dataset, f"raw_{part}")["features"], dtype=np.float64)


def test_most_frequent_number_fills_gaps_as_scikit_learn_does(tmp_path):
    from sklearn.impute import SimpleImputer

    dataset = prepared(tmp_path, step("impute", strategy="most_frequent"))
    imputer = SimpleImputer(strategy="most_frequent").fit(numbers(dataset, "train"))
    for part in ("train", "validation"):
        expected = imputer.transform(numbers(dataset, part))
        np.testing.assert_allclose(getattr(dataset, part)["features"][:, :2], expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("params", "theirs"),
    [
        ({"strategy": "most_frequent"}, {"strategy": "most_frequent"}),
        ({"strategy": "constant", "value": "green"}, {"strategy": "constant", "fill_value": "green"}),
        ({"strategy": "constant", "value": "grey"}, {"strategy": "constant", "fill_value": "grey"}),
        ({"strategy": "own_class"}, {"strategy": "constant", "fill_value": "~none"}),
    ],
)
def test_categories_are_filled_and_one_hot_as_scikit_learn_has_them(tmp_path, params, theirs):
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    filling = (step("impute"), step("impute", "colour", **params))
    dataset = prepared(tmp_path, *filling, step("one_hot", "colour"))
    encoder = make_pipeline(
        SimpleImputer(missing_values="", **theirs), OneHotEncoder(sparse_output=False, handle_unknown="ignore")
    ).fit(np.asarray(dataset.raw_train["colour"], dtype=object)[:, np.newaxis])
    # A filling that is no class of the data stands last here, and in the order of letters there.
    classes = list(encoder[-1].categories_[0])
    order = np.argsort([name in ("grey", "~none") for name in classes], kind="stable")
    for part in ("train", "validation"):
        raw = np.asarray(getattr(dataset, f"raw_{part}")["colour"], dtype=object)[:, np.newaxis]
        np.testing.assert_array_equal(getattr(dataset, part)["features"][:, 2:], encoder.transform(raw)[:, order])


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (2, 5)])
def test_min_max_is_that_of_scikit_learn(tmp_path, low, high):
    from sklearn.preprocessing import MinMaxScaler

    dataset = prepared(tmp_path, step("impute"), step("min_max", low=low, high=high))
    filled = prepared(tmp_path, step("impute"))
    scaler = MinMaxScaler((low, high)).fit(filled.train["features"][:, :2])
    for part in ("train", "validation"):
        expected = scaler.transform(getattr(filled, part)["features"][:, :2])
        np.testing.assert_allclose(getattr(dataset, part)["features"][:, :2], expected, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Bins whose width are too small")  # and both leave them out
@pytest.mark.parametrize("strategy", ["quantile", "uniform"])
@pytest.mark.parametrize("encode", ["one_hot", "ordinal"])
@pytest.mark.parametrize("bins", [2, 4, 9])
def test_buckets_are_those_of_scikit_learn(tmp_path, strategy, encode, bins):
    from sklearn.preprocessing import KBinsDiscretizer

    dataset = prepared(
        tmp_path, step("impute", "a"), step("bucketise", "b", bins=bins, strategy=strategy, encode=encode)
    )
    discretizer = KBinsDiscretizer(
        bins,
        encode={"one_hot": "onehot-dense"}.get(encode, encode),
        strategy=strategy,
        quantile_method="linear",
        subsample=None,
    ).fit(np.asarray(dataset.raw_train["b"], dtype=np.float64))
    width = dataset.plan["features"].pieces[1].prepared_shape[-1]
    for part in ("train", "validation"):
        expected = discretizer.transform(np.asarray(getattr(dataset, f"raw_{part}")["b"], dtype=np.float64))
        np.testing.assert_array_equal(getattr(dataset, part)["features"][:, 1 : 1 + width], expected)


def test_logarithm_is_that_of_scikit_learn(tmp_path):
    from sklearn.preprocessing import FunctionTransformer

    dataset = prepared(tmp_path, step("impute"), step("log"))
    filled = prepared(tmp_path, step("impute"))
    expected = FunctionTransformer(np.log1p).transform(filled.validation["features"][:, :2].astype(np.float64))
    np.testing.assert_allclose(dataset.validation["features"][:, :2], expected, rtol=1e-5)


def test_resized_pictures_are_those_of_keras(tmp_path):
    import keras

    from .data_cells import write_pictures

    write_pictures(tmp_path, {"a": 6, "b": 6}, size=(7, 9), mode="RGB")
    for size in ((4, 4), (14, 5), (7, 18)):
        steps = (step("resize", height=size[0], width=size[1]),)
        dataset = load(data_cell("images", "pictures", preparation=steps), tmp_path)
        expected = keras.layers.Resizing(*size)(dataset.raw_train["image"].astype("float32"))
        np.testing.assert_allclose(dataset.train["image"], np.asarray(expected), atol=1e-3)
