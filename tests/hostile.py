"""PDFs made to hurt: small files that ask for much, and good ones after mishaps. What becomes of them is for tests."""

import io
import re
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache

from hypothesis import strategies as st

from tests import papers
from tests.papers import flate, packed

_LETTER = papers.lines("TRANSFER OF LAND", "LINC 0012 345 678", "File: 2026-0001", "Odette Vasquero signs here.")
_HUGE = (b"-1", b"0", b"65536", b"2147483648", b"99999999999", b"1" * 40)
_NUMBER = re.compile(rb"\b\d{1,10}\b")
_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
_PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), entries, data)


def _page(*more: bytes, content: bytes = b"", resources: bytes = b"", entries: bytes = b"") -> bytes:
    """A PDF of a page; objects from the sixth are those given."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    text = b"BT /F 12 Tf 50 700 Td (A page with some text on it.) Tj ET "
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%b>>%b>>"
    return papers.raw([_CATALOGUE, _PAGES, page % (resources, entries), _stream(text + content), font, *more])


def _picture(width: int, height: int, data: bytes, entries: bytes) -> bytes:
    size = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8" % (width, height)
    return _page(
        _stream(data, size + entries), content=b"q 612 0 0 792 0 0 cm /I Do Q", resources=b"/XObject<</I 6 0 R>>"
    )


def _masked_picture() -> bytes:
    picture = b"/Type/XObject/Subtype/Image/BitsPerComponent 8/ColorSpace/DeviceGray/Width %d/Height %d"
    return _page(
        _stream(bytes(9), picture % (3, 3) + b"/SMask 7 0 R"),
        _stream(packed(1024, 2), picture % (32_768, 32_768) + flate(2)),
        content=b"q 612 0 0 792 0 0 cm /I Do Q",
        resources=b"/XObject<</I 6 0 R>>",
    )


def _photograph(side: int) -> bytes:
    """A JPEG that says to be of so many pixels a side and has few."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    content = out.getvalue()
    frame = content.index(b"\xff\xc0") + 5  # height and width follow the marker, the length and the precision
    return content[:frame] + side.to_bytes(2, "big") * 2 + content[frame + 4 :]


def _pattern_of_itself() -> bytes:
    tile = b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .001/YStep .001"
    itself = b"/Resources<</Pattern<</P 6 0 R>>>>"
    return _page(
        _stream(b"/Pattern cs /P scn 0 0 999 999 re f", tile + itself),
        content=b"/Pattern cs /P scn 0 0 612 792 re f",
        resources=b"/Pattern<</P 6 0 R>>",
    )


def _xref_stream(data: bytes, entries: bytes) -> bytes:
    """A PDF whose table of contents is a stream."""
    body = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    table = _stream(data, b"/Type/XRef/Size 9/W[1 4 2]/Root 1 0 R" + entries)
    return body + b"3 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(body))


def _deep_page_tree(levels: int) -> bytes:
    nodes = [b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>" % (at - 1, at + 1) for at in range(3, 3 + levels)]
    page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 612 792]>>" % (2 + levels)
    return papers.raw([_CATALOGUE, _PAGES, *nodes, page])


def _forms(fan: int, levels: int) -> bytes:
    """Forms that draw the next form so many times, down so many levels."""
    made = []
    for level in range(levels):
        draws = b"/X Do " * fan if level < levels - 1 else b"0 0 1 1 re f "
        resources = b"/Resources<</XObject<</X %d 0 R>>>>" % (7 + level)
        made.append(_stream(draws, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]" + resources))
    return _page(*made, content=b"/X Do", resources=b"/XObject<</X 6 0 R>>")


def _form_in_itself() -> bytes:
    form = _stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    return _page(form, content=b"/X Do", resources=b"/XObject<</X 6 0 R>>")


def _object_stream(data: bytes, times: int) -> bytes:
    """A catalogue that is said to be in an object stream."""
    entries = b"/Type/ObjStm/N 1/First 4" + flate(times)
    content = _page(_stream(data, entries))
    return content.replace(b"/Root 1 0 R", b"/Root 7 0 R")


def _xref_loop() -> bytes:
    whole = _page()
    start = whole.rindex(b"xref\n0")
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start)


def _with_cmap(data: bytes, times: int) -> bytes:
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[<<>>]/ToUnicode 7 0 R>>"
    return _page(
        font,
        _stream(data, flate(times)),
        content=b"BT /G 12 Tf 50 500 Td <00410042> Tj ET",
        resources=b"/Font<</F 5 0 R/G 6 0 R>>",
    )


def _form_field() -> bytes:
    field = b"<</FT/Tx/T(a)/Subtype/Widget/Rect[0 0 9 9]/Parent 6 0 R/Kids[6 0 R]/AP<</N 6 0 R>>>>"
    return _page(field, entries=b"/Annots[6 0 R 6 0 R]").replace(
        _CATALOGUE, b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/NeedAppearances true>>>>"
    )


ATTACKS: dict[str, Callable[[], bytes]] = {
    "text of a GiB, packed twice": lambda: papers.flate_bomb(1024),
    "text of a GiB, packed once": lambda: papers.page_of(packed(1024, of=b" "), filters=flate(1)),
    "text of a GiB, packed three times": lambda: papers.page_of(packed(1024, 3, b" "), filters=flate(3)),
    "text of a GiB that says little of itself": lambda: papers.page_of(packed(1024, 2, b"("), filters=flate(2)),
    "a picture of a GiB": lambda: _picture(32_768, 32_768, packed(1024, 2), b"/ColorSpace/DeviceGray" + flate(2)),
    "a picture of three GiB": lambda: _picture(32_768, 32_768, packed(3072, 2), b"/ColorSpace/DeviceRGB" + flate(2)),
    "a picture that lacks its pixels": lambda: _picture(65_535, 65_535, b"x", b"/ColorSpace/DeviceCMYK"),
    "a fax that lacks its pixels": lambda: _picture(
        65_000, 65_000, b"x", b"/ImageMask true/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 65000/Rows 65000>>"
    ),
    "a picture whose mask is of a GiB": _masked_picture,
    "a photograph that lacks its pixels": lambda: _picture(
        65_500, 65_500, _photograph(65_500), b"/ColorSpace/DeviceRGB/Filter/DCTDecode"
    ),
    "a table of contents of a GiB": lambda: _xref_stream(packed(1024, 2), flate(2)),
    "objects of a GiB": lambda: _object_stream(packed(1024, 2, b" "), 2),
    "letters' names of a GiB": lambda: _with_cmap(packed(1024, 2, b" "), 2),
    "filters by the thousand": lambda: papers.page_of(b"x", filters=flate(20_000)),
    "drawing without end": lambda: papers.slow_page(3_000_000),
    "text without end": lambda: papers.page_of(
        zlib.compress(b"BT /F 9 Tf 9 9 Td " + b"(word )Tj 1 0 Td " * 2_000_000 + b"ET", 9), filters=flate(1)
    ),
    "dictionaries within dictionaries": lambda: _page(b"<</A" * 100_000 + b">>" * 100_000),
    "arrays within arrays": lambda: _page(entries=b"/Annots" + b"[" * 200_000 + b"]" * 200_000),
    "arrays within arrays on the page": lambda: papers.page_of(b"[" * 500_000),
    "states within states": lambda: papers.page_of(b"q " * 1_000_000),
    "pages within pages": lambda: _deep_page_tree(20_000),
    "pages that are their own parents": lambda: _page().replace(b"/Kids[3 0 R]", b"/Kids[2 0 R 2 0 R 3 0 R]"),
    "the same page again and again": lambda: _page().replace(
        _PAGES, b"<</Type/Pages/Kids[%b]/Count 40000>>" % (b"3 0 R " * 40_000)
    ),
    "pages by the milliard": lambda: _page().replace(b"/Count 1", b"/Count 2147483647"),
    "forms within forms": lambda: _forms(12, 9),
    "a form within itself": _form_in_itself,
    "a field within itself": _form_field,
    "a table of contents that goes before itself": _xref_loop,
    "a length that is its own": lambda: _page().replace(b"4 0 obj\n<</Length ", b"4 0 obj\n<</Length 4 0 R/L "),
    "a size beyond all": lambda: _page().replace(b"/Size 6", b"/Size 4294967295"),
    "paper beyond all": lambda: _page().replace(b"[0 0 612 792]", b"[-1e38 -1e38 1e38 1e38]"),
    "paper of nothing": lambda: _page().replace(b"[0 0 612 792]", b"[0 0 0.0000001 99999999]"),
    "a pattern of itself": _pattern_of_itself,
    "a function of very many samples": lambda: _page(
        _stream(
            b"x",
            b"/FunctionType 0/Domain[0 1 0 1 0 1]/Range[0 1]/Size[65535 65535 65535]/BitsPerSample 32",
        ),
        content=b"/S sh",
        resources=b"/Shading<</S<</ShadingType 1/ColorSpace/DeviceGray/Function 6 0 R>>>>",
    ),
}
"""Small files that ask for much, by what they ask for."""


@lru_cache(maxsize=1)
def sound() -> Sequence[bytes]:
    """Good files of different build."""
    import pikepdf

    letter = papers.typed([_LETTER, papers.lines("page two", "and its text")])

    def rebuilt(**how: object) -> bytes:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(letter)) as file:
            file.attachments["note.txt"] = b"hello"
            file.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
            file.save(out, static_id=True, **how)  # type: ignore[arg-type]
        return out.getvalue()

    return (
        letter,
        papers.catalogue_first(3),
        papers.photographed(papers.typed([_LETTER]), dpi=60),
        rebuilt(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        rebuilt(linearize=True),
        _form_field(),
    )


@st.composite
def after_mishaps(draw: st.DrawFn, content: bytes) -> bytes:
    """A file after one to five mishaps."""
    for _ in range(draw(st.integers(1, 5))):
        content = draw(st.sampled_from(_MISHAPS))(draw, content)
    return content


def mutated() -> st.SearchStrategy[bytes]:
    """A good file after mishaps."""
    return st.deferred(lambda: st.sampled_from(sound()).flatmap(after_mishaps))


def _place(draw: st.DrawFn, content: bytes) -> int:
    return draw(st.integers(0, len(content)))


def _truncated(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: _place(draw, content)]


def _flipped(draw: st.DrawFn, content: bytes) -> bytes:
    out = bytearray(content)
    for place, bit in draw(st.lists(st.tuples(st.integers(0, max(len(out) - 1, 0)), st.integers(0, 7)), max_size=30)):
        if out:
            out[place] ^= 1 << bit
    return bytes(out)


def _spliced(draw: st.DrawFn, content: bytes) -> bytes:
    other = draw(st.sampled_from(sound()))
    return content[: _place(draw, content)] + other[_place(draw, other) :]


def _repeated(draw: st.DrawFn, content: bytes) -> bytes:
    place, length = _place(draw, content), draw(st.integers(0, 500))
    return content[: place + length] + content[place : place + length] * draw(st.integers(1, 50)) + content[place:]


def _blanked(draw: st.DrawFn, content: bytes) -> bytes:
    place, length = _place(draw, content), draw(st.integers(0, 500))
    return content[:place] + b"\0" * len(content[place : place + length]) + content[place + length :]


def _renumbered(draw: st.DrawFn, content: bytes) -> bytes:
    """Numbers become others: sizes, places, and which object is meant."""
    found = list(_NUMBER.finditer(content))
    if not found:
        return content
    number = draw(st.sampled_from(found))
    instead = draw(st.sampled_from(_HUGE) | st.integers(0, 12).map(b"%d".__mod__))
    return content[: number.start()] + instead + content[number.end() :]


def _nested(draw: st.DrawFn, content: bytes) -> bytes:
    place, depth = _place(draw, content), draw(st.sampled_from([10, 1_000, 50_000]))
    opening, closing = draw(st.sampled_from([(b"[", b"]"), (b"<</A", b">>"), (b"(", b")"), (b"q ", b"Q ")]))
    return content[:place] + opening * depth + closing * depth + content[place:]


_MISHAPS = (_truncated, _flipped, _spliced, _repeated, _blanked, _renumbered, _nested)
