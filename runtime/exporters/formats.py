"""The formats of exports: what each is called, where it is written, and what has to be installed for it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

INT8 = "litert-int8"


@dataclass(frozen=True)
class Format:
    """`ending` is that of the file that an export cell writes; `suffix` the one that its readers insist on. `needs`
    are packages beyond the installation, which the extra `extra` brings. `carries` says that the notebook can travel
    inside, `of_network` that it holds one network and not the whole notebook."""

    name: str
    title: str
    what: str
    ending: str
    suffix: str = ""
    needs: tuple[str, ...] = ()
    extra: str = ""
    carries: bool = False
    of_network: bool = True

    def missing(self) -> str:
        """How to get what is not installed; "" where nothing is missing. Imports nothing."""
        if all(find_spec(package) for package in self.needs):
            return ""
        return f'{self.title} needs {" and ".join(self.needs)}: pip install "weftwork[{self.extra}]".'


_ALL = (
    Format("python", "Python script", "Reads as if a person had written it", ".py", carries=True),
    Format(
        "ipynb",
        "Jupyter notebook",
        "The whole notebook; runs without Weftwork",
        ".ipynb",
        carries=True,
        of_network=False,
    ),
    Format("keras", "Keras file", "Opens with keras.models.load_model", ".keras", ".keras", carries=True),
    Format("weights", "Weights", "For load_weights of the network that a script builds", ".weights.h5", ".weights.h5"),
    Format("savedmodel", "SavedModel", "For TensorFlow Serving and C++", "_savedmodel", carries=True),
    Format(
        "onnx",
        "ONNX",
        "For ONNX Runtime and other frameworks",
        ".onnx",
        needs=("tf2onnx", "onnxruntime"),
        extra="onnx",
        carries=True,
    ),
    Format("litert", "LiteRT", "For telephones and small devices, in float32", ".tflite"),
    Format(INT8, "LiteRT int8", "A quarter of the size; ranges are taken from training rows", "_int8.tflite"),
)
FORMATS = {one.name: one for one in _ALL}
