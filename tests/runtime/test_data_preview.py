from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from weftwork.runtime.data.gallery_sets import GALLERY_SETS
from weftwork.runtime.data.load import load
from weftwork.runtime.data.preview import preview

from .data_cells import data_cell, write_table


def previewed(cell, folder):
    found = preview(cell.model_dump(mode="json"), str(folder))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    return found


@pytest.mark.parametrize("name", GALLERY_SETS)
def test_preview_of_every_set_is_small(name, tmp_path):
    assert len(json.dumps(previewed(data_cell(location=name), tmp_path))) < 60_000


def test_pictures_are_those_of_their_rows_one_of_each_class_first(tmp_path):
    from sklearn.datasets import load_digits

    found = previewed(data_cell(location="digits"), tmp_path)
    assert [image["label"] for image in found["images"][:10]] == list("0123456789")
    for image in found["images"]:
        pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(image["png"]))))
        np.testing.assert_allclose(pixels, load_digits().images[image["row"]] * 255 / 16, atol=0.5)
    assert sum(found["classes"].values()) == 1797


def test_statistics_are_those_of_numpy(tmp_path):
    found = previewed(data_cell(location="wine"), tmp_path)
    dataset = load(data_cell(location="wine"), tmp_path)
    values = np.concatenate([dataset.raw_train["features"], dataset.raw_validation["features"]])[:, 0]
    column = found["columns"][0]
    assert (column["name"], column["role"], column["type"]) == ("alcohol", "feature", "number")
    np.testing.assert_allclose(
        [column["minimum"], column["maximum"], column["mean"], column["deviation"]],
        [values.min(), values.max(), values.mean(), values.std()],
        rtol=1e-5,
    )
    assert sum(column["bins"]) == 178
    assert found["rows"][0]["cultivar"] == "cultivar 1"


def test_gaps_are_counted_and_shown_as_nothing(tmp_path):
    write_table(tmp_path, "a,b,y\n1,x,2.5\n,y,3.5\n3,,4.5\n")
    found = previewed(data_cell("csv", "table.csv"), tmp_path)
    assert [column["missing"] for column in found["columns"]] == [1, 1, 0]
    assert found["rows"][1] == {"a": None, "b": "y", "y": 3.5}


def test_series_is_a_line_of_bounded_length(tmp_path):
    write_table(tmp_path, "a\n" + "\n".join(str(i) for i in range(5000)))
    found = previewed(data_cell("csv", "table.csv", options={"window": 10}), tmp_path)
    line = found["series"]["columns"]["a"]
    assert len(line) <= 800
    assert line[:2] == [0.0, 7.0]


def test_unusable_data_have_problems_for_a_preview(tmp_path):
    found = previewed(data_cell("csv", "absent.csv"), tmp_path)
    assert list(found) == ["problems"]
    assert found["problems"][0]["code"] == "D502"
