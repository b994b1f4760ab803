"""A worker that is not the chief: builds the same network, and does what the chief does, when it does it."""

from __future__ import annotations

import io
import os
import queue
import sys
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ...compiler.document import Notebook, TrainingCell
from ..checkpoints import all_variables, set_value, stored_value
from ..compile_model import build_all
from ..failure import full_traceback, one_line
from ..start_weights import start_with
from .graph_steps import graph_steps
from .led_steps import OWN_FAILURES
from .pieces import training_batches, validation_batches
from .team import Team, wait_until_noticed
from .wire import Gone, Wire

# So long a worker may take to hear that the run is over.
_LATEST_END_S = 20.0

CHIEF_GONE = "The chief is gone; nothing is left to do here. Start all workers again to resume."

Message = tuple[dict[str, Any], bytes]


def listen(wire: Wire) -> queue.Queue[Message]:
    """What the chief says from now on. A chief that is gone ends the process with a line on standard error."""
    messages: queue.Queue[Message] = queue.Queue()
    threading.Thread(target=_listen, args=(wire, messages), daemon=True).start()
    return messages


def follow(
    team: Team, wire: Wire, messages: queue.Queue[Message], notebook: Notebook, cell: TrainingCell, folder: Path
) -> dict[str, Any]:
    """Trains with the chief until that lets it go; gives run, state and steps."""
    begin, checkpoint = messages.get()
    while begin["do"] not in ("begin", "end"):
        begin, checkpoint = messages.get()
    if begin["do"] == "end":
        return {"run": "", "state": "stopped", "steps": 0}
    try:
        with team.strategy.scope():
            model, arrays, plan = _build(begin, notebook, cell, folder)
            if checkpoint:
                _restore(model, checkpoint)
            steps = _obey(messages, model, arrays, plan, begin)
    except Exception as error:
        if isinstance(error, tf.errors.OpError) and not isinstance(error, OWN_FAILURES):
            wait_until_noticed()
        print(full_traceback(error), file=sys.stderr, flush=True)
        wire.send("failed", reason=one_line(error))
        return {"run": begin["run"], "state": "failed", "steps": 0, "message": one_line(error)}
    return {"run": begin["run"], "state": "finished", "steps": steps}


def _listen(wire: Wire, messages: queue.Queue[Message]) -> None:
    try:
        while True:
            message = wire.receive()
            messages.put(message)
            if message[0]["do"] == "end":
                # A chief whose run failed may have left this process waiting for its part of a sum.
                timer = threading.Timer(_LATEST_END_S, os._exit, [1])
                timer.daemon = True
                timer.start()
                return
    except Gone:
        # Nothing could wake a step that waits for the chief's part.
        print(CHIEF_GONE, file=sys.stderr, flush=True)
        os._exit(1)


def _build(begin: dict[str, Any], notebook: Notebook, cell: TrainingCell, folder: Path) -> tuple[Any, Any, Any]:
    from ..trainer import _build as build
    from ..training_task import read_task

    info = {"cell": cell.name, "options": begin["options"], "data": cell.data}
    # What read_task asks of a run's record; a worker writes none.
    record: Any = SimpleNamespace(
        info=info,
        path=folder / ".weftwork" / "runs" / begin["run"],
        run=SimpleNamespace(notebook=lambda: notebook),
        event=lambda *_, **__: None,
    )
    task = read_task(record)
    keras.utils.set_random_seed(begin["seed"])
    model = build(task, begin["precision"], False)
    # The key that the chief has compared covers what is in these files.
    start_with(model, task.program, task.drawn, folder)
    build_all(model, task.arrays.x, task.arrays.y)
    return model, task.arrays, task.plan


def _restore(model: keras.Model, checkpoint: bytes) -> None:
    with np.load(io.BytesIO(checkpoint), allow_pickle=False) as stored:
        for number, variable in enumerate(all_variables(model)):
            set_value(variable, stored_value(stored[str(number)], variable.dtype))


def _obey(messages: queue.Queue[Message], model: Any, arrays: Any, plan: Any, begin: dict[str, Any]) -> int:
    """Does what is said until the end; gives the steps that were trained here."""
    graph = graph_steps(model)
    batches: Any = iter(
        training_batches(
            arrays,
            plan.batch_size,
            begin["seed"],
            epoch=begin["epoch"],
            step=begin["step_in_epoch"],
            epochs=plan.epochs,
        )
    )
    validating: Any = None
    held_back: Any = validation_batches(arrays, plan.batch_size) if arrays.validation_rows else None
    steps = 0
    while True:
        message, _ = messages.get()
        match message["do"]:
            case "train":
                if message["rate"] is not None:
                    model.optimizer.learning_rate.assign(message["rate"])
                graph.run(batches, message["steps"]).numpy()
                steps += message["steps"]
            case "validate":
                validating = iter(held_back) if message["begin"] else validating
                graph.validate(validating, message["steps"])
            case "read":
                for variable in all_variables(model):
                    variable.numpy()
            case "results":
                keras.tree.map_structure(lambda value: np.asarray(value), model.get_metrics_result())
            case "reset":
                model.reset_metrics()
            case "save":
                # Saving reads sums over machines; what the others write is thrown away.
                with tempfile.TemporaryDirectory() as folder:
                    model.save(Path(folder) / "model.keras")
            case "end":
                return steps
