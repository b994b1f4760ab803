"""The ports of a node: those of its kind, and those that its parameters open.

Pure. Outputs stand in the order in which Keras gives them once nested results are flattened, so the n-th port is
the n-th of `keras.tree.flatten(result)`. One output is `output`; several without better names are `output_0`, ….
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .catalogue_types import Kind, Port

Params = Mapping[str, Any]

_OUTPUT = ("output",)


def input_ports(kind: Kind, params: Params) -> tuple[Port, ...]:
    """The input ports of a node of this kind; `params` are the user's own arguments."""
    return kind.inputs


def output_ports(kind: Kind, params: Params) -> tuple[Port, ...]:
    """The output ports of a node of this kind, in Keras' order. Never raises: nonsense counts as left out."""
    names = _RULES.get(kind.name)
    if names is None:
        return kind.outputs
    return tuple(Port(name) for name in names(kind, _Settings(kind, params)))


class _Settings:
    """A node's parameters with the kind's defaults behind them."""

    def __init__(self, kind: Kind, params: Params) -> None:
        self._kind = kind
        self._params = params

    def __getitem__(self, name: str) -> Any:
        if name in self._params:
            return self._params[name]
        parameter = self._kind.parameters.get(name)
        return parameter.default if parameter else None


def _numbered(count: int) -> tuple[str, ...]:
    return _OUTPUT if count <= 1 else tuple(f"output_{index}" for index in range(count))


def _states(kind: str, params: Params) -> tuple[str, ...]:
    """The names of the states that a recurrent layer or cell of this kind keeps."""
    if kind == "StackedRNNCells":
        cells = params.get("cells")
        return _stacked(cells if isinstance(cells, list) else [])
    return ("state_h", "state_c") if "LSTM" in kind else ("state",)


def _stacked(cells: list[Any]) -> tuple[str, ...]:
    names: list[str] = []
    for index, cell in enumerate(cells):
        names += [f"{state}_{index}" for state in _states_of(cell)]
    return tuple(names)


def _states_of(layer: Any) -> tuple[str, ...]:
    """The states of a layer that stands in a parameter, `{"kind", "params"}` or, for RNN, a list of cells."""
    if isinstance(layer, list):
        return _stacked(layer)
    if not isinstance(layer, Mapping):
        return ("state",)
    params = layer.get("params")
    if not isinstance(params, Mapping):
        params = {}
    kind = str(layer.get("kind", ""))
    return _states_of(params.get("cell")) if kind == "RNN" else _states(kind, params)


def _recurrent(kind: Kind, params: _Settings) -> tuple[str, ...]:
    if not params["return_state"]:
        return _OUTPUT
    states = _states_of(params["cell"]) if kind.name == "RNN" else _states(kind.name, {})
    return _OUTPUT + states


def _cell(kind: Kind, params: _Settings) -> tuple[str, ...]:
    return _OUTPUT + _states(kind.name, {})


def _bidirectional(kind: Kind, params: _Settings) -> tuple[str, ...]:
    outputs = ("forward", "backward") if params["merge_mode"] is None else _OUTPUT
    layer = params["layer"]
    inner = layer.get("params") if isinstance(layer, Mapping) else None
    if not isinstance(inner, Mapping) or not inner.get("return_state"):
        return outputs
    states = _states_of(layer)
    return (*outputs, *(f"{side}_{state}" for side in ("forward", "backward") for state in states))


def _attention(kind: Kind, params: _Settings) -> tuple[str, ...]:
    return ("output", "scores") if params["return_attention_scores"] else _OUTPUT


def _pieces(kind: Kind, params: _Settings) -> tuple[str, ...]:
    pieces = params["indices_or_sections"]
    if isinstance(pieces, list):
        return _numbered(len(pieces) + 1)
    return _numbered(pieces if isinstance(pieces, int) else 1)


def _unstack(kind: Kind, params: _Settings) -> tuple[str, ...]:
    count = params["num"]
    return _numbered(count if isinstance(count, int) else 1)


def _svd(kind: Kind, params: _Settings) -> tuple[str, ...]:
    return ("u", "s", "v") if params["compute_uv"] else _OUTPUT


def _unique(kind: Kind, params: _Settings) -> tuple[str, ...]:
    further = ("return_index", "index"), ("return_inverse", "inverse"), ("return_counts", "counts")
    return _OUTPUT + tuple(name for parameter, name in further if params[parameter])


def _axes_of_shape(kind: Kind, params: _Settings) -> tuple[str, ...]:
    shape = params["shape"]
    return _numbered(len(shape) if isinstance(shape, list) else 1)


def _always(*names: str) -> Callable[[Kind, _Settings], tuple[str, ...]]:
    return lambda kind, params: names


_RULES: dict[str, Callable[[Kind, _Settings], tuple[str, ...]]] = {
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), _recurrent),
    **dict.fromkeys(("LSTMCell", "GRUCell", "SimpleRNNCell"), _cell),
    "Bidirectional": _bidirectional,
    **dict.fromkeys(("MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention"), _attention),
    **dict.fromkeys(("ops.split", "ops.array_split", "ops.hsplit", "ops.vsplit", "ops.dsplit"), _pieces),
    "ops.unstack": _unstack,
    "ops.svd": _svd,
    "ops.unique": _unique,
    "ops.unravel_index": _axes_of_shape,
    **dict.fromkeys(("ops.fft", "ops.fft2", "ops.ifft2", "ops.rfft", "ops.stft"), _always("real", "imag")),
    **dict.fromkeys(("ops.eig", "ops.eigh"), _always("eigenvalues", "eigenvectors")),
    "ops.top_k": _always("values", "indices"),
    "ops.moments": _always("mean", "variance"),
    "ops.histogram": _always("counts", "bounds"),
    "ops.meshgrid": _always("x", "y"),
    "ops.slogdet": _always("sign", "logabsdet"),
    "ops.qr": _always("q", "r"),
    "ops.lu_factor": _always("lu", "pivots"),
    "ops.ctc_decode": _always("labels", "scores"),
}
