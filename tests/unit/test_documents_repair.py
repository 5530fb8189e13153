"""Damaged PDFs: what is mended and marked so, and what is refused because it could pass for the whole and is not."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.documents.model import Document, Outcome, Reason, Refusal
from muniment.documents.picture import render_page
from muniment.documents.reading import Limits, read_document
from tests import papers
from tests.promises.test_full_disk import files_up_to

LIMITS = Limits(timeout_seconds=60, memory_mb=2048, max_pages=20, ocr_dpi=100)
PAGES_LAST = papers.typed([papers.lines(f"page {number}", "and more") for number in range(8)])
PAGES_FIRST = papers.catalogue_first(3)

Read = Callable[[bytes], Outcome]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads bytes as a document."""

    def from_file(content: bytes) -> Outcome:
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        return read_document(path, LIMITS)

    return from_file


def damaged(outcome: Outcome) -> bool:
    return isinstance(outcome, Refusal) and outcome.reason is Reason.damaged


def pages_of_repaired(outcome: Outcome) -> int:
    assert isinstance(outcome, Document), outcome
    assert outcome.repaired
    return len(outcome.pages)


@pytest.mark.parametrize("whole", [PAGES_LAST, PAGES_FIRST])
def test_a_sound_file_is_not_said_to_be_repaired(read: Read, whole: bytes) -> None:
    outcome = read(whole)
    assert isinstance(outcome, Document)
    assert not outcome.repaired


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.75, 0.85])
@pytest.mark.parametrize("whole", [PAGES_LAST, PAGES_FIRST])
def test_a_file_that_is_cut_off_is_refused_where_it_lacks_something(read: Read, whole: bytes, share: float) -> None:
    objects = whole.rindex(b"endobj")
    assert damaged(read(whole[: int(objects * share)]))


@pytest.mark.parametrize("gone", [b"8 0 obj", b"7 0 obj", b"6 0 obj", b"4 0 obj"])
def test_pages_that_a_cut_took_away_are_missed_although_the_catalogue_is_there(read: Read, gone: bytes) -> None:
    cut = PAGES_FIRST.index(gone)
    assert damaged(read(PAGES_FIRST[:cut]))
    assert damaged(read(PAGES_FIRST[: cut + 60])), "cut within the object"


@pytest.mark.parametrize(("whole", "pages"), [(PAGES_LAST, 8), (PAGES_FIRST, 3)])
def test_a_file_that_is_cut_off_behind_its_last_object_is_repaired(read: Read, whole: bytes, pages: int) -> None:
    assert pages_of_repaired(read(whole[: whole.index(b"startxref")])) == pages


def test_a_file_that_is_cut_off_within_a_later_revision_is_refused(read: Read) -> None:
    """What the revision changed is not known, so that what it replaced must not pass for the document."""
    body = b"\n4 0 obj\n<</Length 17000>>\nstream\n%b\nendstream\nendobj\n" % (b" " * 17_000)
    assert damaged(read(PAGES_FIRST + body))


@pytest.mark.parametrize("padding", [b"\0", b"\r\n", b"<p>sent by a gateway</p>"])
def test_a_whole_file_with_much_behind_its_end_is_repaired(read: Read, padding: bytes) -> None:
    assert pages_of_repaired(read(PAGES_FIRST + padding * 20_000)) == 3


def test_a_linearised_file_shorter_than_it_says_is_refused_where_it_lacks_something(read: Read) -> None:
    claim = b"%%PDF-1.7\n99 0 obj<</Linearized 1/L %d/N 1>>endobj\n"
    assert isinstance(read(claim % 100 + PAGES_FIRST), Document)
    assert damaged(read(claim % 99_999 + PAGES_FIRST[: PAGES_FIRST.index(b"6 0 obj")] + b"%%EOF"))


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        pytest.param(b"startxref\n", b"startxref\n9", id="a table of contents that is elsewhere"),
        pytest.param(b"\ntrailer\n<</Size 9/Root 1 0 R>>", b"", id="no trailer"),
        pytest.param(b"xref\n0 9\n0000000000 65535 f", b"xref\n0 9\nno table at all", id="a table that is none"),
    ],
)
def test_damage_that_loses_nothing_is_repaired_and_marked(read: Read, what: bytes, instead: bytes) -> None:
    assert what in PAGES_FIRST
    once = read(PAGES_FIRST.replace(what, instead))
    assert pages_of_repaired(once) == 3
    assert once == read(PAGES_FIRST.replace(what, instead))


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        pytest.param(b"5 0 obj", b"5 0 obx", id="a page that cannot be found"),
        pytest.param(b"/Count 3", b"/Count 4", id="fewer pages than declared"),
    ],
)
def test_a_document_that_lost_a_page_is_refused(read: Read, what: bytes, instead: bytes) -> None:
    outcome = read(PAGES_FIRST.replace(what, instead).replace(b"startxref\n", b"startxref\n9"))
    assert damaged(outcome)
    assert isinstance(outcome, Refusal)
    assert "pages are left" in outcome.message


def test_a_damaged_file_without_anything_to_see_is_refused(read: Read) -> None:
    blank = papers.page_of(b" ")
    assert isinstance(read(blank), Document)
    assert damaged(read(blank.replace(b"startxref\n", b"startxref\n9")))


def test_a_damaged_drawing_without_a_word_is_repaired(read: Read) -> None:
    drawing = papers.page_of(b"100 100 300 300 re f")
    assert pages_of_repaired(read(drawing.replace(b"startxref\n", b"startxref\n9"))) == 1


def test_a_damaged_file_that_is_locked_is_refused_as_encrypted(tmp_path: Path, read: Read) -> None:
    import pikepdf

    locked = tmp_path / "locked.pdf"
    with pikepdf.new() as file:
        file.add_blank_page()
        file.save(locked, encryption=pikepdf.Encryption(user="secret", owner="owner"))
    content = locked.read_bytes()
    outcome = read(content[: content.rindex(b"startxref")])
    assert isinstance(outcome, Refusal)
    assert outcome.reason is Reason.encrypted


def test_mending_needs_no_room_on_a_disk_and_leaves_no_file_behind(
    tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must not make a document pass for a damaged one, which would be remembered."""
    content = PAGES_FIRST[: PAGES_FIRST.index(b"startxref")]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    assert pages_of_repaired(read(content)) == 3
    (tmp_path / "absent").mkdir()
    path = tmp_path / "paper.pdf"
    with files_up_to(0):
        assert pages_of_repaired(read_document(path, LIMITS)) == 3
    assert not list((tmp_path / "absent").iterdir())


def test_a_repaired_page_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(PAGES_LAST[: PAGES_LAST.index(b"startxref")])
    width, height, pixels = render_page(path, 8, 72)
    assert (width, height) == (612, 792)
    assert min(pixels) < 128
