"""Layouts that no practice draws: every value that they print is read, and nobody's name is left in clear."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.documents.model import Document, Field
from muniment.documents.reading import Limits, read_document
from muniment.sample import facts
from muniment.sample.documents import set_in
from muniment.sample.forms import FORMS
from muniment.sample.typeset import Layout

LIMITS = Limits(timeout_seconds=60, memory_mb=2048, max_pages=200, ocr_dpi=200)
CONDOMINIUM = 2  # a matter whose parcel is a unit, so that it has papers of every type
SEED = 4127


def rare() -> Iterator[tuple[str, Layout]]:
    return ((form.document_type, layout) for form in FORMS.values() for layout in form.rare)


def clear(document: Document, field: Field) -> list[str]:
    """The words of a field's value, from the findings where it is masked."""
    masked = " ".join(one.value for one in document.findings if one.field == field.name)
    return words(masked if field.pii_class else field.normalised or "")


def words(value: str) -> list[str]:
    """The words of a value in order of the alphabet, without what joins names."""
    return sorted(word for word in re.findall(r"\w+", value.casefold()) if word != "and")


@pytest.mark.parametrize(
    ("document_type", "layout"), [pytest.param(*one, id=f"{one[0]}-{one[1].name}") for one in rare()]
)
def test_a_rare_layout_is_told_and_read_whole(document_type: str, layout: Layout, tmp_path: Path) -> None:
    drawn = set_in(layout, SEED, facts.matter(SEED, CONDOMINIUM), document_type)
    path = tmp_path / "paper.pdf"
    path.write_bytes(drawn.pdf)
    document = read_document(path, LIMITS)
    assert isinstance(document, Document)
    assert document.document_type == document_type
    found = {one.name: clear(document, one) for one in document.fields}
    assert found == {name: words(one.value) for name, one in drawn.fields.items()}
    shown = "".join(page.text for page in document.pages)
    private = [one.value for one in document.findings if one.field] + [one.text for one in drawn.personal]
    assert not [value for value in private if value in shown]
