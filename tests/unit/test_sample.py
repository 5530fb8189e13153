"""The sample practice: deterministic, true to its own truth file, and faulty exactly where it says so."""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from muniment import windows
from muniment.sample import (
    ObjectTruth,
    SampleError,
    Truth,
    facts,
    find_practice,
    write_changes,
    write_late,
    write_practice,
)
from muniment.sample.faults import PASSWORD
from muniment.sample.forms import FIELDS, FORMS
from muniment.sample.spelling import Spelling
from muniment.sample.truth import PROPERTY_PAPER, REQUIRED
from muniment.sample.typeset import typeset

SEED = 20260308
write_small = partial(write_practice, matters=4, windows=2, scans=False)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """The practice of sixty matters, with its truth."""
    landing = tmp_path_factory.mktemp("full")
    return landing, write_practice(landing)


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Truth]:
    """A practice of four matters, free to be changed."""
    landing = tmp_path / "landing"
    return landing, write_small(landing)


def files(landing: Path) -> dict[str, Path]:
    return {path.relative_to(landing).as_posix(): path for path in landing.rglob("*") if path.is_file()}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def squeezed(text: str) -> str:
    return re.sub(r"[\s\ufffe\u00ad]+", "", text)


def digital(truth: Truth) -> Iterator[ObjectTruth]:
    return (one for one in truth.objects if one.kind == "pdf" and one.state == "published" and not one.is_scan)


# -- determinism


def test_two_practices_are_equal_byte_for_byte_and_second_for_second(tmp_path: Path) -> None:
    truths = [write_practice(tmp_path / name, matters=3, windows=2) for name in ("a", "b")]
    first, second = files(tmp_path / "a"), files(tmp_path / "b")
    assert truths[0] == truths[1]
    assert {key: sha256(path) for key, path in first.items()} == {key: sha256(path) for key, path in second.items()}
    assert [path.stat().st_mtime_ns for path in first.values()] == [second[key].stat().st_mtime_ns for key in first]


def test_another_seed_gives_another_practice(tmp_path: Path, small: tuple[Path, Truth]) -> None:
    other = write_small(tmp_path / "other", seed=7)
    shared = {one.sha256 for one in other.objects if one.fields} & {one.sha256 for one in small[1].objects}
    assert not shared


def test_writing_again_leaves_identical_files_untouched(small: tuple[Path, Truth]) -> None:
    landing, truth = small
    before = {key: path.stat().st_ctime_ns for key, path in files(landing).items()}
    assert write_small(landing) == truth
    assert {key: path.stat().st_ctime_ns for key, path in files(landing).items()} == before


def test_writing_again_mends_a_file_that_was_changed(small: tuple[Path, Truth]) -> None:
    landing, truth = small
    victim = landing / truth.objects[0].key
    victim.write_bytes(b"x" * truth.objects[0].size)
    write_small(landing)
    assert sha256(victim) == truth.objects[0].sha256


def test_a_practice_that_is_there_is_found_until_a_file_is_touched_or_another_one_is_asked_for(
    tmp_path: Path, small: tuple[Path, Truth]
) -> None:
    landing, truth = small
    path = tmp_path / "truth.json"
    assert find_practice(landing, path, truth.scale) is None
    truth.write(path)
    assert find_practice(landing, path, truth.scale) == truth
    assert find_practice(landing, path, replace(truth.scale, seed=7)) is None
    some = landing / truth.objects[0].key
    some.touch()
    assert find_practice(landing, path, truth.scale) is None
    some.unlink()
    assert find_practice(landing, path, truth.scale) is None
    path.write_text('{"of": "another version"}')
    assert find_practice(landing, path, truth.scale) is None


def test_progress_counts_every_file(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    truth = write_small(tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(number, len(truth.objects)) for number in range(1, len(truth.objects) + 1)]


def test_an_empty_practice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="at least one"):
        write_practice(tmp_path, matters=0)
    with pytest.raises(SampleError, match="at most"):
        write_practice(tmp_path, matters=10_000)


def test_more_windows_than_matters_leave_no_empty_record_files(tmp_path: Path) -> None:
    truth = write_practice(tmp_path, matters=1, windows=5, scans=False)
    assert all(file.rows_good for file in truth.records)


# -- truth against files


def test_the_truth_names_every_file_with_its_hash_size_and_window(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    found = files(landing)
    assert sorted(found) == sorted(one.key for one in truth.objects)
    for one in truth.objects:
        stat = found[one.key].stat()
        arrived = datetime.fromtimestamp(stat.st_mtime, UTC)
        assert (sha256(found[one.key]), stat.st_size, arrived) == (one.sha256, one.size, one.modified)
        assert windows.parse(one.window).contains(arrived)


def test_every_window_reconciles_and_the_windows_sum_to_the_total(full: tuple[Path, Truth]) -> None:
    truth = full[1]
    for tally in (*truth.windows, truth.total):
        assert tally.registered == tally.published + tally.duplicate + tally.quarantined
    assert sum(tally.registered for tally in truth.windows) == truth.total.registered == len(truth.objects)
    assert len(truth.windows) == 8


def test_the_short_window_of_8_march_is_among_them(full: tuple[Path, Truth]) -> None:
    lengths = {one.window: windows.parse(one.window) for one in full[1].windows}
    short = [key for key, span in lengths.items() if span.end - span.start == timedelta(hours=5)]
    assert short == ["2026-03-08-00:00"]


def test_the_truth_survives_its_file(tmp_path: Path, full: tuple[Path, Truth]) -> None:
    path = tmp_path / "sample" / "truth.json"
    full[1].write(path)
    assert Truth.read(path) == full[1]
    assert json.loads(path.read_bytes())["objects"][0]["key"] == full[1].objects[0].key


def test_copies_are_settled_by_window_and_key(full: tuple[Path, Truth]) -> None:
    by_hash: dict[str, list[ObjectTruth]] = {}
    for one in full[1].objects:
        by_hash.setdefault(one.sha256, []).append(one)
    groups = [group for group in by_hash.values() if len(group) > 1]
    assert len(groups) >= 5
    assert any(len({one.window for one in group}) == 1 for group in groups)
    assert any(len({one.window for one in group}) > 1 for group in groups)
    for group in groups:
        first, *copies = sorted(group, key=lambda one: (windows.parse(one.window), one.key))
        expected = ("quarantined", first.reason) if first.state == "quarantined" else ("duplicate", None)
        assert {(one.state, one.reason, one.original) for one in copies} == {(*expected, first.key)}


# -- what the practice holds


def test_every_type_comes_in_several_layouts(full: tuple[Path, Truth]) -> None:
    seen = {(one.document_type, one.layout) for one in digital(full[1])}
    layouts = Counter(document_type for document_type, _ in seen)
    assert set(layouts) == set(FIELDS)
    assert min(layouts.values()) >= 2


def test_the_practice_has_its_intended_size(full: tuple[Path, Truth]) -> None:
    pages = [(one.pages or 0, one.is_scan) for one in full[1].objects if one.state == "published"]
    assert 550 <= sum(count for count, _ in pages) <= 800
    assert 14 <= sum(count for count, scan in pages if scan) <= 26


def test_held_out_layouts_are_all_others_than_the_usual_ones(tmp_path: Path, small: tuple[Path, Truth]) -> None:
    held_out = write_small(tmp_path / "held out", layouts="held-out")
    usual = {(one.document_type, one.layout) for one in small[1].objects if one.layout}
    assert not usual & {(one.document_type, one.layout) for one in held_out.objects}
    assert [one.key for one in held_out.objects] == [one.key for one in small[1].objects]
    assert held_out.scale.layouts == "held-out"
    for form in FORMS.values():
        names = [layout.name for layout in (*form.layouts, *form.rare, *form.held_out)]
        assert len(form.held_out) >= 2
        assert len(names) == len(set(names)), form.document_type


@pytest.mark.parametrize("name", list(FORMS))
def test_each_layout_prints_every_field_of_its_type(name: str) -> None:
    form = FORMS[name]
    matter = facts.matter(SEED, 2)  # a condominium
    for layout in (*form.layouts, *form.rare, *form.held_out):
        values = {key: Spelling().printed(value) for key, value in form.values(matter).items() if value is not None}
        result = typeset(layout, values, title=form.title)
        assert set(FIELDS[name]) | {"matter_number"} <= set(result.places), layout.name


def test_every_field_stands_where_the_truth_says(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    for one in list(digital(truth))[::3]:
        assert set(FIELDS[str(one.document_type)]) <= set(one.fields)
        with pypdfium2.PdfDocument(landing / one.key) as pdf:
            assert len(pdf) == one.pages
            for name, found in one.fields.items():
                place = found.places[0]
                assert place.page == found.page
                text = pdf[place.page - 1].get_textpage()
                assert squeezed(place.text) in squeezed(text.get_text_bounded()), (one.key, name)
                boxed = "".join(
                    text.get_text_bounded(left=x0 - 1, bottom=792 - y1, right=x1 + 1, top=792 - y0)
                    for x0, y0, x1, y1 in place.boxes
                )
                assert squeezed(place.text) in squeezed(boxed), (one.key, name)


def test_scans_are_images_without_text(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    scans = [one for one in truth.objects if one.is_scan]
    assert scans
    for one in scans[:6]:
        assert one.fields
        with pypdfium2.PdfDocument(landing / one.key) as pdf:
            assert len(pdf) == one.pages
            for page in pdf:
                assert page.get_textpage().count_chars() == 0
                assert len(list(page.get_objects())) == 1


def test_no_page_shows_a_template_unfilled(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    for one in list(digital(truth))[1::5]:
        with pypdfium2.PdfDocument(landing / one.key) as pdf:
            assert not any(set("{}") & set(page.get_textpage().get_text_bounded()) for page in pdf)


def test_statements_of_adjustments_add_up(full: tuple[Path, Truth]) -> None:
    names = ("purchase_price", "deposit", "tax_adjustment", "balance_due")
    statements = [one for one in full[1].objects if one.document_type == "statement_of_adjustments"]
    assert statements
    for one in statements:
        price, deposit, tax, due = (Decimal(one.fields[name].value) for name in names)
        assert price - deposit - tax == due


def test_three_contracts_disagree_with_the_record_about_the_price(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    assert len(truth.disagreements) == 3
    rows = {}
    for file in truth.records:
        if file.table == "matters" and file.rows_good:
            text = decoded((landing / file.key).read_bytes())
            rows.update({row["matter_number"].strip(): row for row in csv.DictReader(io.StringIO(text))})
    prices = {
        one.matter_number: one.fields["purchase_price"].value
        for one in truth.objects
        if one.document_type == "purchase_contract" and one.state == "published"
    }
    differing = {number for number, price in prices.items() if rows[str(number)]["purchase_price"].strip() != price}
    assert differing == {one.matter_number for one in truth.disagreements}
    for one in truth.disagreements:
        assert prices[one.matter_number] == one.document_price != one.record_price


def test_some_matters_lack_documents_and_the_truth_says_which(full: tuple[Path, Truth]) -> None:
    truth = full[1]
    present = {(one.matter_number, one.document_type) for one in truth.objects if one.state == "published"}
    assert 10 <= len(truth.missing) <= 20
    for number, types in truth.missing.items():
        assert types
        assert not {(number, name) for name in types} & present


def test_what_a_matter_needs_is_what_the_warehouse_says(full: tuple[Path, Truth]) -> None:
    seed = Path(__file__).parents[2] / "dbt" / "seeds" / "required_documents.csv"
    with seed.open(newline="") as rows:
        needed = {(row["matter_type"], row["property_type"], row["document_type"]) for row in csv.DictReader(rows)}
    assert needed == {
        *((kind, "any", name) for kind, names in REQUIRED.items() for name in names),
        *((kind, *paper) for kind in REQUIRED for paper in PROPERTY_PAPER.items()),
    }


def test_the_newest_record_of_a_matter_has_the_status_that_the_truth_tells(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    newest: dict[str, str] = {}
    for file in sorted(truth.records, key=lambda one: windows.parse(one.window)):
        if file.table == "matters":
            bad = {one.line for one in file.bad_rows}
            _, *rows = numbered(decoded((landing / file.key).read_bytes()))
            newest.update({row[0].strip(): row[-1].strip() for line, row in rows if line not in bad})
    assert newest == truth.statuses
    assert set(newest.values()) == {"open", "closed", "abandoned"}


def test_planted_personal_data_stands_where_the_truth_says(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    numbers = [one for one in truth.personal if one.kind == "sin"]
    assert len({one.value for one in numbers}) >= 20
    scans = {one.key for one in truth.objects if one.is_scan}
    for one in numbers:
        assert facts.luhn_digit(one.value[:8]) == int(one.value[8])
        if one.page and one.key not in scans:
            with pypdfium2.PdfDocument(landing / one.key) as pdf:
                assert one.text in pdf[one.page - 1].get_textpage().get_text_bounded()
        elif not one.page:
            assert one.value in decoded((landing / one.key).read_bytes())


# -- faults


def test_faulty_documents_are_faulty(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    faulty = [one for one in truth.objects if one.state == "quarantined" and one.kind == "pdf"]
    assert {one.reason for one in faulty} == {"encrypted", "damaged", "empty", "not_a_pdf"}
    for one in faulty:
        data = (landing / one.key).read_bytes()
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(data)
        assert data.startswith(b"%PDF-") == (one.reason in {"encrypted", "damaged"})
        assert (one.reason == "empty") == (not data)


def test_the_encrypted_document_opens_with_its_password(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    key = next(one.key for one in truth.objects if one.reason == "encrypted")
    with pypdfium2.PdfDocument(landing / key, password=PASSWORD) as pdf:
        assert len(pdf) >= 1


def test_every_reason_for_refusing_a_records_file_is_there(full: tuple[Path, Truth]) -> None:
    reasons = {one.reason for one in full[1].objects if one.kind == "records"} - {None}
    assert reasons == {"unknown_table", "missing_columns", "bad_encoding", "unreadable", "gate"}
    assert "unknown_format" in {one.reason for one in full[1].objects if one.kind == "other"}


def test_even_the_smallest_practice_has_every_fault(small: tuple[Path, Truth], full: tuple[Path, Truth]) -> None:
    assert {one.reason for one in small[1].objects} == {one.reason for one in full[1].objects}
    assert {one.state for one in small[1].objects} == {"published", "duplicate", "quarantined"}


def decoded(data: bytes) -> str:
    """The text of a CSV file, in UTF-8 where it is that and in Windows-1252 where not."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def test_the_records_come_in_three_encodings_and_with_an_unknown_column(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    data = [(landing / file.key).read_bytes() for file in truth.records if file.key.endswith(".csv")]
    assert any(one.startswith(b"\xef\xbb\xbf") for one in data)
    assert any(b"\xe9" in one and "é" in decoded(one) for one in data if not _is_utf8(one))
    assert any(b"\r\n" in one for one in data)
    assert {name for file in truth.records for name in file.unknown_columns} == {
        "last_edited_by",
        "appeal_status",
    }


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV text, each with the physical line from 1 where it starts; no blank lines."""
    reader = csv.reader(io.StringIO(text, newline=""))
    start = 1
    for row in reader:
        if row:
            yield start, row
        start = reader.line_num + 1


def test_bad_csv_rows_are_where_the_truth_says_and_no_others(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    key_columns = {"matters": 1, "parcels": 1, "assessments": 2, "corrections": 3}
    several_lines = False
    for file in truth.records:
        if not file.key.endswith(".csv"):
            continue
        (_, header), *rows = numbered(decoded((landing / file.key).read_bytes()))
        bad = {one.line: one.reason for one in file.bad_rows}
        assert len(rows) == file.rows_good + len(bad)
        assert {line for line, _ in rows} >= set(bad)
        assert {line for line, row in rows if len(row) != len(header)} == {
            line for line, reason in bad.items() if reason == "malformed_row"
        }
        seen: set[tuple[str, ...]] = set()
        for line, row in rows:
            key = tuple(cell.strip() for cell in row[: key_columns[file.table]])
            assert (key in seen) == (bad.get(line) == "duplicate_key"), (file.key, line)
            seen.add(key)
            several_lines |= any("\n" in cell for cell in row)
            if line not in bad:
                assert_sound(dict(zip(header, (cell.strip() for cell in row), strict=True)))
    assert several_lines


def assert_sound(row: dict[str, str]) -> None:
    """What a good row keeps to, whatever its table."""
    for name, value in row.items():
        if name in {"purchase_price", "deposit", "area_ha", "assessed_value", "tax_levy"} and value:
            assert re.fullmatch(r"\d+\.\d{2,4}", value), (name, value)
        if name in {"linc", "client_sin"} and value:
            assert re.fullmatch(r"\d{10}|\d{9}", value)
        if name.endswith("_on") and value:
            datetime.strptime(value, "%Y-%m-%d")


def test_bad_payments_are_where_the_truth_says(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    for file in truth.records:
        if file.table != "payments":
            continue
        lines = (landing / file.key).read_text("utf-8").splitlines()
        malformed = {one.line for one in file.bad_rows if one.reason == "malformed_row"}
        bad = {one.line for one in file.bad_rows}
        assert len(lines) == file.rows_good + len(bad)
        for number, line in enumerate(lines, 1):
            if number in malformed:
                with pytest.raises(json.JSONDecodeError):
                    json.loads(line)
            elif number not in bad:
                row = json.loads(line)
                assert Decimal(row["amount"]) > 0
                assert datetime.fromisoformat(row["paid_at"]).tzinfo is not None


def test_bad_registry_events_are_where_the_truth_says(full: tuple[Path, Truth]) -> None:
    landing, truth = full
    allowed = {"transfer", "mortgage", "discharge", "caveat", "easement"}
    for file in truth.records:
        if file.table != "registry_events":
            continue
        rows = parquet.read_table(landing / file.key).to_pylist()
        bad = {one.line: one.reason for one in file.bad_rows}
        assert len(rows) == file.rows_good + len(bad)
        ids = [row["event_id"] for row in rows]
        for number, row in enumerate(rows, 1):
            assert (row["instrument_type"] not in allowed) == (bad.get(number) == "not_allowed")
            assert (row["instrument_number"] is None) == (bad.get(number) == "missing_value")
            assert (row["event_id"] in ids[: number - 1]) == (bad.get(number) == "duplicate_key")


def test_only_the_gates_file_has_more_than_a_fifth_of_bad_rows(
    full: tuple[Path, Truth], small: tuple[Path, Truth]
) -> None:
    for truth in (full[1], small[1]):
        states = {one.key: one.reason for one in truth.objects}
        for file in truth.records:
            share = len(file.bad_rows) / (file.rows_good + len(file.bad_rows))
            assert (share > 0.2) == (states[file.key] == "gate"), file.key


def test_the_rows_that_count_are_those_of_published_files(full: tuple[Path, Truth]) -> None:
    truth = full[1]
    states = {one.key: one.state for one in truth.objects}
    assert "duplicate" in {states[file.key] for file in truth.records}
    for table, rows in truth.rows.items():
        assert rows == sum(
            file.rows_good for file in truth.records if file.table == table and states[file.key] == "published"
        )


# -- what happens afterwards


def test_changes_put_new_bytes_under_old_keys_in_the_next_window(small: tuple[Path, Truth]) -> None:
    landing, truth = small
    changed = write_changes(landing, truth, count=5)
    following = windows.parse(truth.windows[-1].window).next()
    new = [one for one in changed.objects if one.window == following.key]
    assert len(new) == 5
    assert len(changed.objects) == len(truth.objects) + 5
    assert {one.key for one in new} <= {one.key for one in truth.objects}
    assert {one.sha256 for one in new}.isdisjoint(one.sha256 for one in truth.objects)
    assert sum(one.document_type == "purchase_contract" for one in new) >= 2
    for key, one in changed.latest().items():
        assert (sha256(landing / key), (landing / key).stat().st_mtime) == (
            one.sha256,
            one.modified.timestamp(),
        )


def test_changed_documents_say_something_else(small: tuple[Path, Truth]) -> None:
    landing, truth = small
    changed = write_changes(landing, truth, count=1)
    (new,) = (one for one in changed.objects if one.window == changed.windows[-1].window)
    old = truth.latest()[new.key]
    assert new.fields["completion_date"].value > old.fields["completion_date"].value
    assert new.fields["purchase_price"].value == old.fields["purchase_price"].value


def test_changes_follow_one_another(small: tuple[Path, Truth]) -> None:
    landing, truth = small
    once = write_changes(landing, truth, count=2)
    twice = write_changes(landing, once, count=2)
    assert len(twice.windows) == len(truth.windows) + 2
    assert len({one.sha256 for one in twice.objects if one.key == once.objects[-1].key}) == 3
    with pytest.raises(SampleError, match="ask for fewer"):
        write_changes(landing, truth, count=10_000)


def test_a_late_file_is_old_but_counts_in_a_later_window(small: tuple[Path, Truth]) -> None:
    landing, truth = small
    (late,) = truth.late
    assert not (landing / late.key).exists()
    after = write_late(landing, truth)
    assert sha256(landing / late.key) == late.sha256
    assert datetime.fromtimestamp((landing / late.key).stat().st_mtime, UTC) == late.modified
    assert late.window == truth.windows[0].window
    assert after.latest()[late.key].window == windows.parse(truth.windows[-1].window).next().key
    assert not after.late


# -- the rules of real identifiers


@given(st.integers(0, 2**32), st.integers(0, facts.MOST_MATTERS - 1))
def test_identifiers_follow_the_rules_of_real_ones(seed: int, index: int) -> None:
    matter = facts.matter(seed, index)
    land = matter.parcel
    assert re.fullmatch(r"00\d{8}", land.linc.digits)
    assert re.fullmatch(r"\d\d[12] \d{3} \d{3}( \+\d+)?", str(land.title))
    assert str(land.title).startswith(f"{land.registered_on:%y}")
    assert re.fullmatch(
        r"PLAN \d{7} BLOCK \d+ LOT \d+A?|CONDOMINIUM PLAN \d{7} UNIT \d+|[NS][EW]-\d+-\d+-\d+-W[45]",
        str(land.legal),
    )
    for person in (*matter.owners, *matter.buyers):
        assert re.fullmatch(r"[09]\d{8}", person.sin)
        assert luhn_sum(person.sin) % 10 == 0
        assert re.fullmatch(r"\d{3}-555-01\d\d", person.phone)
        assert re.fullmatch(r"[a-z.'-]+@[a-z.]*example\.[a-z]+", person.email), person.email
    assert matter.contract_on < matter.opened_on < matter.closing_on
    assert 0 < matter.deposit < matter.price
    assert matter.balance_due > 0
    assert matter.caveat_on >= land.registered_on


def luhn_sum(digits: str) -> int:
    """The Luhn sum the slow way, to check the quick one."""
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled)


@given(st.integers(0, 2**32))
def test_no_two_matters_share_a_parcel_or_a_person(seed: int) -> None:
    matters = [facts.matter(seed, index) for index in (*range(0, 40), *range(9960, 9990))]
    assert len({one.parcel.linc for one in matters}) == len(matters)
    assert len({one.parcel.roll_number for one in matters}) == len(matters)
    people = [person.sin for one in matters for person in (*one.owners, *one.buyers)]
    assert len(set(people)) == len(people)


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_a_slashed_date_is_never_ambiguous(day: date) -> None:
    printed = Spelling(dates="slashed").printed(day).text
    assert ("/" in printed) == (day.day > 12)
