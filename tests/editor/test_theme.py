"""The theme's colours can be read on each other, in light and in dark, and stand in one file only."""

import re
from itertools import product
from pathlib import Path

import pytest

from weftwork.editor.theme import ASSETS, colour, icon_text, logo_text, properties

ROOT = Path(__file__).resolve().parents[2]

MODES = ("light", "dark")
SURFACES = ("bg", "surface", "surface-2")
TINTS = ("error-bg", "warning-bg", "ok-bg", "info-bg", "accent-bg")
TEXTS = ("text", "text-2", "text-3", "accent", "accent-strong", "error", "warning", "ok", "info")
FAMILIES = (
    "core",
    "convolution",
    "pooling",
    "recurrent",
    "normalization",
    "regularization",
    "attention",
    "reshaping",
    "merging",
    "activation",
    "preprocessing",
    "augmentation",
    "wrappers",
    "operations",
    "networks",
    "yours",
    "boundary",
)

PAIRS = [
    *product(TEXTS, SURFACES),
    *product(("text", "text-2", "text-3"), TINTS),
    *(((tone, f"{tone}-bg")) for tone in ("error", "warning", "ok", "info", "accent")),
    *product((f"family-{name}" for name in FAMILIES), SURFACES),
    ("accent-text", "accent"),
    ("accent-text", "accent-strong"),
]

# What is drawn and not read needs 3 to 1 (WCAG 1.4.11).
DRAWN = [*product(("focus", "plot-1", "plot-2", "plot-3", "plot-4", "plot-5"), SURFACES)]


def luminance(hexadecimal: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_definition():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "background"), PAIRS)
def test_text_can_be_read_on_every_background_it_stands_on(text, background, mode):
    assert contrast(colour(text, mode), colour(background, mode)) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("line", "background"), DRAWN)
def test_lines_can_be_seen_on_every_surface(line, background, mode):
    assert contrast(colour(line, mode), colour(background, mode)) >= 3


def test_light_and_dark_have_the_same_properties_and_different_colours():
    light, dark = properties("light"), properties("dark")
    assert light.keys() == dark.keys()
    assert light["--wf-bg"] != dark["--wf-bg"]
    assert not any("light-dark" in value for name, value in light.items() if "shadow" not in name)


def test_every_property_that_is_used_is_defined():
    used = set()
    for path in sources():
        used |= set(re.findall(r"var\((--wf-[a-z0-9-]+)\s*[,)]", path.read_text(encoding="utf-8")))
    assert used - set(properties("light")) == set()


COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![\w-])|\b(?:rgba?|hsla?|oklch|oklab|lab|lch)\(\s*[\d.]")
NAMED = re.compile(
    r"(?:color|fill|stroke|background|border)[\w-]*\s*[:=]\s*[\"']?(?:white|black|red|green|blue|gr[ae]y|orange|purple)\b"
)


def sources() -> list[Path]:
    """What we write ourselves under editor/ and assets/, the theme and built files apart."""
    built = {"canvas.bundle.js", "theme.css"}
    found = [
        path
        for folder in ("editor", "assets")
        for pattern in ("*.py", "*.css", "*.js", "*.jsx", "*.ts", "*.tsx", "*.html", "*.svg")
        for path in (ROOT / folder).rglob(pattern)
        if path.name not in built and "node_modules" not in path.parts and "dist" not in path.parts
    ]
    assert len(found) > 50
    return found


def test_no_colour_stands_outside_the_theme():
    literal = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sources()
        for pattern in (COLOUR, NAMED)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert literal == []


def test_logo_for_the_favicon_has_its_colours_in_it():
    assert "var(" in logo_text()
    assert "var(" not in logo_text("light")
    assert colour("accent", "light") in logo_text("light")


def test_icons_take_the_colour_of_the_text_beside_them():
    names = [path.stem for path in (ASSETS / "icons").glob("*.svg")]
    assert len(names) > 20
    assert all('stroke="currentColor"' in icon_text(name) for name in names)
