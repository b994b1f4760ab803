"""The models that a script makes: noted as they are made, and ended where it would train. Imports no Keras itself."""

from __future__ import annotations

import inspect
from typing import Any

from ...compiler.labels import keras_name

# What would take long, and needs data that are not there.
_WORK = {"fit": "train", "evaluate": "evaluate", "predict": "predict", "train_on_batch": "train"}
# Functions by which scripts make their model, where they make none by themselves.
_BUILDERS = ("build_model", "make_model", "create_model", "get_model", "define_model", "build", "model")
_MOST = 20


class Enough(BaseException):
    """Ends a script that has made its models; the text is what it was about to do. No `except Exception` takes it."""


class Collector:
    """`made` are all models in the order in which they were made; `named` what the script called things,
    and `loaded` whether it gave a model weights."""

    def __init__(self, keras: Any) -> None:
        self.keras = keras
        self.made: list[Any] = []
        self.named: dict[str, Any] = {}
        for kind in (keras.Sequential, keras.src.models.functional.Functional):
            self._watch(kind)
        self.loaded = False
        for name in ("load_weights", "set_weights"):
            setattr(keras.Model, name, self._loading(name))
        for name, word in _WORK.items():
            setattr(keras.Model, name, self._ending(name, word))

    def _watch(self, kind: Any) -> None:
        begin = kind.__init__
        made = self.made

        def noted(model: Any, *args: Any, **kwargs: Any) -> None:
            begin(model, *args, **kwargs)
            if not any(model is one for one in made):
                made.append(model)

        kind.__init__ = noted

    def _loading(self, name: str) -> Any:
        original = getattr(self.keras.Model, name)

        def loading(model: Any, *args: Any, **kwargs: Any) -> Any:
            self.loaded = True
            return original(model, *args, **kwargs)

        return loading

    def _ending(self, name: str, word: str) -> Any:
        original = getattr(self.keras.Model, name)
        made = self.made

        def ended(model: Any, *args: Any, **kwargs: Any) -> Any:
            if any(model is one for one in made):
                raise Enough(word)
            return original(model, *args, **kwargs)

        return ended

    def call_builders(self, space: dict[str, Any]) -> None:
        """Calls the script's function for its model where it has one that needs no arguments."""
        for name in _BUILDERS:
            function = space.get(name)
            if inspect.isfunction(function) and all(
                one.default is not one.empty or one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
                for one in inspect.signature(function).parameters.values()
            ):
                function()
                if self.made:
                    return

    def models(self, said: list[str]) -> list[tuple[str, Any]]:
        """The models that stand for themselves, with names: none that is a part of another one."""
        inside = {id(layer) for model in self.made for layer in model._flatten_layers(include_self=False)}
        whole = [model for model in self.made if id(model) not in inside and self._is_built(model, said)]
        # Keras makes a Functional inside each Sequential.
        own = {id(getattr(model, "_functional", None)) for model in self.made}
        found: dict[str, Any] = {}
        for model in [one for one in whole if id(one) not in own][:_MOST]:
            called = [name for name, value in self.named.items() if value is model]
            stem = name = keras_name(model.name if not called or not _numbered(model.name) else called[-1]) or "model"
            number = 1
            while name in found:
                number += 1
                name = f"{stem}_{number}"
            found[name] = model
        return list(found.items())

    def _is_built(self, model: Any, said: list[str]) -> bool:
        if not model.layers:
            return False
        if model.built and (model.inputs if isinstance(model, self.keras.Sequential) else True):
            return True
        said.append(f"{model.name} does not say what it takes, so that it could not be built; it was left out.")
        return False


def _numbered(name: str) -> bool:
    """Whether Keras gave a model this name because nobody did."""
    return name.rstrip("0123456789").rstrip("_") in ("sequential", "functional", "model")
