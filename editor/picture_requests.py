"""Answers the canvas that asks for its picture: drawn and packed in a thread, since a large one takes a second."""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from ..compiler.document import NetworkCell, Notebook
from ..compiler.write_notebook import write_notebook
from .network_picture import network_picture
from .picture_file import picture_with_notebook

_log = logging.getLogger(__name__)


def send_picture(
    send: Callable[[dict[str, Any]], None],
    notebook: Notebook,
    network: NetworkCell,
    status: Mapping[str, Mapping[str, Any]],
    mode: Any,
) -> None:
    """Sends the PNG of a network, with the notebook inside, as soon as it is drawn. `status` is the nodes' status."""

    def draw() -> None:
        shapes = {id_: node.get("shapes") or {} for id_, node in status.items()}
        try:
            image = network_picture(network, shapes, "dark" if mode == "dark" else "light")
            content = picture_with_notebook(image, write_notebook(notebook))
        except Exception:
            _log.exception("the picture of %s could not be drawn", network.name)
            send({"type": "told", "text": "The picture could not be drawn."})
            return
        send({"type": "picture", "name": f"{network.name}.png", "content": base64.b64encode(content).decode("ascii")})

    threading.Thread(target=draw, name="picture", daemon=True).start()
