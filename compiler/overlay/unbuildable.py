"""What cannot be a node made from arguments alone, and why."""

from __future__ import annotations

LAYERS: dict[str, str] = {
    "Layer": "Layer is the pattern for other layers and computes nothing itself.",
    "Wrapper": "Wrapper is the pattern for layers around a layer and computes nothing itself.",
    "InputLayer": "The node Input stands for InputLayer.",
    "TFSMLayer": "TFSMLayer reads a SavedModel from a folder, which a notebook does not carry.",
    "FlaxLayer": "FlaxLayer wraps a Flax module, which is code and not an argument.",
    "JaxLayer": "JaxLayer wraps a JAX function, which is code and not an argument.",
    "TorchModuleWrapper": "TorchModuleWrapper wraps a PyTorch module, which is code and not an argument.",
    "StackedRNNCells": "StackedRNNCells is a cell for the layer RNN and no node of its own.",
    # Its compute_output_spec returns the symbolic input itself (Keras 3.15), which then is its own result.
    "Equalization": "Keras gives this layer's input as its result while a network is built, which makes a cycle.",
    "Lambda": "Lambda wraps a Python function, which is code and not an argument.",
}

_FUNCTION = "It takes a Python function, which a drawing cannot hold."
_NO_TENSOR = "It takes no tensor; its result is a constant."
_NO_RESULT = "It gives no tensor, but something that is known when the network is built."
_WINDOW = "Its result has as many values as its argument says, so Keras takes a number there and no tensor."


def _each(names: str, reason: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), reason)


OPS: dict[str, str] = {
    **_each("associative_scan cond custom_gradient fori_loop jvp map scan", _FUNCTION),
    **_each("switch vectorize vectorized_map while_loop", _FUNCTION),
    **_each("empty eye full identity ones tri zeros", _NO_TENSOR),
    **_each("convert_to_numpy dtype is_tensor ndim shape size", _NO_RESULT),
    **_each("arange bartlett blackman hamming hanning kaiser", _WINDOW),
    "nonzero": "It gives as many tensors as its argument has axes, and a node's ports are fixed.",
}

_PATTERN = "It is the pattern for others and computes nothing itself."
_CODE = "It takes a Python function, which is code and not an argument."

ENTRIES: dict[str, str] = {
    **dict.fromkeys(("losses.Loss", "metrics.Metric", "optimizers.Optimizer", "callbacks.Callback"), _PATTERN),
    **dict.fromkeys(("schedules.LearningRateSchedule", "initializers.Initializer"), _PATTERN),
    **dict.fromkeys(("regularizers.Regularizer", "constraints.Constraint"), _PATTERN),
    **dict.fromkeys(("callbacks.LambdaCallback", "callbacks.LearningRateScheduler"), _CODE),
    "metrics.MeanMetricWrapper": _CODE,
    "callbacks.OrbaxCheckpoint": "It needs the package orbax-checkpoint, which is not part of the installation.",
    "callbacks.CallbackList": "It holds other callbacks; the training loop makes it.",
    "callbacks.History": "The training loop keeps the history itself.",
    "callbacks.ProgbarLogger": "The training loop shows its own progress.",
    "callbacks.BackupAndRestore": "The run keeps its own checkpoints, which are exact.",
    "optimizers.MultiOptimizer": "It pairs optimizers with single weights, which only code can name.",
    "optimizers.OptimizerMap": "It pairs optimizers with single weights, which only code can name.",
}
