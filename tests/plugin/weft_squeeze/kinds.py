"""What Weftwork reads of this plug-in; it names the layer by path and imports no Keras."""

from __future__ import annotations

from weftwork.compiler.catalogue_types import Kind, Parameter, Port
from weftwork.compiler.document import Node
from weftwork.compiler.plugins import PluginKind, Specs
from weftwork.compiler.problems import Location, Problem
from weftwork.compiler.specs import TensorSpec

SQUEEZE_EXCITE = Kind(
    name="SqueezeExcite",
    group="layer",
    family="Attention",
    keras="weft_squeeze.layer.SqueezeExcite",
    help="Weighs the channels of an image by what the whole image holds.",
    inputs=(Port("inputs"),),
    outputs=(Port("output"),),
    parameters={
        "ratio": Parameter(
            "ratio", "int", required=True, minimum=1, suggested=4, help="How much narrower the layer in between is."
        )
    },
    synonyms=("se block", "channel attention"),
)


def ratio_divides_channels(node: Node, specs: Specs) -> list[Problem | str]:
    images = specs.get("inputs")
    ratio = node.params.get("ratio")
    if not isinstance(images, TensorSpec) or not isinstance(ratio, int):
        return []
    if len(images.shape) != 4:
        return ["SqueezeExcite takes images: height, width and channels."]
    channels = images.shape[-1]
    if channels is None or channels % ratio == 0:
        return []
    message = f"A ratio of {ratio} does not divide {channels} channels."
    return [Problem("", message, Location(parameter="ratio"), severity="warning")]


def kinds() -> list[PluginKind]:
    return [PluginKind(SQUEEZE_EXCITE, ratio_divides_channels)]
