"""What a PDF would do by itself, or brings along: scripts, launches, files within it. Found, never run.

qpdf runs on hostile bytes: call it in a process that can be lost.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from muniment.documents.model import ActiveContent

if TYPE_CHECKING:
    from pikepdf import Pdf

_MOST = 50_000  # objects looked at, less than a second's work
_ACTIONS: dict[str, ActiveContent] = {
    "/ImportData": "import_data",
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "submit_form",
}  # ISO 32000-2, table 201
_MEDIA = frozenset({"/3D", "/Movie", "/RichMedia", "/Screen", "/Sound"})  # annotations, table 171
_SIGNS: dict[str, ActiveContent] = {"/EF": "embedded_file", "/JS": "javascript", "/XFA": "xfa"}
_FILE = re.compile(rb"\s{0,9}(?:file:|\\\\|[a-z]:[\\/])", re.IGNORECASE)
# The keys that lead from the catalogue to whatever acts. The rest of the document, its text above all, is left alone.
_ANNOTATED = frozenset({"/AcroForm", "/Annots", "/Fields", "/Kids", "/Pages", "/Parent"})
_NAMED = frozenset({"/AF", "/EmbeddedFiles", "/FS", "/JavaScript", "/Names"})
_ACTING = frozenset({"/A", "/AA", "/First", "/Next", "/OpenAction", "/Outlines", "/PA"})
_LEADING = _ANNOTATED | _NAMED | _ACTING


def active_content(file: "Pdf") -> tuple[ActiveContent, ...]:
    """What the file would do by itself, each kind once, sorted. Where there is more to look through than any document
    has, "unexamined" is among it."""
    import pikepdf

    found: set[ActiveContent] = set()
    for looked, node in enumerate(_reachable(file)):
        if looked == _MOST:
            found.add("unexamined")
            break
        if isinstance(node, pikepdf.Dictionary):
            found.update(_signs(node))
    return tuple(sorted(found))


def _reachable(file: "Pdf") -> Iterator[Any]:
    """Whatever the leading keys reach, once each, what is near the catalogue first."""
    import pikepdf

    seen: set[tuple[int, int]] = set()
    ahead: deque[Any] = deque([file.Root])
    while ahead:
        node = ahead.popleft()
        yield node
        if not isinstance(node, pikepdf.Object) or (node.is_indirect and node.objgen in seen):
            continue
        seen.add(node.objgen)
        if isinstance(node, pikepdf.Array):
            ahead.extend(node[place] for place in range(min(len(node), _MOST + 1 - len(ahead))))
        elif isinstance(node, pikepdf.Dictionary):
            ahead.extend(node[key] for key in node.keys() & _LEADING)
            events = node.get("/AA")
            if isinstance(events, pikepdf.Dictionary):
                ahead.extend(events.values())


def _signs(node: Any) -> Iterator[ActiveContent]:
    """What a dictionary gives away."""
    import pikepdf

    for key in _SIGNS.keys() & node.keys():
        yield _SIGNS[key]
    action, target, kind = node.get("/S"), node.get("/URI"), node.get("/Subtype")
    if isinstance(action, pikepdf.Name) and str(action) in _ACTIONS:
        yield _ACTIONS[str(action)]
    if isinstance(target, pikepdf.String) and _FILE.match(bytes(target)):
        yield "file_link"
    if isinstance(kind, pikepdf.Name) and str(kind) in _MEDIA:
        yield "rich_media"
