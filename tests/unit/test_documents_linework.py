"""Clearing rules, frames and dot leaders from page pictures, and leaving letters as they are."""

import io
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageFilter
from reportlab.pdfgen.canvas import Canvas

from muniment.documents.linework import cleared
from muniment.documents.ocr import smoothed

SCALE = 200 / 72


def drawn(*, framed: bool = False, leaders: bool = False, noise: float = 0.0, font: str = "Helvetica") -> Image.Image:
    """A form with a label and a value on each line, its rules and leaders as asked for."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setFont(font, 10)
    for row in range(6):
        top = 700 - 20 * row
        canvas.drawString(80, top, "REGISTERED OWNER")
        canvas.drawRightString(520, top, f"111 {row}71 11{row}")
        if leaders:
            canvas.drawString(210, top, "." * 40)
        if framed:
            canvas.setLineWidth(0.5)
            canvas.rect(75, top - 6, 200, 20)
            canvas.rect(275, top - 6, 250, 20)
    canvas.save()
    document = pypdfium2.PdfDocument(out.getvalue())
    image: Image.Image = document[0].render(scale=SCALE, grayscale=True).to_pil()
    document.close()
    if not noise:
        return image
    blurred = np.asarray(image.filter(ImageFilter.GaussianBlur(0.7)), np.float32) * 0.86 + 28
    grain = np.random.default_rng(7).normal(0, noise, blurred.shape)
    return Image.fromarray((blurred + grain).clip(0, 255).astype(np.uint8))


def ink(image: Image.Image) -> Any:
    return np.asarray(image) < 128


@pytest.mark.parametrize("noise", [0.0, 5.0])
@pytest.mark.parametrize("font", ["Times-Roman", "Courier"])
@pytest.mark.parametrize("lines", [{"framed": True}, {"leaders": True}])
def test_what_is_left_of_a_form_is_its_letters(lines: dict[str, bool], font: str, noise: float) -> None:
    plain = ink(drawn(font=font, noise=noise))
    before = ink(drawn(font=font, noise=noise, **lines))
    after = ink(cleared(drawn(font=font, noise=noise, **lines), SCALE))
    assert (before & ~plain).sum() > 400
    assert (after & ~plain).sum() < 0.05 * (before & ~plain).sum(), "lines are gone"
    assert (plain & ~after).sum() < 0.01 * plain.sum(), "letters are not"


@pytest.mark.parametrize("font", ["Times-Roman", "Courier"])
def test_a_page_without_lines_stays_as_it_is(font: str) -> None:
    image = drawn(font=font)
    assert cleared(image, SCALE) is image


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (500, 3), (40, 40)])
@pytest.mark.parametrize("shade", [0, 255])
def test_pictures_too_small_for_lines_stay_as_they_are(size: tuple[int, int], shade: int) -> None:
    image = Image.new("L", size, shade)
    assert cleared(image, SCALE).tobytes() == image.tobytes()


@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (50, 31)])
def test_smoothing_is_the_median_of_nine(shape: tuple[int, int]) -> None:
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8))
    assert smoothed(image).tobytes() == image.filter(ImageFilter.MedianFilter(3)).tobytes()
