"""The gallery in a real browser: what it shows, and that cards open notebooks of their own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from weftwork.gallery.cards import cards


@pytest.fixture
def gallery(served, page) -> Any:
    page.goto(f"http://127.0.0.1:{served.gatekeeper.port}/?token={served.gatekeeper.token}")
    page.get_by_role("heading", level=1).wait_for()
    page.locator("#wf-first").wait_for(state="detached")
    return page


def test_page_is_painted_before_its_libraries_and_a_press_is_not_lost(served, page):
    waiting = []
    page.route("**/bokeh.min.js*", lambda route: route.continue_() if waiting else waiting.append(route))
    page.goto(f"http://127.0.0.1:{served.gatekeeper.port}/?token={served.gatekeeper.token}", wait_until="commit")
    page.get_by_test_id("gallery-card:autoencoder").click()
    assert "notebook" not in page.url
    assert len(waiting) == 1
    waiting[0].continue_()
    page.wait_for_url(re.compile(r"/notebook\?file=autoencoder"))


def test_every_card_is_shown_with_its_picture(gallery):
    for card in cards():
        shown = gallery.get_by_test_id(f"gallery-card:{card.name}")
        assert card.title in shown.inner_text()
        assert card.time_to_train in shown.inner_text()
        assert shown.locator(".picture svg").bounding_box()["width"] > 200


def test_card_is_opened_with_the_keyboard_as_a_copy(gallery, served):
    before = set(served.folder.glob("tumours*.weft"))
    gallery.get_by_test_id("gallery-card:tumours").focus()
    gallery.keyboard.press("Enter")
    gallery.wait_for_url(re.compile(r"/notebook\?file=tumours"))
    gallery.get_by_test_id("cell:Training").wait_for()
    made = set(served.folder.glob("tumours*.weft")) - before
    assert len(made) == 1
    assert made.pop().read_bytes() == next(card.path for card in cards() if card.name == "tumours").read_bytes()


def test_new_notebook_is_made_and_is_then_listed(gallery, served):
    gallery.get_by_role("button", name="New notebook").click()
    gallery.wait_for_url(re.compile(r"/notebook\?file=untitled"))
    gallery.get_by_test_id("cell:title").wait_for()
    gallery.get_by_role("link", name="Weftwork: gallery").click()
    gallery.get_by_test_id("file:untitled.weft").wait_for()
    gallery.get_by_test_id("file:untitled.weft").click()
    gallery.get_by_test_id("cell:title").wait_for()


def test_nothing_is_loaded_from_elsewhere(served, new_page):
    page, asked = new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"http://127.0.0.1:{served.gatekeeper.port}/?token={served.gatekeeper.token}")
    page.get_by_role("heading", level=1).wait_for()
    own = f"http://127.0.0.1:{served.gatekeeper.port}/"
    assert asked
    assert [url for url in asked if not url.startswith((own, "data:", "blob:"))] == []


def test_theme_is_chosen_remembered_and_followed(served, new_page):
    address = f"http://127.0.0.1:{served.gatekeeper.port}/?token={served.gatekeeper.token}"
    page = new_page(color_scheme="dark")
    page.goto(address)

    def background() -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.get_by_role("heading", level=1).wait_for()
    dark = background()
    page.get_by_role("button", name="Light theme").click()
    light = background()
    assert light != dark
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    assert background() == light
    page.get_by_role("button", name="Theme of the system").click()
    assert background() == dark
