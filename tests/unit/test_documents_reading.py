"""Reading as a whole: the same bytes give the same outcome, which survives storage; fingerprints tell readers apart."""

import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from muniment.contract import contracts
from muniment.documents.memo import Memo
from muniment.documents.model import Box, Chunk, Document, Field, Finding, Outcome, Page, Reason, Refusal
from muniment.documents.reading import Limits, fingerprint, read_document
from muniment.objects import FolderStore
from tests import papers

LIMITS = Limits(timeout_seconds=60, memory_mb=2048, max_pages=20, ocr_dpi=150)
SHA = "a" * 64


@pytest.mark.parametrize("scanned", [False, True])
def test_the_same_bytes_give_the_same_outcome(tmp_path: Path, scanned: bool) -> None:
    content = papers.typed(
        [papers.lines("CAVEAT", "LINC 0012 345 678", "Witness: Odette Vasquero", "claims an interest")]
    )
    outcomes = []
    for name in ("one.pdf", "two.pdf"):
        (tmp_path / name).write_bytes(papers.photographed(content, degrees=1) if scanned else content)
        outcomes.append(read_document(tmp_path / name, LIMITS))
    assert outcomes[0] == outcomes[1]
    assert isinstance(outcomes[0], Document)


def test_outcomes_keep_the_rules_of_the_tables(tmp_path: Path, corpus: Path) -> None:
    paths = [*sorted((corpus / "court").glob("*.pdf"))[:5], *sorted((corpus / "hostile" / "pdfbox").glob("*.pdf"))[:12]]
    for path in paths:
        outcome = read_document(path, LIMITS)
        if isinstance(outcome, Refusal):
            assert isinstance(outcome.reason, Reason)
            assert outcome.message
            continue
        assert [page.number for page in outcome.pages] == list(range(1, len(outcome.pages) + 1))
        assert [one.ordinal for one in outcome.findings] == list(range(1, len(outcome.findings) + 1))
        for page in outcome.pages:
            assert (page.source == "none") <= (page.text == "")
            assert page.width > 0
            assert page.height > 0
            assert "\0" not in page.text
            page.text.encode()
        for one in outcome.findings:
            assert 0 <= one.score <= 1
            assert one.value


# -- fingerprint


def test_the_fingerprint_follows_what_changes_results_and_nothing_else() -> None:
    one = fingerprint(LIMITS)
    assert one == fingerprint(replace(LIMITS, timeout_seconds=1, memory_mb=999))
    assert len({one, fingerprint(replace(LIMITS, ocr_dpi=300)), fingerprint(replace(LIMITS, max_pages=3))}) == 3
    assert len(one) == 16
    int(one, 16)


def test_the_fingerprint_is_cheap() -> None:
    """It is what an unchanged run asks for, so it loads nothing heavy."""
    code = (
        "import sys, time\n"
        "from muniment.documents.reading import Limits, fingerprint\n"
        "started = time.process_time()\n"
        "fingerprint(Limits(1, 1, 1, 1))\n"
        "assert time.process_time() - started < 0.1\n"
        "heavy = {'pypdfium2', 'tesserocr', 'presidio_analyzer', 'spacy', 'torch', 'numpy', 'PIL', 'phonenumbers'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# -- memo

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
share = st.floats(0, 1)
number = st.integers(1, 9)
maybe_words = st.one_of(st.none(), words)
box = st.one_of(st.none(), st.builds(Box, *[st.floats(0, 1e4)] * 4))
source = st.sampled_from(["text", "layer", "ocr", "none"])
page = st.builds(Page, number, share, share, source, st.one_of(st.none(), share), words, number)
field = st.builds(Field, words, number, words, words, maybe_words, maybe_words, number, box, share, words)
finding = st.builds(Finding, number, words, maybe_words, words, number, box, share, words)
passage = st.builds(Chunk, number, number, number, words, words)
document = st.builds(
    Document,
    words,
    share,
    maybe_words,
    *(st.lists(one, max_size=3).map(tuple) for one in (page, field, finding, passage)),
)
outcome = st.one_of(st.builds(Refusal, st.sampled_from(Reason), words), document)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(kept=outcome)
def test_what_is_kept_comes_back_equal(tmp_path: Path, kept: Outcome) -> None:
    memo = Memo(FolderStore(tmp_path), "f00d")
    memo.forget(SHA)
    assert memo.get(SHA) is None
    memo.put(SHA, kept)
    assert memo.get(SHA) == kept


def test_a_reason_that_is_not_of_the_set_is_as_good_as_nothing(tmp_path: Path) -> None:
    memo = Memo(FolderStore(tmp_path), "f00d")
    with pytest.warns(UserWarning, match="bad_luck"):
        memo.put(SHA, Refusal("bad_luck", "x"))  # type: ignore[arg-type]
    assert memo.get(SHA) is None


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_and_stands_in_the_contract(reason: Reason) -> None:
    assert re.fullmatch(r"The [^.]+\. [A-Z].+\.|Reading [^.]+\. [A-Z].+\.", reason.sentence)
    assert Refusal.of(reason, "2 of 3").message == f"{reason.sentence} (2 of 3)"
    [column] = [column for column in contracts()["quarantine"].columns if column.name == "reason"]
    assert re.search(rf"\b{reason}\b", column.description)


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    memo = Memo(FolderStore(tmp_path), "f00d")
    memo.put(SHA, Refusal(Reason.time_limit, "first"))
    memo.put(SHA, Refusal(Reason.damaged, "second"))
    assert memo.get(SHA) == Refusal(Reason.time_limit, "first")
    memo.forget(SHA)
    memo.put(SHA, Refusal(Reason.damaged, "second"))
    assert memo.get(SHA) == Refusal(Reason.damaged, "second")


def test_another_reader_has_a_memory_of_its_own(tmp_path: Path) -> None:
    Memo(FolderStore(tmp_path), "f00d").put(SHA, Refusal(Reason.damaged, "x"))
    assert Memo(FolderStore(tmp_path), "beef").get(SHA) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@example(place=133, value=1, cut=445)
@example(place=724, value=208, cut=12)
@example(place=724, value=208, cut=0)
@given(place=st.integers(0, 10_000), value=st.integers(1, 255), cut=st.integers(0, 10_000))
def test_a_corrupt_entry_is_absent_and_gets_replaced(tmp_path: Path, place: int, value: int, cut: int) -> None:
    memo = Memo(FolderStore(tmp_path), "f00d")
    kept = Refusal(Reason.damaged, "The PDF is damaged and cannot be opened. Send it again.")
    memo.forget(SHA)
    memo.put(SHA, kept)
    (path,) = tmp_path.rglob("*.zst")
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= value
    path.write_bytes(bytes(content[: cut % len(content) + 1]))
    assert memo.get(SHA) in (None, kept)
    memo.put(SHA, kept)
    assert memo.get(SHA) == kept


def test_looking_for_what_is_not_there_is_quick(tmp_path: Path) -> None:
    memo = Memo(FolderStore(tmp_path), "f00d")
    started = time.process_time()
    for number in range(2_000):
        assert memo.get(f"{number:064x}") is None
    assert time.process_time() - started < 2
