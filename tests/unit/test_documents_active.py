"""Active content: what a file would do by itself is named, wherever it hides, and never happens."""

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from muniment.documents.active import active_content
from muniment.documents.model import ActiveContent, Document
from muniment.documents.reading import Limits, read_document
from tests import papers

TEXT = papers.typed([papers.lines("A letter", "of no importance"), papers.lines("Page two")])


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _put(place: Object, **entries: Object) -> None:
    for name, value in entries.items():
        place[f"/{name}"] = value


def _annotated(file: Pdf, **entries: Object) -> None:
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
    _put(annotation, **entries)
    file.pages[-1].Annots = Array([annotation])


def _attached(file: Pdf) -> None:
    file.attachments["payload.exe"] = b"MZ"


def _field_script(file: Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("total"), AA=Dictionary(C=_script()))
    file.Root.AcroForm = Dictionary(Fields=Array([Dictionary(T=String("all"), Kids=Array([field]))]))


def _named_script(file: Pdf) -> None:
    leaf = Dictionary(Names=Array([String("0"), _script()]))
    file.Root.Names = Dictionary(JavaScript=Dictionary(Kids=Array([leaf])))


def _attached_and_run(file: Pdf) -> None:
    _attached(file)
    file.Root.OpenAction = _script()


HIDDEN: dict[str, tuple[Callable[[Pdf], object], set[ActiveContent]]] = {
    "run when the file opens": (lambda file: _put(file.Root, OpenAction=_script()), {"javascript"}),
    "among the document's scripts": (_named_script, {"javascript"}),
    "run when the file is printed": (
        lambda file: _put(file.Root, AA=Dictionary(WP=_script())),
        {"javascript"},
    ),
    "run when a page opens": (lambda file: _put(file.pages[1].obj, AA=Dictionary(O=_script())), {"javascript"}),
    "behind a link": (lambda file: _annotated(file, A=Dictionary(S=Name.Launch, F=String("calc.exe"))), {"launch"}),
    "behind another action": (
        lambda file: _annotated(file, A=Dictionary(S=Name.GoTo, Next=Array([Dictionary(S=Name.SubmitForm)]))),
        {"submit_form"},
    ),
    "in a field's calculation": (_field_script, {"javascript"}),
    "filling the form": (lambda file: _annotated(file, A=Dictionary(S=Name.ImportData)), {"import_data"}),
    "a link to a file": (
        lambda file: _annotated(file, A=Dictionary(S=Name.URI, URI=String("FILE:///etc/passwd"))),
        {"file_link"},
    ),
    "a share on the network": (
        lambda file: _annotated(file, A=Dictionary(S=Name.URI, URI=String("\\\\server\\share"))),
        {"file_link"},
    ),
    "a bookmark": (
        lambda file: _put(file.Root, Outlines=Dictionary(First=Dictionary(Next=Dictionary(A=_script())))),
        {"javascript"},
    ),
    "attached": (_attached, {"embedded_file"}),
    "attached to a page": (
        lambda file: _annotated(file, FS=Dictionary(Type=Name.Filespec, EF=Dictionary())),
        {"embedded_file"},
    ),
    "an XML form": (lambda file: _put(file.Root, AcroForm=Dictionary(XFA=Array([]))), {"xfa"}),
    "a video": (
        lambda file: _put(file.pages[0].obj, Annots=Array([Dictionary(Subtype=Name.RichMedia)])),
        {"rich_media"},
    ),
}


def with_hidden(hide: Callable[[Pdf], object]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(TEXT)) as file:
        hide(file)
        # In object streams, so that a search of the bytes would find nothing.
        file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def active(content: bytes) -> set[ActiveContent]:
    with pikepdf.open(io.BytesIO(content)) as file:
        return set(active_content(file))


@pytest.mark.parametrize("name", HIDDEN)
def test_what_a_file_would_do_is_found(name: str) -> None:
    hide, expected = HIDDEN[name]
    assert active(with_hidden(hide)) == expected


def test_every_kind_of_active_content_has_a_test() -> None:
    assert {kind for _, kinds in HIDDEN.values() for kind in kinds} | {"unexamined"} == set(get_args(ActiveContent))


def test_text_links_and_bookmarks_are_no_active_content() -> None:
    def harmless(file: Pdf) -> None:
        _annotated(file, A=Dictionary(S=Name.URI, URI=String("https://example.com/file:///x")))
        file.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([])), JavaScript=Dictionary(Names=Array([])))
        file.Root.Outlines = Dictionary(First=Dictionary(Title=String("JavaScript"), Dest=String("one")))

    assert active(TEXT) == active(with_hidden(harmless)) == set()


def test_a_name_that_is_spelled_in_hexadecimal_hides_nothing() -> None:
    page = b"<</Type/Catalog/Pages 2 0 R/Open#41ction<</S/J#61vaScript/J#53(app.alert\\(1\\))>>>>"
    content = papers.page_of(b" ").replace(b"<</Type/Catalog/Pages 2 0 R>>", page)
    with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as file:
        assert active_content(file) == ("javascript",)


def test_a_document_says_what_it_would_do_sorted_and_reads_as_without(tmp_path: Path) -> None:
    limits = Limits(timeout_seconds=60, memory_mb=2048, max_pages=20, ocr_dpi=100)
    outcomes = []
    for content in (TEXT, with_hidden(_attached_and_run)):
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        outcomes.append(read_document(path, limits))
    plain, loaded = outcomes
    assert isinstance(plain, Document)
    assert isinstance(loaded, Document)
    assert (plain.active_content, loaded.active_content) == ((), ("embedded_file", "javascript"))
    assert plain.pages == loaded.pages


def _mistyped(file: Pdf) -> None:
    """Every key leads to what it should not."""
    wrong = (Array([1]), Name.Wrong, String("wrong"), Dictionary())
    names = ("A", "AA", "S", "URI", "Subtype", "Next", "Kids", "Annots")
    file.Root.OpenAction = _script()
    file.Root.AF = Array([Dictionary({f"/{name}": value}) for name in names for value in wrong])


def _loops(file: Pdf) -> None:
    one = file.make_indirect(Dictionary(S=Name.GoTo))
    one.Next = Array([one, one])
    file.Root.OpenAction = one


def _ladder(file: Pdf) -> None:
    """A script at the end of so long a chain that nobody could have made it by hand."""
    action = file.make_indirect(_script())
    for _ in range(60_000):
        action = file.make_indirect(Dictionary(S=Name.GoTo, Next=action))
    file.Root.OpenAction = action


def _wide(file: Pdf) -> None:
    file.pages[0].Annots = Array([*[0] * 200_000, Dictionary(A=_script())])


@pytest.mark.parametrize(
    ("hide", "expected"),
    [(_mistyped, {"javascript"}), (_loops, set()), (_ladder, {"unexamined"}), (_wide, {"unexamined"})],
)
def test_a_hostile_graph_is_looked_through_in_bounded_time(
    hide: Callable[[Pdf], None], expected: set[ActiveContent]
) -> None:
    content = with_hidden(hide)
    with pikepdf.open(io.BytesIO(content)) as file:
        started = time.process_time()
        assert set(active_content(file)) == expected
        assert time.process_time() - started < 5


def test_a_file_that_qpdf_cannot_open_is_said_to_be_unexamined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise pikepdf.PdfError("no")

    path = tmp_path / "paper.pdf"
    path.write_bytes(TEXT)
    monkeypatch.setattr(pikepdf, "open", fail)
    outcome = read_document(path, Limits(60, 2048, 20, 100))
    assert isinstance(outcome, Document)
    assert outcome.active_content == ("unexamined",)


def test_the_reader_has_no_engine_that_could_run_a_script() -> None:
    import pypdfium2

    assert not {"V8", "XFA"} & set(pypdfium2.PDFIUM_INFO.flags)
