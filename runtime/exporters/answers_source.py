"""The Python of an evaluation cell in a Jupyter notebook: scores, and answers beside what was right."""

from __future__ import annotations

from ...compiler.passes.data_of_outputs import output_shape
from ...compiler.program import ProgramOutput
from .training_parts import TrainingParts

# A table of more classes is wider than a page; names that are longer than this list are left to their codes.
_MOST_NAMES = 40


def answers_source(parts: TrainingParts) -> list[str]:
    """Lines that print loss and metrics, then for each Output a table of classes, or how large the errors are. They
    need pandas as `pd`."""
    lines = [f"print({parts.scores()})", "answers = model.predict(x_validation, verbose=0)"]
    for given in parts.program.outputs:
        several = parts.several_out
        answer, truth = (f"{name}[{given.name!r}]" if several else name for name in ("answers", "y_validation"))
        table = _classes(parts, given, answer, truth) or _errors(given, answer, truth)
        # Only the last expression of a cell is shown by itself.
        last = given is parts.program.outputs[-1]
        lines += [*table[:-1], table[-1] if last else f"print({table[-1]})"]
    return lines


def _classes(parts: TrainingParts, given: ProgramOutput, answer: str, truth: str) -> list[str]:
    field = parts.target_field(given.node)
    if field is None or field.content != "category":
        return []
    shape = output_shape(parts.program, given.node)
    single = shape is None or shape[-1:] == (1,)
    loss = parts.plan.losses.get(given.node)
    if single:
        middle = 0 if loss is not None and loss.params.get("from_logits") else 0.5
        predicted = f"({answer}.reshape(-1) > {middle}).astype(int)"
    else:
        predicted = f"{answer}.argmax(axis=-1)"
    right = f"{truth}.argmax(axis=-1)" if field.shape else f"{truth}.reshape(-1).astype(int)"
    lines = [f"predicted, right = {predicted}, {right}"]
    if 0 < len(field.classes) <= _MOST_NAMES:
        lines.append(f"names = np.array({list(field.classes)!r})")
        lines.append("predicted, right = names[predicted], names[right]")
    return [*lines, 'pd.crosstab(right, predicted, rownames=["right"], colnames=["predicted"])']


def _errors(given: ProgramOutput, answer: str, truth: str) -> list[str]:
    return [
        f"errors = np.abs({answer}.reshape({truth}.shape) - {truth})",
        f"pd.Series(errors.reshape(len(errors), -1).mean(axis=1), name={given.name + ': absolute error'!r}).describe()",
    ]
