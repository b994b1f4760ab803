"""The pieces of code that choose the rows of one training, train, evaluate and save, for a script and for a Jupyter
notebook."""

from __future__ import annotations

from ...compiler.model_name import model_name
from ...compiler.python_text import Imports
from ...compiler.specs import DataField
from .subject import Subject
from .training_source import TrainingSource


class TrainingParts:
    """They build on what `DataParts` has bound: `rows`, `training`, `validation`."""

    def __init__(self, subject: Subject, imports: Imports) -> None:
        assert subject.plan is not None
        assert subject.dataset is not None
        self.program, self.plan, self.dataset = subject.program, subject.plan, subject.dataset
        self._training = TrainingSource(subject, imports)
        self.several_in = len(self.program.inputs) > 1
        self.several_out = len(self.program.outputs) > 1

    def constants(self) -> list[str]:
        return self._training.constants()

    def modules(self) -> list[str]:
        """Import lines beside those of the network."""
        return self._training.modules()

    def functions(self) -> list[str]:
        return [text.strip("\n") + "\n" for text in self._training.functions()]

    def rows(self) -> list[str]:
        """What the model is given, and what it is to answer, for training and for validation."""
        lines = [f"inputs = {self._inputs()}", f"targets = {self._targets()}"]
        for suffix, part in (("train", "training"), ("validation", "validation")):
            x, y = self._picked("inputs", part, self.several_in), self._picked("targets", part, self.several_out)
            lines.append(f"x_{suffix}, y_{suffix} = {x}, {y}")
        if self.plan.sample_weight:
            for suffix, part in (("train", "training"), ("validation", "validation")):
                lines.append(f"weights_{suffix} = rows[{self.plan.sample_weight!r}].reshape(-1)[{part}]")
        return lines

    def lines(self) -> list[str]:
        """From the model to the end of its training."""
        return self._training.lines()

    def scores(self) -> str:
        """An expression that gives loss and metrics on the rows held back, by name."""
        weights = ", sample_weight=weights_validation" if self.plan.sample_weight else ""
        return f"model.evaluate(x_validation, y_validation{weights}, return_dict=True, verbose=0)"

    def saving(self) -> str:
        return f'model.save("{model_name(self.program.name)}.keras")'

    def target_field(self, node: str) -> DataField | None:
        """The field that an Output is to answer with; that of the Input where the target is an input."""
        name = self.plan.targets[node]
        return self.dataset.description.fields.get(self.plan.inputs.get(name, name))

    @staticmethod
    def _picked(rows: str, part: str, several: bool) -> str:
        return f"{{name: array[{part}] for name, array in {rows}.items()}}" if several else f"{rows}[{part}]"

    def _inputs(self) -> str:
        given = {entry.name: self.plan.inputs[entry.node] for entry in self.program.inputs}
        return _structure({name: f"rows[{field!r}]" for name, field in given.items()}, self.several_in)

    def _targets(self) -> str:
        texts = {}
        for given in self.program.outputs:
            name = self.plan.targets[given.node]
            field = self.target_field(given.node)
            text = f"rows[{self.plan.inputs.get(name, name)!r}]"
            if field is not None and field.content == "category" and field.shape:
                text = f"keras.utils.to_categorical({text}, {field.shape[0]})"
            elif field is not None and field.content == "number":
                text += "[:, 0]"
            texts[given.name] = text
        return _structure(texts, self.several_out)


def _structure(texts: dict[str, str], several: bool) -> str:
    if not several:
        return next(iter(texts.values()))
    return "{" + ", ".join(f"{name!r}: {text}" for name, text in texts.items()) + "}"
