"""A whole run over the sample practice, compared with its truth object for object, row for row, field for field."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.sample.truth import FieldTruth, Truth
from tests.conftest import Ran
from tests.installation import Installation


@pytest.fixture(scope="session")
def full(new_installation: Callable[..., Installation]) -> Ran:
    """The practice of `make run`: sixty matters over eight windows, scans included."""
    installation = new_installation()
    truth = installation.write_sample()
    return Ran(installation, truth, installation.muniment("run", timeout=3600).stderr)


@pytest.fixture(params=["ran", pytest.param("full", marks=pytest.mark.attack)])
def practice(request: pytest.FixtureRequest) -> Ran:
    """The small practice, and in the long tests the full one too."""
    found: Ran = request.getfixturevalue(request.param)
    return found


def test_every_object_ends_as_the_truth_says(practice: Ran) -> None:
    rows = practice.installation.lake("select key, window_key, state, reason from objects")
    found = {row["key"]: (row["window_key"], row["state"], row["reason"]) for row in rows}
    assert found == {o.key: (o.window, o.state, o.reason) for o in practice.truth.objects}
    assert len(rows) == len(found)


def test_the_summary_and_the_status_count_what_the_truth_counts(practice: Ran) -> None:
    expected = Counter(o.state for o in practice.truth.objects)
    status = practice.installation.json("status")
    assert status["reconciled"]
    assert status["total"] == {"registered": len(practice.truth.objects), **expected}
    [total] = [line.split() for line in practice.output.splitlines() if line.startswith("total")]
    assert total[1:5] == [str(n) for n in status["total"].values()]


def test_every_bad_row_is_in_quarantine_with_its_line(practice: Ran) -> None:
    rows = practice.installation.lake("select key, line, reason from quarantine where scope = 'row'")
    found = {(row["key"], row["line"], row["reason"]) for row in rows}
    # A copy of a file is not read into the quarantine a second time.
    read = {o.key for o in practice.truth.objects if o.state != "duplicate"}
    assert found == {(r.key, b.line, b.reason) for r in practice.truth.records if r.key in read for b in r.bad_rows}


def test_the_record_tables_hold_the_good_rows(practice: Ran) -> None:
    tables = practice.installation.json("status")["tables"]
    assert {name: tables[f"lake.{name}"] for name in practice.truth.rows} == practice.truth.rows


def test_documents_have_their_type_and_matter(practice: Ran) -> None:
    rows = practice.installation.lake("select key, document_type, matter_number, pages from documents")
    found = {row["key"]: (row["document_type"], row["matter_number"], row["pages"]) for row in rows}
    published = [o for o in practice.truth.objects if o.kind == "pdf" and o.state == "published"]
    wrong = {o.key: found[o.key] for o in published if found[o.key] != (o.document_type, o.matter_number, o.pages)}
    assert len(wrong) <= 0.01 * len(published), wrong


@pytest.mark.parametrize(("scans", "least"), [(False, 0.99), (True, 0.90)])
def test_fields_are_read_as_the_truth_says(practice: Ran, scans: bool, least: float) -> None:
    rows = practice.installation.lake("select document_id, field, value, normalised, pii_class, page from fields")
    found = {(row["document_id"], row["field"]): row for row in rows}
    asked = _fields(practice.truth, scans)
    if not asked:
        pytest.skip("this practice has no scans; the one of `make attack` has")
    right = [name for name, truth in asked.items() if _agrees(found.get(name), truth)]
    assert len(right) >= least * len(asked), sorted(asked.keys() - set(right))


def _fields(truth: Truth, scans: bool) -> dict[tuple[str, str], FieldTruth]:
    return {
        (o.sha256[:16], name): field
        for o in truth.objects
        if o.kind == "pdf" and o.state == "published" and o.is_scan is scans
        for name, field in (o.fields or {}).items()
    }


def _agrees(row: dict[str, object] | None, truth: FieldTruth) -> bool:
    """The value is right and stands on that page. A personal one is masked here: only the vault has it."""
    if row is None or row["page"] not in {place.page for place in truth.places}:
        return False
    return bool(row["pii_class"]) or truth.value in (row["normalised"], row["value"])


def test_prices_that_disagree_are_found(practice: Ran) -> None:
    rows = practice.installation.sql("select matter_number from marts.price_reconciliation where not agrees")
    assert {row["matter_number"] for row in rows} == {d.matter_number for d in practice.truth.disagreements}


def test_what_is_missing_before_closing_is_found(practice: Ran) -> None:
    rows = practice.installation.sql("select * from marts.matter_readiness")
    open_matters = {number for number, status in practice.truth.statuses.items() if status == "open"}
    assert {row["matter_number"] for row in rows} == open_matters
    found = {row["matter_number"]: sorted(row["missing_documents"] or []) for row in rows}
    assert found == {number: sorted(practice.truth.missing.get(number, [])) for number in open_matters}


def test_the_truth_file_says_the_same_when_it_is_read_back(practice: Ran, tmp_path: Path) -> None:
    practice.truth.write(tmp_path / "truth.json")
    assert Truth.read(tmp_path / "truth.json") == practice.truth
