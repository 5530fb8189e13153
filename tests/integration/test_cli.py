"""The command line as scripts and people use it: what it writes, what it refuses and how it says so."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from PIL import Image

from muniment import windows
from muniment.contract import contracts, tables
from muniment.trace import Origin, Place
from tests.conftest import Ran
from tests.installation import Installation

COMMANDS = (
    *("land", "run", "status", "sql", "lake", "search", "trace", "review", "ui", "docs", "doctor", "sample"),
    *("maintain", "rebuild", "lifecycle", "hold"),
)
STATES = ("registered", "published", "duplicate", "quarantined")
NOWHERE = "postgresql://nobody:hunter2@127.0.0.1:1/nothing"


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that could not do its work told its user: an error meant for people, and no traceback."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert "muniment: " in done.stderr, done.stderr
    return done.stderr.partition("muniment: ")[2]


# --- what scripts rely on -----------------------------------------------------------------------------------------


def test_status_as_json_has_the_promised_keys_and_adds_up(ran: Ran) -> None:
    found = ran.installation.json("status")
    assert list(found) == ["reconciled", "total", "waiting", "windows", "tables", "warehouse", "index", "lifecycle"]
    assert found["reconciled"] is True
    assert found["waiting"] == 0
    assert list(found["total"]) == list(STATES)
    for window in found["windows"]:
        assert set(window) == {"window", *STATES, "settled", "reconciled"}
        windows.parse(window["window"])
    for state in STATES:
        assert found["total"][state] == sum(window[state] for window in found["windows"])
    assert set(found["tables"]) == {contract.table for contract in tables()}
    assert found["total"]["registered"] == found["tables"]["lake.objects"] == len(ran.truth.objects)
    assert found["warehouse"]["in_step"] is True
    assert found["warehouse"]["marts"]["document_register"] > 0
    assert found["index"]["passages"] == found["tables"]["lake.chunks"]
    assert found["lifecycle"]["hot"]["objects"] > 0 == found["lifecycle"]["cold"]["objects"]


def test_status_for_people_names_windows_tables_and_marts(ran: Ran) -> None:
    text = ran.installation.muniment("status").stdout
    for wanted in ("2026-03-0", "lake.documents", "marts.matter_readiness", "in_step", "total"):
        assert wanted in text


def test_the_quarantine_as_json_tells_each_refusal(ran: Ran) -> None:
    found = ran.installation.json("quarantine", "list")
    for one in found:
        assert {"key", "stage", "reason", "message", "window", "line", "sha256"} <= set(one)
        assert one["key"]
        assert one["message"]
        windows.parse(one["window"])
    objects = {one["key"] for one in found if one["scope"] == "object"}
    assert objects == {o.key for o in ran.truth.objects if o.state == "quarantined"}


def test_sql_writes_tables_csv_and_json_with_the_same_rows(ran: Ran) -> None:
    statement = "select matter_number, matter_type, opened_on from marts.matter_readiness order by 1"
    shown = {form: ran.installation.muniment("sql", statement, "--format", form).stdout for form in ("csv", "json")}
    of_json = json.loads(shown["json"])
    of_csv = list(csv.DictReader(io.StringIO(shown["csv"])))
    table = ran.installation.muniment("sql", statement).stdout.splitlines()
    assert of_json == of_csv
    assert of_json
    assert table[0].split() == ["matter_number", "matter_type", "opened_on"]
    assert [line.split() for line in table[1:]] == [list(row.values()) for row in of_json]


def test_sql_gives_numbers_dates_and_nothing_as_programs_expect_them(ran: Ran) -> None:
    statement = "select 1.50::numeric(14,2) as money, 7 as n, null as nothing, timestamptz '2026-03-08 12:00Z' as at"
    [row] = json.loads(ran.installation.muniment("sql", statement, "--format", "json").stdout)
    assert row["nothing"] is None
    assert row["n"] == 7
    assert float(row["money"]) == 1.5
    assert datetime.fromisoformat(row["at"]) == datetime(2026, 3, 8, 12, tzinfo=UTC)


def test_search_as_json_has_the_promised_keys_and_number_of_hits(ran: Ran) -> None:
    hits = json.loads(ran.installation.muniment("search", "tax arrears on the roll", "-k", "3", "--json").stdout)
    assert len(hits) == 3
    for hit in hits:
        assert {"score", "document", "page", "text", "ordinal"} <= set(hit)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert hits[0]["document_type"] == "tax_certificate"


def test_doctor_finds_a_full_installation_well(ran: Ran) -> None:
    found = ran.installation.json("doctor")
    parts = {one["part"]: one for one in found["parts"]}
    assert [one for one in parts.values() if not one["ok"]] == []
    assert {"state", "landing", "lake", "register", "catalog", "warehouse", "dagster", "dbt", "time"} <= set(parts)
    assert "pgvector" in parts["warehouse"]["detail"]


# --- the lake and its past ----------------------------------------------------------------------------------------


def _commits(ran: Ran) -> list[datetime]:
    table = ran.installation.platform.lake.catalog.load_table(contracts()["documents"].table)
    return [datetime.fromtimestamp(snapshot.timestamp_ms / 1000, UTC) for snapshot in table.snapshots()]


def _documents(ran: Ran, instant: datetime) -> dict[str, int]:
    statement = "select window_key, count(*) as n from documents group by 1 order by 1"
    done = ran.installation.muniment("lake", statement, "--as-of", instant.isoformat(), "--format", "json")
    return {row["window_key"]: row["n"] for row in json.loads(done.stdout)}


def test_the_lake_shows_an_earlier_state(ran: Ran) -> None:
    first, *_, last = _commits(ran)
    hour = timedelta(hours=1)
    now = _documents(ran, last + hour)
    assert len(now) == 2
    assert _documents(ran, first - hour) == {}
    assert list(_documents(ran, first).items()) == list(now.items())[:1]


def test_what_upkeep_would_do_is_said_table_by_table_and_nothing_is_done(ran: Ran) -> None:
    lake = ran.installation.state / "lake"

    def files() -> dict[Path, int]:
        """All but those of branches, which other tests make meanwhile."""
        found = (folder for folder in lake.iterdir() if folder.name != "branches")
        paths = (path for folder in found for path in (folder, *folder.rglob("*")) if path.is_file())
        return {path: path.stat().st_mtime_ns for path in paths}

    before = files()
    found = ran.installation.json("maintain", "--dry-run", "documents", "matters")
    assert [report["table"] for report in found] == ["lake.documents", "lake.matters", "vault.matters"]
    for report in found:
        assert [step["name"] for step in report["steps"]] == ["compaction", "manifests", "expiry", "orphans"]
        assert report["error"] == ""
        for step in report["steps"]:
            assert step["after"]["files"] <= step["before"]["files"]
            assert step["before"]["bytes"] > 0
    text = ran.installation.muniment("maintain", "--dry-run", "documents").stdout
    assert "lake.documents" in text
    assert "compaction" in text
    assert files() == before


def test_the_vault_opens_only_when_it_is_asked_for(ran: Ran) -> None:
    statement = "select client_name from vault.matters"
    assert "does not exist" in refusal(ran.installation.muniment("lake", statement, check=False))
    assert ran.installation.lake(statement, vault=True)
    assert "permission denied" in refusal(ran.installation.muniment("sql", statement, check=False))


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["doctor"],
        ["lake", "select 1"],
        ["sql", "select 1"],
        ["search", "tax arrears"],
        ["quarantine", "list"],
        ["release", "list"],
    ],
)
def test_an_answer_is_not_followed_by_words_of_the_machinery(ran: Ran, arguments: list[str]) -> None:
    """Such as of a library that counts what is left of it when the process ends."""
    assert ran.installation.muniment(*arguments).stderr == ""


# --- tracing ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def levy(ran: Ran) -> dict[str, Any]:
    """A tax certificate of the practice, by its landing key, with the place of its levy."""
    statement = (
        "select d.key, d.document_id, d.sha256, f.page, f.x0, f.y0, f.x1, f.y1 from documents d "
        "join fields f using (document_id) where f.field = 'tax_levy' and f.x0 is not null order by d.key limit 1"
    )
    [row] = ran.installation.lake(statement)
    return row


def test_trace_tells_the_way_of_a_value_back_to_its_object(ran: Ran, levy: dict[str, Any]) -> None:
    by_key, by_id, by_hash = (
        json.loads(ran.installation.muniment("trace", name, "tax_levy", "--json").stdout)
        for name in (levy["key"], levy["document_id"], levy["sha256"][:12])
    )
    assert by_key == by_id == by_hash
    assert set(by_key) == {*Origin.__dataclass_fields__, "fields", "corrections"}
    [place] = by_key["fields"]
    assert set(place) == set(Place.__dataclass_fields__)
    assert (place["page"], place["box"]["x0"]) == (levy["page"], levy["x0"])
    raw = ran.installation.state / "lake" / "raw" / "objects" / by_key["sha256"]
    assert by_key["raw"] == raw.as_uri()
    assert raw.read_bytes() == (ran.installation.state / "landing" / levy["key"]).read_bytes()


def test_a_correction_wins_is_shown_beside_what_was_read_and_ends_the_doubt(ran: Ran, tmp_path: Path) -> None:
    corrected = ran.installation.lake("select distinct document_id, window_key from corrections")
    [document] = [row["document_id"] for row in corrected]
    told = json.loads(ran.installation.muniment("trace", document, "--json").stdout)
    said = {one["field"]: one for one in told["corrections"]}
    assert {place["field"] for place in told["fields"]} <= set(said)
    one = next(iter(said.values()))
    assert (one["reviewer"], one["key"]) == ("K. Marchetti", "corrections/first review.csv")
    assert "corrections/first review.csv:2" in ran.installation.muniment("trace", document).stdout
    rows = ran.installation.sql(
        f"select field, is_corrected, confidence from intermediate.int_document_fields where document_id = '{document}'"
    )
    assert {(row["is_corrected"], row["confidence"]) for row in rows} == {(True, 1.0)}
    people = [place["field"] for place in told["fields"] if place["value"] == "[PERSON]"]
    assert people
    assert {said[name]["value"] for name in people} == {"[PERSON]"}
    queue = ran.installation.json("review", "-n", "100000")
    assert [row["confidence"] for row in queue] == sorted(row["confidence"] for row in queue)
    assert {row["field"] for row in queue if row["document_id"] == document} == {"document_type"}


def test_review_writes_a_form_that_lands_as_corrections(ran: Ran, tmp_path: Path) -> None:
    form = tmp_path / "doubts.csv"
    done = ran.installation.muniment("review", "-n", "5", "--type", "tax_certificate", "--form", str(form))
    assert "muniment land" in done.stderr
    header, *rows = form.read_text().splitlines()
    assert header.startswith("document_id,field,ordinal,value,remark,reviewer,reviewed_at,read_key")
    assert len(rows) == 5
    assert "there already" in refusal(ran.installation.muniment("review", "--form", str(form), check=False))
    assert "take one of" in refusal(ran.installation.muniment("review", "--type", "novel", check=False))


def test_a_passage_that_search_found_is_traced_to_the_lines_of_its_page(ran: Ran) -> None:
    [hit] = json.loads(ran.installation.muniment("search", "tax arrears on the roll", "-k", "1", "--json").stdout)
    told = ran.installation.json("trace", hit["document"], "--passage", str(hit["ordinal"]))
    assert told["places"][0]["page"] == hit["page"]
    said = " ".join(place["text"] for place in told["places"])
    assert said.split() == hit["text"].split()


def test_trace_draws_the_box_on_the_page(ran: Ran, levy: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "levy.png"
    ran.installation.muniment("trace", levy["key"], "tax_levy", "--image", str(out))
    with Image.open(out) as image:
        picture = image.convert("RGB")
    scale = picture.width / 612  # letter paper, in points
    red = [
        (x / scale, y / scale)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) == (255, 0, 0)
    ]
    assert red
    edges = (min(x for x, _ in red), min(y for _, y in red), max(x for x, _ in red), max(y for _, y in red))
    wanted = (levy["x0"], levy["y0"], levy["x1"], levy["y1"])
    assert all(abs(edge - want) < 5 for edge, want in zip(edges, wanted, strict=True)), (edges, wanted)


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["sql", "selec"], "syntax error"),
        (["sql", "select 1; select 2"], "multiple commands"),
        (["maintain", "nothing"], "There is no table nothing"),
        (["sql", ""], "only reads"),
        (["sql", "delete from lake.documents"], "only reads"),
        (["sql", "with gone as (delete from lake.documents returning 1) select * from gone"], "read-only"),
        (["lake", ""], "Give one statement"),
        (["lake", "selec"], "lake.documents"),
        (["lake", "select 1; select 2"], "Give one statement"),
        (["lake", "select * from read_csv('/etc/passwd')"], "disabled"),
        (["lake", "select cast(key as int) from documents"], "Could not convert"),
        (["lake", "select 1", "--as-of", "yesterday"], "2026-03-08T18:00:00Z"),
        (["search", " "], "empty"),
        (["trace", "no-such-document"], "means 0 documents"),
        (["trace", "' or 1=1 --"], "means 0 documents"),
        (["trace", "records/nothing.csv", "price"], "means 0 documents"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(ran: Ran, arguments: list[str], says: str) -> None:
    assert says in refusal(ran.installation.muniment(*arguments, check=False))


def test_a_field_that_a_document_lacks_is_refused_with_those_that_it_has(ran: Ran, levy: dict[str, Any]) -> None:
    text = refusal(ran.installation.muniment("trace", levy["document_id"], "buyer", check=False))
    assert "no field 'buyer'" in text
    assert "tax_levy" in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "tomorrow"], "not a window key"),
        (["--from", "2026-03-08-06:30"], "Nearest: 2026-03-08-06:00"),
        (["--from", "2026-03-08-06:00", "--to", "2026-03-07-06:00"], "Swap --from and --to"),
        (["--from", "2019-01-01-00:00"], "lies before the first"),
        (["--to", "2999-01-01-00:00"], "has not begun"),
    ],
)
def test_windows_that_cannot_run_are_refused_at_once(fresh: Installation, arguments: list[str], says: str) -> None:
    assert says in refusal(fresh.muniment("run", *arguments, check=False))
    assert not (fresh.state / "dagster").exists()


@pytest.mark.parametrize(
    ("setting", "value", "arguments", "says"),
    [
        ("MUNIMENT_WORKERS", "many", ["status"], "MUNIMENT_WORKERS"),
        ("MUNIMENT_SCHEDULER", "cron", ["status"], "MUNIMENT_SCHEDULER"),
        ("MUNIMENT_FIRST_WINDOW", "monday", ["status"], "not a window key"),
        ("MUNIMENT_LANDING_URI", "ftp://files", ["status"], "file:///folder or s3://bucket/prefix"),
        ("MUNIMENT_STATE_DIR", __file__, ["status"], "name a folder"),
        ("MUNIMENT_STATE_DIR", "/proc/muniment", ["run"], "/proc/muniment"),
        ("MUNIMENT_STATE_DIR", "/proc/muniment", ["sample"], "/proc/muniment"),
        ("MUNIMENT_CATALOG_URI", "nonsense", ["lake", "select * from documents"], "MUNIMENT_CATALOG_URI"),
        ("MUNIMENT_WAREHOUSE_URL", "nonsense", ["sql", "select 1"], "MUNIMENT_WAREHOUSE_URL"),
        ("MUNIMENT_WAREHOUSE_URL", NOWHERE, ["sql", "select 1"], "127.0.0.1"),
        ("MUNIMENT_WAREHOUSE_URL", NOWHERE, ["search", "levy"], "127.0.0.1"),
    ],
)
def test_a_setting_that_does_not_work_is_named(
    fresh: Installation, setting: str, value: str, arguments: list[str], says: str
) -> None:
    fresh.environment[setting] = value
    text = refusal(fresh.muniment(*arguments, check=False))
    assert says in text
    assert "hunter2" not in text


def test_a_broken_settings_file_is_named(fresh: Installation, tmp_path: Path) -> None:
    (tmp_path / "muniment.toml").write_text("workers = [")
    done = subprocess.run(
        [*fresh.command, "status"], env=fresh.variables, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "muniment.toml" in refusal(done)


def test_a_read_only_state_folder_is_named(fresh: Installation) -> None:
    """As root, folder modes stop nobody: the folder is mounted read-only then, where that is allowed."""
    fresh.state.mkdir()
    if os.geteuid():
        fresh.state.chmod(0o500)
        assert str(fresh.state) in refusal(fresh.muniment("run", check=False))
        return
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(fresh.state)], capture_output=True, check=False
    ).returncode:
        pytest.skip("this machine lets nobody mount a read-only folder")
    try:
        for command in (["run"], ["sample"]):
            assert "Read-only" in refusal(fresh.muniment(*command, check=False))
        assert fresh.muniment("doctor", check=False).returncode == 1
    finally:
        subprocess.run(["umount", str(fresh.state)], check=True)


# --- nothing yet --------------------------------------------------------------------------------------------------


def test_before_the_first_run_every_question_says_how_to_start(fresh: Installation) -> None:
    assert "muniment land" in fresh.muniment("status").stdout
    assert fresh.json("status")["windows"] == []
    assert fresh.json("quarantine", "list") == []
    assert "empty" in fresh.muniment("quarantine", "list").stderr
    assert "empty" in fresh.muniment("quarantine", "replay").stderr
    for question in (["sql", "select 1"], ["search", "levy"], ["lake", "select * from documents"], ["trace", "a.pdf"]):
        assert "muniment run" in refusal(fresh.muniment(*question, check=False))
    assert not (fresh.state / "postgres").exists()
    assert not (fresh.state / "catalog.db").exists()


def test_doctor_finds_an_empty_installation_well_and_makes_nothing(fresh: Installation) -> None:
    found = fresh.json("doctor")
    assert [one for one in found["parts"] if not one["ok"]] == []
    assert not fresh.state.exists()


def test_doctor_says_what_cannot_be_reached_and_hides_secrets(fresh: Installation) -> None:
    fresh.environment |= {
        "MUNIMENT_WAREHOUSE_URL": NOWHERE,
        "MUNIMENT_CATALOG_URI": "postgresql+psycopg2://nobody:hunter2@127.0.0.1:1/nothing",
        "MUNIMENT_S3_SECRET_ACCESS_KEY": "hunter2",
    }
    for arguments in (["doctor"], ["doctor", "--json"]):
        done = fresh.muniment(*arguments, check=False)
        assert done.returncode == 1
        assert "hunter2" not in done.stdout + done.stderr
    faults = {one["part"]: one["fix"] for one in json.loads(done.stdout)["parts"] if not one["ok"]}
    assert set(faults) == {"catalog", "warehouse"}
    assert "MUNIMENT_WAREHOUSE_URL" in faults["warehouse"]


def test_landing_what_is_not_there_fails_and_says_which(fresh: Installation, tmp_path: Path) -> None:
    done = fresh.muniment("land", str(tmp_path / "nothing.pdf"), check=False)
    assert done.returncode == 1
    assert "nothing.pdf" in done.stderr
    assert "Next" not in done.stderr


# --- manners ------------------------------------------------------------------------------------------------------


def test_a_second_run_at_once_says_so_and_changes_nothing(fresh: Installation) -> None:
    fresh.state.mkdir()
    with FileLock(fresh.state / "run.lock"):
        for command in (["run"], ["quarantine", "replay"]):
            assert "Another run is at work" in refusal(fresh.muniment(*command, check=False))
    assert "Nothing to do" in fresh.muniment("run").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["lake", "select * from range(300000)", "--format", "csv"],
        ["lake", "select * from range(300000)", "--format", "json"],
        ["sql", "select * from generate_series(1, 300000)", "--format", "csv"],
        ["sql", "select * from generate_series(1, 900)"],
        ["quarantine", "list", "--json"],
    ],
)
def test_a_reader_that_goes_away_early_is_no_error(ran: Ran, arguments: list[str]) -> None:
    with subprocess.Popen(
        [*ran.installation.command, *arguments],
        env=ran.installation.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read().decode()
        running.wait(timeout=60)
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


def test_ctrl_c_ends_a_command_without_a_traceback(ran: Ran) -> None:
    with subprocess.Popen(
        [*ran.installation.command, "sql", "select pg_sleep(60)"],
        env=ran.installation.variables,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        _wait_for_sleep(ran)
        running.send_signal(signal.SIGINT)
        assert running.stderr is not None
        said = running.stderr.read().decode()
    assert running.returncode not in (0, None)
    assert "Traceback" not in said


def _wait_for_sleep(ran: Ran) -> None:
    import time

    statement = "select 1 from pg_stat_activity where query like 'select pg_sleep(%' and state = 'active'"
    deadline = time.monotonic() + 60
    while not ran.installation.sql(statement):
        assert time.monotonic() < deadline


@pytest.fixture(scope="module")
def helps() -> dict[str, str]:
    """The help of each command, in a wide terminal."""
    program = (
        "import sys, io, contextlib, json; from muniment.cli import app\n"
        "texts = {}\n"
        "for name in sys.argv[1:]:\n"
        "    out = io.StringIO()\n"
        "    with contextlib.redirect_stdout(out):\n"
        "        app([*name.split(), '--help'], standalone_mode=False)\n"
        "    texts[name] = out.getvalue()\n"
        "print(json.dumps(texts))"
    )
    contract = [f"contract {name}" for name in ("check", "diff", "migrate", "history")]
    release = [f"release {name}" for name in ("list", "show", "diff", "drop")]
    quarantine = ["quarantine list", "quarantine replay"]
    names = ["", *COMMANDS, "quarantine", *quarantine, "contract", *contract, "release", *release]
    done = subprocess.run(
        [sys.executable, "-c", program, *names],
        env=os.environ | {"COLUMNS": "200", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_the_help_of_every_command_shows_what_to_type(helps: dict[str, str]) -> None:
    for name, text in helps.items():
        assert "For example:" in text, name
        assert f"muniment {name}".strip() in text.partition("For example:")[2], name


def test_the_help_names_every_command(helps: dict[str, str]) -> None:
    for name in (*COMMANDS, "quarantine", "contract", "backup", "branch", "release"):
        assert f" {name} " in helps[""]


def test_a_port_that_is_taken_is_refused(fresh: Installation) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"Port {port}" in refusal(fresh.muniment("ui", "--port", port, check=False))
