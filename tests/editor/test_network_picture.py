"""A network drawn as a picture that brings its notebook along."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import weftwork.gallery as gallery
from weftwork.compiler.document import Mark, NetworkCell, Node, Notebook, Position, Source, Target, Wire
from weftwork.compiler.document_file import read_notebook
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.network_picture import network_picture, shape_words
from weftwork.editor.picture_file import notebook_in_picture, picture_with_notebook
from weftwork.editor.theme import colour


def gallery_notebook(name: str) -> Notebook:
    path = Path(gallery.__file__ or "").with_name(f"{name}.weft")
    notebook, problems = read_notebook(path.read_text(encoding="utf-8"))
    assert problems == []
    return notebook


def rgb(name: str, mode: str) -> tuple[int, ...]:
    text = colour(name, mode)  # type: ignore[arg-type]
    return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_node_stands_where_the_canvas_has_it(mode) -> None:
    (network,) = gallery_notebook("digits").networks()
    image = network_picture(network, {}, mode)
    left = min(place.x for place in network.layout.values()) - 40
    top = min(place.y for place in network.layout.values()) - 40
    for node in network.nodes:
        x, y = network.layout[node]
        at = round((x - left + 200) * 2), round((y - top + 8) * 2)
        assert image.getpixel(at) == rgb("surface", mode), node
    assert image.getpixel((2, 2)) == rgb("bg", mode)


def test_a_picture_brings_its_notebook_back() -> None:
    notebook = gallery_notebook("carbon_dioxide")
    text = write_notebook(notebook)
    content = picture_with_notebook(network_picture(notebook.networks()[0], {}), text)
    assert Image.open(BytesIO(content)).format == "PNG"
    assert read_notebook(notebook_in_picture(content) or "") == (notebook, [])


def test_frames_are_drawn_and_an_empty_network_has_a_picture_too() -> None:
    empty = NetworkCell(id="net_1", name="net")
    assert network_picture(empty, {}).size[0] > 1
    mark = Mark(kind="frame", x=0, y=0, width=200, height=100, text="Encoder", colour="green")
    framed = network_picture(empty.model_copy(update={"marks": {"frame_1": mark}}), {})
    assert framed.getpixel((framed.width // 2, framed.height // 2)) != rgb("bg", "light")


def test_a_huge_network_is_drawn_smaller_instead_of_filling_the_memory() -> None:
    nodes = {f"n{i}": Node(kind="Dense", params={"units": 4}) for i in range(2000)}
    layout = {id_: Position((i % 50) * 320, (i // 50) * 144) for i, id_ in enumerate(nodes)}
    wires = {"w": Wire(source=Source("n0"), target=Target("n1999"))}
    image = network_picture(NetworkCell(id="n", name="n", nodes=nodes, wires=wires, layout=layout), {})
    assert image.width * image.height <= 41e6


def test_pictures_of_others_and_broken_ones_bring_nothing() -> None:
    plain = BytesIO()
    Image.new("RGB", (4, 4)).save(plain, "PNG")
    assert notebook_in_picture(plain.getvalue()) is None
    content = picture_with_notebook(Image.new("RGB", (4, 4)), write_notebook(gallery_notebook("digits")))
    whole = notebook_in_picture(content)
    for cut in range(0, len(content), 97):
        assert notebook_in_picture(content[:cut]) in (None, whole)
    assert notebook_in_picture(b"GIF89a") is None


def test_a_picture_that_unpacks_to_more_than_any_notebook_is_refused() -> None:
    bomb = zlib.compress(b"0" * (65 * 2**20))
    chunk = b"weftwork notebook\0\1\0\0\0" + bomb
    content = b"\x89PNG\r\n\x1a\n" + len(chunk).to_bytes(4, "big") + b"iTXt" + chunk + b"\0\0\0\0"
    assert notebook_in_picture(content) is None


def test_shapes_read_as_on_the_canvas() -> None:
    assert shape_words([None, 28, None, 1]) == "· x 28 x ? x 1"
    assert shape_words(None) == ""
