"""The Python that changes pictures by chance while a script trains. No exported model holds any of it."""

from __future__ import annotations

from ...compiler.program import Program
from ...compiler.training_choices import TrainingPlan
from ..data.load import Dataset
from ..data.preparation_layers import layers_of
from .subject import Subject

FUNCTION = "build_augmentation"


def augmentation_source(subject: Subject) -> str:
    """`build_augmentation()`, a Sequential, or by Input name where there are several; "" where nothing is augmented."""
    assert subject.plan is not None
    assert subject.dataset is not None
    calls = _calls(subject.program, subject.plan, subject.dataset)
    if not calls:
        return ""
    several = len(subject.program.inputs) > 1
    made = {name: f"keras.Sequential([{', '.join(layers)}])" for name, layers in calls.items()}
    inner = ", ".join(f"{name!r}: {text}" for name, text in made.items())
    returned = f"{{{inner}}}" if several else next(iter(made.values()))
    gives = "dict[str, keras.Sequential]" if several else "keras.Sequential"
    return f'''
def {FUNCTION}() -> {gives}:
    """Layers that change pictures by chance. They are a part of training and none of the model."""
    return {returned}
'''


def augmented_batches(subject: Subject, *, weighted: bool) -> list[str]:
    """Lines that make `batches` of the training rows, each changed anew in every epoch."""
    rows = "(x_train, y_train, weights_train)" if weighted else "(x_train, y_train)"
    changed = "augmentation(x, training=True)"
    if len(subject.program.inputs) > 1:
        changed = "x | {name: layer(x[name], training=True) for name, layer in augmentation.items()}"
    return [
        f"augmentation = {FUNCTION}()",
        f"batches = tf.data.Dataset.from_tensor_slices({rows})",
        "batches = batches.shuffle(len(training), seed=SEED).batch(BATCH_SIZE)",
        f"batches = batches.map(lambda x, *rest: ({changed}, *rest)).prefetch(2)",
    ]


def _calls(program: Program, plan: TrainingPlan, dataset: Dataset) -> dict[str, list[str]]:
    """The layers of each Input as Python."""
    found: dict[str, list[str]] = {}
    for given in program.inputs:
        field = plan.inputs.get(given.node, "")
        pieces = dataset.plan[field].pieces if field in dataset.plan else ()
        calls = [
            f"layers.{kind}({', '.join(f'{name}={value!r}' for name, value in arguments.items())}, seed=SEED)"
            for piece in pieces
            for operation in piece.operations
            if operation.step == "augment"
            for kind, arguments in layers_of(operation)
        ]
        if calls:
            found[given.name] = calls
    return found
