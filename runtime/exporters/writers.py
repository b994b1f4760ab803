"""Writes a network in each of the formats that hold one, and compares what a fresh process makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras

from ...compiler.to_keras import build_model
from ...compiler.training_options import PLAIN
from .carried import IN_ONNX, put_into_archive, put_into_saved_model
from .compare import Compared, by_name, compared_in_fresh_process
from .formats import INT8
from .own_layers import write_layers
from .python_trailer import with_trailer
from .representative import training_rows
from .serving_model import predictions, serving_model
from .subject import Subject, network_samples
from .write_litert import litert_model
from .write_onnx import onnx_model, write_onnx
from .write_python import script_source
from .write_saved_model import write_saved_model


@dataclass(frozen=True)
class Order:
    """What to write where. `carried` is the text of the notebook that travels inside, None for none; `preparation`
    says whether the network's data are a part of it."""

    subject: Subject
    part: Path
    preparation: bool = True
    carried: str | None = None


@dataclass(frozen=True)
class Written:
    """How it compares, and what its reader must know of it."""

    compared: Compared
    note: str = ""


def _python(order: Order) -> Written:
    code = script_source(order.subject, pipeline=order.preparation)
    order.part.write_text(code if order.carried is None else with_trailer(code, order.carried), encoding="utf-8")
    return Written(compared_script(order.subject, order.part))


def compared_script(subject: Subject, part: Path) -> Compared:
    """The model against what the script's `build_model()` gives with the same weights."""
    weights = part.with_name("weights.keras")
    subject.model.save(weights)
    samples = network_samples(subject)
    expected = by_name(predictions(_in_plain_precision(subject), samples))
    return compared_in_fresh_process("python", part, samples, expected, weights)


def _in_plain_precision(subject: Subject) -> keras.Model:
    """The model as `build_model()` of the script makes it: the script sets another precision only where it trains."""
    if all(layer.dtype_policy.name == PLAIN for layer in subject.model.layers):
        return subject.model
    model = build_model(subject.program)
    model.set_weights(subject.model.get_weights())
    return model


def _keras(order: Order) -> Written:
    model, samples = serving_model(order.subject, preparation=order.preparation)
    # Keras insists on its ending; the user's name may have another.
    written = order.part.with_name("model.keras")
    model.save(written)
    if order.carried is not None:
        put_into_archive(written, order.carried)
    code = write_layers(order.subject.program, order.part)
    compared = compared_in_fresh_process("keras", written, samples, by_name(predictions(model, samples)), code)
    written.rename(order.part)
    return Written(compared)


def _weights(order: Order) -> Written:
    """Those of the network alone: they belong to what `build_model()` of its script builds."""
    subject = order.subject
    written, script = order.part.with_name("model.weights.h5"), order.part.with_name("build.py")
    subject.model.save_weights(written)
    script.write_text(script_source(subject, pipeline=False), encoding="utf-8")
    samples = network_samples(subject)
    expected = by_name(predictions(_in_plain_precision(subject), samples))
    compared = compared_in_fresh_process("weights", written, samples, expected, script)
    written.rename(order.part)
    return Written(compared, "They fit the network that build_model() of the Python script builds.")


def _savedmodel(order: Order) -> Written:
    model, samples = serving_model(order.subject, preparation=order.preparation)
    write_saved_model(model, order.part)
    if order.carried is not None:
        put_into_saved_model(order.part, order.carried)
    expected = by_name(predictions(model, samples))
    return Written(compared_in_fresh_process("savedmodel", order.part, samples, expected))


def _onnx(order: Order) -> Written:
    model, samples = serving_model(order.subject, preparation=order.preparation)
    converted = onnx_model(model, [given.name for given in order.subject.program.outputs])
    write_onnx(converted, order.part, order.carried, IN_ONNX)
    return Written(compared_in_fresh_process("onnx", order.part, samples, by_name(predictions(model, samples))))


def _litert(order: Order, *, int8: bool = False) -> Written:
    model, samples = serving_model(order.subject, preparation=order.preparation)
    rows = training_rows(order.subject, model) if int8 else None
    content, at_a_time = litert_model(model, rows)
    order.part.write_bytes(content)
    note = "It takes one row at a time: its loops need a batch of a known size." if at_a_time else ""
    return Written(compared_in_fresh_process("litert", order.part, samples, by_name(predictions(model, samples))), note)


WRITERS: dict[str, Callable[[Order], Written]] = {
    "python": _python,
    "keras": _keras,
    "weights": _weights,
    "savedmodel": _savedmodel,
    "onnx": _onnx,
    "litert": _litert,
    INT8: lambda order: _litert(order, int8=True),
}
