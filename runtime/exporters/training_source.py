"""The Python that trains, as it stands in an exported script: `compile` and `fit` with all that the cell sets."""

from __future__ import annotations

import re
from typing import Any

from ...compiler.catalogue import catalogue
from ...compiler.document import Choice
from ...compiler.metric_names import named
from ...compiler.passes.choose_loss import is_one_hot
from ...compiler.python_text import Imports, object_text
from ...compiler.training_options import BALANCED, FASTEST, PLAIN
from ..row_weights import class_weights
from .augmentation_source import augmentation_source, augmented_batches
from .named_rate import LEARNING_RATE, STEPS, named_rate
from .subject import Subject

# Stands in a script where layers learn at rates of their own; see runtime/rate_factors.py.
_OWN_RATES = '''
def learn_at_own_rates(model, factors):
    """Lets layers, by name, learn at a factor of the learning rate, weight decay included."""
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    key = optimizer._var_key
    factor_of = {key(v): factor for name, factor in factors.items() for v in model.get_layer(name).trainable_variables}
    update, decay = optimizer.update_step, optimizer._apply_weight_decay

    def update_at_own_rate(gradient, variable, learning_rate):
        update(gradient, variable, learning_rate * factor_of.get(key(variable), 1.0))

    def decay_at_own_rate(variables):
        whole = optimizer.weight_decay
        for variable in variables:
            optimizer.weight_decay = whole and whole * factor_of.get(key(variable), 1.0)
            decay([variable])
        optimizer.weight_decay = whole

    optimizer.update_step = update_at_own_rate
    optimizer._apply_weight_decay = decay_at_own_rate
'''


class TrainingSource:
    """Lines of a script for one training. `x_train`, `y_train`, `x_validation`, `y_validation` are there by then, and
    `weights_train`, `weights_validation` where the data weight their rows."""

    def __init__(self, subject: Subject, imports: Imports) -> None:
        assert subject.plan is not None
        assert subject.dataset is not None
        self._plan, self._dataset, self._program = subject.plan, subject.dataset, subject.program
        self._imports = imports
        self._subject = subject
        self._augmented = augmentation_source(subject)
        self._several = len(subject.program.outputs) > 1
        steps = self._plan.epochs * -(-len(self._dataset.train_rows) // self._plan.batch_size)
        self._optimizer, self._rate = named_rate(self._plan.optimizer, steps)
        info = subject.run.info() if subject.run else {}
        # A trial was the run's own; the script does what it found.
        self._precision = info.get("precision", PLAIN) if self._plan.precision == FASTEST else self._plan.precision
        self._xla = bool(info.get("xla")) if self._plan.xla == FASTEST else bool(self._plan.xla)

    def constants(self) -> list[str]:
        """What a reader may want to change, at the head of the script."""
        plan = self._plan
        lines = [f"SEED = {plan.seed}", f"BATCH_SIZE = {plan.batch_size}", f"EPOCHS = {plan.epochs}"]
        return lines if self._rate is None else [*lines, f"{LEARNING_RATE} = {self._rate!r}"]

    def functions(self) -> list[str]:
        """What stands before the main part."""
        rates = [_OWN_RATES] if self._factors(resting=False) else []
        return [*rates, self._augmented] if self._augmented else rates

    def modules(self) -> list[str]:
        """What the script imports for it, beside Keras."""
        return ["from keras import layers", "import tensorflow as tf"] if self._augmented else []

    def lines(self) -> list[str]:
        """From the model to the end of its training."""
        plan = self._plan
        lines = []
        if self._precision != PLAIN:
            lines.append(f"keras.config.set_dtype_policy({self._precision!r})")
        lines += ["model = build_model()", "model.summary()"]
        lines += [f"model.get_layer({name!r}).trainable = False" for name in self._factors(resting=True)]
        optimizer = self._object(self._optimizer, "optimizers")
        if re.search(rf"\b{STEPS}\b", optimizer):
            lines.append(f"{STEPS} = EPOCHS * -(-len(training) // BATCH_SIZE)  # the last batch may be smaller")
        lines += ["model.compile(", f"    optimizer={optimizer},"]
        lines.append(f"    loss={self._by_output({n: self._object(c, 'losses') for n, c in plan.losses.items()})},")
        if plan.loss_weights:
            weights = {node: repr(float(plan.loss_weights.get(node, 1.0))) for node in plan.losses}
            lines.append(f"    loss_weights={self._by_output(weights)},")
        measured = {node: self._metrics(plan.metrics.get(node, ())) for node in plan.losses}
        lines.append(f"    {'weighted_metrics' if plan.weighted_metrics else 'metrics'}={self._by_output(measured)},")
        lines += ["    jit_compile=True,"] if self._xla else []
        lines.append(")")
        if factors := self._factors(resting=False):
            lines.append(f"learn_at_own_rates(model, {factors!r})")
        return [*lines, *self._fit()]

    def _fit(self) -> list[str]:
        plan = self._plan
        before, argument = self._class_weight()
        held_back = "x_validation, y_validation"
        if plan.sample_weight:
            argument, held_back = "sample_weight=weights_train", f"{held_back}, weights_validation"
        if self._augmented:
            # The batches carry the weights of their rows.
            argument = "" if plan.sample_weight else argument
            batches = augmented_batches(self._subject, weighted=bool(plan.sample_weight))
            lines = [*before, *batches, "model.fit(", "    batches,", "    epochs=EPOCHS,", "    shuffle=False,"]
        else:
            lines = [*before, "model.fit(", "    x_train,", "    y_train,"]
            lines += ["    batch_size=BATCH_SIZE,", "    epochs=EPOCHS,"]
        lines += [f"    {argument},"] if argument else []
        lines.append(f"    validation_data=({held_back}),")
        if plan.callbacks:
            made = ", ".join(self._object(choice, "callbacks") for choice in plan.callbacks)
            lines.append(f"    callbacks=[{made}],")
        return [*lines, ")"]

    def _class_weight(self) -> tuple[list[str], str]:
        """Lines before `fit`, and its argument."""
        plan = self._plan
        if plan.class_weight is None or plan.sample_weight:
            return [], ""
        target = plan.targets[self._program.outputs[0].node]
        field = self._dataset.description.fields[plan.inputs.get(target, target)]
        if plan.class_weight == BALANCED:
            codes = "y_train.argmax(axis=-1)" if is_one_hot(field) else "y_train"
            return [
                f"codes, counts = np.unique({codes}, return_counts=True)",
                "balanced = dict(zip(codes.tolist(), (counts.sum() / (len(codes) * counts)).tolist()))",
            ], "class_weight=balanced"
        return [], f"class_weight={class_weights(plan.class_weight, self._dataset.train[field.name], field.classes)!r}"

    def _factors(self, *, resting: bool) -> dict[str, float]:
        """Rate factors by the layer's name: those that are 0, or those that are anything else than 0 and 1."""
        given = {self._program.layers[node].name: factor for node, factor in self._plan.rate_factors.items()}
        return {name: factor for name, factor in given.items() if factor != 1 and (factor == 0) == resting}

    def _metrics(self, chosen: tuple[Choice, ...]) -> str:
        return f"[{', '.join(self._object(named(metric), 'metrics') for metric in chosen)}]"

    def _by_output(self, texts: dict[str, str]) -> str:
        """One text as it is, several as a dict by the Output's name."""
        names = {given.node: given.name for given in self._program.outputs}
        if not self._several:
            return next(iter(texts.values()))
        return "{" + ", ".join(f"{names[node]!r}: {text}" for node, text in texts.items()) + "}"

    def _object(self, choice: Choice, registry: str) -> str:
        entry: Any = getattr(catalogue(), registry)[choice.kind]
        return object_text(entry, choice.params, self._imports)
