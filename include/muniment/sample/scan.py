"""Paper that went through a scanner: pages as skewed, noisy, slightly blurred grey images without a text
layer."""

import io
import math
import random
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from muniment.sample.typeset import HEIGHT, WIDTH, Bounds, Place, Typeset

_MAX_SKEW = 1.5  # degrees either way
_RESOLUTIONS = (150, 170, 200)  # dots per inch


def scanned(document: Typeset, seed: str) -> Typeset:
    """The document as scanned. Its places move with the skew of their page."""
    rng = random.Random(seed)
    dpi = rng.choice(_RESOLUTIONS)
    skews = [rng.uniform(-_MAX_SKEW, _MAX_SKEW) for _ in range(document.pages)]
    noise = np.random.default_rng(rng.getrandbits(32))
    source = pypdfium2.PdfDocument(document.pdf)
    try:
        images = [
            _photograph(source[number].render(scale=dpi / 72, grayscale=True).to_pil(), skew, rng, noise)
            for number, skew in enumerate(skews)
        ]
    finally:
        source.close()
    return replace(document, pdf=_bound(images), places=_turned(document.places, skews))


def _photograph(page: Image.Image, skew: float, rng: random.Random, noise: np.random.Generator) -> bytes:
    """JPEG of one page."""
    turned = page.convert("L").rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=248)
    blurred = turned.filter(ImageFilter.GaussianBlur(rng.uniform(0.35, 0.7)))
    pixels: NDArray[np.float32] = np.asarray(blurred, dtype=np.float32)
    pixels = 28 + pixels * 0.86 + noise.normal(0, rng.uniform(5, 10), pixels.shape).astype(np.float32)
    specks = noise.random(pixels.shape, dtype=np.float32) < 0.00015
    pixels[specks] = 60
    out = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8), "L").save(out, "JPEG", quality=rng.randint(55, 75))
    return out.getvalue()


def _bound(images: list[bytes]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setProducer("Muniment sample scanner")
    for image in images:
        canvas.drawImage(ImageReader(io.BytesIO(image)), 0, 0, WIDTH, HEIGHT)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _turned(places: Mapping[str, tuple[Place, ...]], skews: list[float]) -> dict[str, tuple[Place, ...]]:
    return {
        name: tuple(
            replace(place, boxes=tuple(_turn(box, skews[place.page - 1]) for box in place.boxes)) for place in several
        )
        for name, several in places.items()
    }


def _turn(box: Bounds, degrees: float) -> Bounds:
    """The bounding box of a box turned anticlockwise about the middle of the page."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = [(x - WIDTH / 2, y - HEIGHT / 2) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [WIDTH / 2 + x * cos + y * sin for x, y in corners]
    ys = [HEIGHT / 2 - x * sin + y * cos for x, y in corners]
    return round(min(xs), 1), round(min(ys), 1), round(max(xs), 1), round(max(ys), 1)
