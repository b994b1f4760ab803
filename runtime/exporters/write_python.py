"""The whole script: configuration, data, preparation, network, training, evaluation, saving, on one page."""

from __future__ import annotations

from ...compiler.document import TextCell
from ...compiler.model_name import model_name
from ...compiler.python_text import Imports
from ...compiler.to_python import formatted, model_function, model_source
from ..data.preparation import preparation_source, raw_inputs
from .data_source import loading_code
from .split_source import split_field, split_source
from .subject import Subject
from .training_source import TrainingSource


def script_source(subject: Subject, *, pipeline: bool) -> str:
    """The script; the network alone where `pipeline` is off or there are no data to train on."""
    if not pipeline or subject.plan is None or subject.dataset is None or subject.data is None:
        return model_source(subject.program)
    return _Script(subject).text()


class _Script:
    def __init__(self, subject: Subject) -> None:
        assert subject.plan is not None
        assert subject.dataset is not None
        assert subject.data is not None
        self.subject, self.plan, self.dataset, self.data = subject, subject.plan, subject.dataset, subject.data
        self.program = subject.program
        self.imports = Imports()
        self.training = TrainingSource(subject, self.imports)
        self.several_in = len(self.program.inputs) > 1
        self.several_out = len(self.program.outputs) > 1

    def text(self) -> str:
        plan, dataset = self.plan, self.dataset
        inputs = list(dict.fromkeys(plan.inputs.values()))
        targets = [n for n in dict.fromkeys(plan.targets.values()) if n in dataset.plan and n not in inputs]
        parted_by = split_field(self.data, dataset)
        weights = [plan.sample_weight] if plan.sample_weight else []
        loading = loading_code(self.data, dataset, [*inputs, *targets, *weights, *([parted_by] if parted_by else [])])
        # A target in other units than the source's is prepared like an input; classes stay the codes that they are.
        prepared_targets = [n for n in targets if dataset.description.fields[n].content != "category"]
        preparation = preparation_source(dataset, [*inputs, *prepared_targets])
        network = model_function(self.program, self.imports)
        training = self._main(inputs, prepared_targets if preparation else [], bool(preparation))
        lines = [f'"""{self._title()}"""', ""]
        keras_lines = self.imports.lines()
        if preparation and not any(line.startswith("from keras import") for line in keras_lines):
            keras_lines.insert(1, "from keras import layers")
        standard = [line for line in loading.imports if line.startswith("from pathlib")]
        lines += [*standard, ""] if standard else []
        lines += sorted({*keras_lines, *loading.imports, "import numpy as np"} - set(standard), key=_import_order)
        lines += ["", *self._constants(), *loading.constants, "", ""]
        lines += ["def load_rows():", '    """Every row, before preparation: arrays by name."""']
        lines += [*(f"    {line}" for line in loading.lines), "    return rows", ""]
        lines += [split_source(self.data, dataset), ""]
        lines += [preparation, ""] if preparation else []
        lines += [network, "", *self.training.functions(), *training]
        return formatted("\n".join(lines))

    def _title(self) -> str:
        heading = next(
            (
                line.lstrip("# ").strip()
                for cell in self.subject.notebook.cells
                if isinstance(cell, TextCell)
                for line in cell.text.splitlines()
                if line.startswith("#")
            ),
            self.program.name,
        )
        return heading.replace("\\", "\\\\").replace('"""', "'''") + ("" if heading.endswith((".", "!", "?")) else ".")

    def _constants(self) -> list[str]:
        return [
            f"SEED = {self.plan.seed}",
            f"BATCH_SIZE = {self.plan.batch_size}",
            f"EPOCHS = {self.plan.epochs}",
            f"VALIDATION = {self.data.split.validation!r}  # share of the rows",
            f"SPLIT_SEED = {self.data.split.seed}",
        ]

    def _main(self, inputs: list[str], prepared_targets: list[str], prepared: bool) -> list[str]:
        lines = ["", 'if __name__ == "__main__":', "    keras.utils.set_random_seed(SEED)", "    rows = load_rows()"]
        if prepared:
            raw = list(raw_inputs(self.dataset, [*inputs, *prepared_targets]))
            lines.append("    preparation = build_preparation()")
            lines.append(f"    rows |= preparation.predict({{name: rows[name] for name in {raw!r}}}, verbose=0)")
        lines.append(f"    inputs = {self._inputs()}")
        lines.append(f"    targets = {self._targets()}")
        lines.append("    training, validation = split(rows)")
        for suffix, part in (("train", "training"), ("validation", "validation")):
            x, y = self._picked("inputs", part, self.several_in), self._picked("targets", part, self.several_out)
            lines.append(f"    x_{suffix}, y_{suffix} = {x}, {y}")
        if self.plan.sample_weight:
            for suffix, part in (("train", "training"), ("validation", "validation")):
                lines.append(f"    weights_{suffix} = rows[{self.plan.sample_weight!r}].reshape(-1)[{part}]")
        lines += ["", *(f"    {line}" for line in self.training.lines())]
        lines.append(f"    print(model.evaluate({self._evaluated()}, return_dict=True, verbose=0))")
        lines.append(f'    model.save("{model_name(self.program.name)}.keras")')
        return lines

    @staticmethod
    def _picked(rows: str, part: str, several: bool) -> str:
        return f"{{name: array[{part}] for name, array in {rows}.items()}}" if several else f"{rows}[{part}]"

    def _inputs(self) -> str:
        given = {entry.name: self.plan.inputs[entry.node] for entry in self.program.inputs}
        return self._structure({name: f"rows[{field!r}]" for name, field in given.items()}, self.several_in)

    def _targets(self) -> str:
        texts = {}
        for given in self.program.outputs:
            field = self.plan.targets[given.node]
            described = self.dataset.description.fields.get(self.plan.inputs.get(field, field))
            text = f"rows[{self.plan.inputs.get(field, field)!r}]"
            if described is not None and described.content == "category" and described.shape:
                text = f"keras.utils.to_categorical({text}, {described.shape[0]})"
            elif described is not None and described.content == "number":
                text += "[:, 0]"
            texts[given.name] = text
        return self._structure(texts, self.several_out)

    @staticmethod
    def _structure(texts: dict[str, str], several: bool) -> str:
        if not several:
            return next(iter(texts.values()))
        return "{" + ", ".join(f"{name!r}: {text}" for name, text in texts.items()) + "}"

    def _evaluated(self) -> str:
        weights = ", sample_weight=weights_validation" if self.plan.sample_weight else ""
        return f"x_validation, y_validation{weights}"


def _import_order(line: str) -> tuple[bool, str]:
    return (line.startswith("from"), line)
