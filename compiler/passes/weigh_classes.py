"""What training does about classes of unequal size: the fix of the data's warning, and its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..changes import SetField
from ..document import Notebook, TrainingCell
from ..problems import Fix, Problem
from ..training_options import BALANCED

_IMBALANCE = "D535"


def weigh_classes(notebook: Notebook, problems: Iterable[Problem]) -> list[Problem]:
    """The problems of data, without the warning on unequal classes where every training on the data weights its
    classes, and with a fix where one does not."""
    found = []
    for problem in problems:
        if problem.code == _IMBALANCE:
            trainings = [c for c in notebook.cells if isinstance(c, TrainingCell) and c.data == problem.at.cell]
            even = [cell for cell in trainings if not cell.options.get("class_weight")]
            if trainings and not even:
                continue
            changes = tuple(SetField(cell=c.id, field="options", key="class_weight", value=BALANCED) for c in even)
            if changes:
                problem = replace(problem, fixes=(Fix("Let every class count alike in training", changes),))
        found.append(problem)
    return found
