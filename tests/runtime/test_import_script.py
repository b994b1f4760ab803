"""Scripts that make Keras models: run after consent alone, without network and without training."""

from __future__ import annotations

from pathlib import Path

import keras
import pytest

from weftwork.compiler.document_file import read_notebook
from weftwork.runtime.code_cells.consent import allow_here
from weftwork.runtime.importers.import_file import read_any
from weftwork.runtime.importers.refused import ImportRefused, NeedsConsent
from weftwork.runtime.importers.script_models import Collector, Enough

# What a beginner's script looks like, and what one does that means ill.
SCRIPT = """
import pathlib, socket, subprocess
import keras
from keras import layers

(x, y), _ = keras.datasets.mnist.load_data()
refused = 0
for attempt in (
    lambda: socket.create_connection(("127.0.0.1", {port}), timeout=1),
    lambda: subprocess.run(["touch", "{mark}"]),
):
    try:
        attempt()
    except OSError:
        refused += 1
inner = keras.Sequential([keras.Input(x.shape[1:]), layers.Flatten(), layers.Dense(refused + 6)], name="inner")
pixels = keras.Input((28, 28), name="pixels")
model = keras.Model(pixels, layers.Dense(10, name="digit")(inner(pixels)), name="digits")
model.compile("adam", "sparse_categorical_crossentropy")
pathlib.Path("written.txt").write_text("kept nowhere")
model.fit(x, y, epochs=100)
pathlib.Path("{mark}").touch()
"""


def test_a_script_is_run_only_after_consent(tmp_path):
    with pytest.raises(NeedsConsent) as asked:
        read_any(SCRIPT.encode(), "digits.py", tmp_path)

    assert asked.value.code == SCRIPT
    assert "without network and without training" in str(asked.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_the_models_of_a_script_are_taken_and_it_reaches_nobody(tmp_path):
    mark = tmp_path / "ran"
    with socket_that_listens() as port:
        script = SCRIPT.format(port=port, mark=mark)
        allow_here([script])
        imported = read_any(script.encode(), "digits.py", tmp_path)

    networks = {cell.name: cell for cell in read_notebook(imported.text)[0].networks()}
    assert set(networks) == {"inner", "digits"}
    units = [node.params["units"] for node in networks["inner"].nodes.values() if node.kind == "Dense"]
    assert units == [8]
    assert imported.weights is None
    assert "nothing was trained" in imported.notices[0]
    assert not mark.exists()
    assert [path.name for path in tmp_path.iterdir()] == []


def socket_that_listens():
    import contextlib
    import socket

    @contextlib.contextmanager
    def listening():
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()
            yield server.getsockname()[1]

    return listening()


def test_a_script_that_breaks_off_is_refused_with_its_line(tmp_path):
    script = "import keras\n\nraise ValueError('no data here')\n"
    allow_here([script])

    with pytest.raises(ImportRefused) as refused:
        read_any(script.encode(), "broken.py", tmp_path)

    assert "broke off. ValueError in line 3: no data here." in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.fixture
def watched(monkeypatch) -> Collector:
    """A collector of this process, which is undone after the test."""
    kinds = (keras.Model, keras.Sequential, keras.src.models.functional.Functional)
    for kind in kinds:
        for name in ("__init__", "fit", "evaluate", "predict", "train_on_batch", "load_weights", "set_weights"):
            if name in vars(kind) or kind is keras.Model:
                monkeypatch.setattr(kind, name, getattr(kind, name))
    return Collector(keras)


def test_models_that_are_parts_of_others_are_not_taken_by_themselves(watched):
    part = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)], name="part")
    x = keras.Input((3,))
    whole = keras.Model(x, part(x), name="whole")
    said: list[str] = []
    keras.Sequential([keras.layers.Dense(2)], name="unbuilt")

    assert watched.models(said) == [("whole", whole)]
    assert said == ["unbuilt does not say what it takes, so that it could not be built; it was left out."]


@pytest.mark.long
def test_a_script_ends_where_it_would_train(watched):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])

    with pytest.raises(Enough, match="train"):
        model.fit([[1.0, 2.0, 3.0]], [[0.0, 0.0]])


@pytest.mark.long
def test_a_function_that_builds_the_model_is_called(watched):
    def build_model(width: int = 4) -> keras.Model:
        return keras.Sequential([keras.Input((width,)), keras.layers.Dense(1)], name="built")

    watched.call_builders({"build_model": build_model, "Path": Path})

    assert [name for name, _ in watched.models([])] == ["built"]
