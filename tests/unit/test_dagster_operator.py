"""How the Airflow operator behaves when Dagster is slow, down, or ambiguous. The real two are in integration.

A small HTTP server speaks Dagster's answers here, because a real one cannot be told when to lose a reply.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType, SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

ROOT = Path(__file__).resolve().parents[2]
WINDOW = "2026-03-08-06:00"


@dataclass
class Dagster:
    """Answers as Dagster's webserver does, from what a test puts in `runs`, `windows` and `locations`."""

    url: str = ""
    windows: list[str] = field(default_factory=lambda: ["2026-03-08-00:00", WINDOW])
    locations: dict[str, str] = field(default_factory=lambda: {"muniment": ""})
    runs: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    endings: list[str] = field(default_factory=lambda: ["STARTED", "SUCCESS"])
    lost: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The value of the query's one field."""
        name = query.split("Muniment")[1].split("(")[0].split("{")[0].strip().lower()
        self.asked.append(name)
        answer: dict[str, Any] = getattr(self, f"_{name}")(variables)
        return answer

    def add(self, status: str, tags: dict[str, str]) -> str:
        """A run that is there already; returns its id."""
        self.runs.insert(0, {"runId": f"run-{len(self.runs)}", "status": status, "tags": tags})
        return str(self.runs[0]["runId"])

    def _jobs(self, _: dict[str, Any]) -> dict[str, Any]:
        good = {"repositories": [{"name": "__repository__", "jobs": [{"name": "windows"}]}]}
        entries = [
            {"name": name, "locationOrLoadError": {"message": problem} if problem else good}
            for name, problem in self.locations.items()
        ]
        return {"__typename": "Workspace", "locationEntries": entries}

    def _windows(self, _: dict[str, Any]) -> dict[str, Any]:
        keys = {"__typename": "PartitionKeys", "partitionKeys": self.windows}
        return {"__typename": "Pipeline", "partitionKeysOrError": keys}

    def _runs(self, variables: dict[str, Any]) -> dict[str, Any]:
        mine = [run for run in self.runs if run["tags"].get("muniment/airflow_run") == variables["task"]][:1]
        results = [run | {"tags": [{"key": k, "value": v} for k, v in run["tags"].items()]} for run in mine]
        return {"__typename": "Runs", "results": results}

    def _launch(self, variables: dict[str, Any]) -> dict[str, Any]:
        tags = {tag["key"]: tag["value"] for tag in variables["params"]["executionMetadata"]["tags"]}
        return {"__typename": "LaunchRunSuccess", "run": {"runId": self.add("STARTING", tags)}}

    def _progress(self, variables: dict[str, Any]) -> dict[str, Any]:
        run = next(run for run in self.runs if run["runId"] == variables["run"])
        if run["status"] not in {"SUCCESS", "FAILURE", "CANCELED"}:
            run["status"] = self.endings.pop(0)
        return {"__typename": "Run", "status": run["status"], "stepStats": []}

    def _events(self, variables: dict[str, Any]) -> dict[str, Any]:
        at = int(variables["after"] or 0)
        more = at + 1 < len(self.events)
        page = {"events": self.events[at : at + 1], "cursor": str(at + 1), "hasMore": more}
        return {"__typename": "Run", "eventConnection": page}

    def _terminate(self, variables: dict[str, Any]) -> dict[str, Any]:
        next(run for run in self.runs if run["runId"] == variables["run"])["status"] = "CANCELED"
        return {"__typename": "TerminateRunSuccess"}


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The plugin as Airflow sees it, without Airflow's settings or database being touched."""
    if importlib.util.find_spec("airflow") is None:
        pytest.skip("Airflow is not installed: pip install 'muniment[airflow]'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("_AIRFLOW__AS_LIBRARY", "1")
        patch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.syspath_prepend(str(ROOT / "plugins"))
        patch.syspath_prepend(str(ROOT / "dags"))
        yield importlib.import_module("muniment_dagster")
        for name in ("muniment_dagster", "muniment_windows"):
            sys.modules.pop(name, None)


@pytest.fixture
def dagster() -> Iterator[Dagster]:
    """A server that loses the reply to each operation named in `lost`, once for each mention."""
    state = Dagster()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.headers = dict(self.headers)
            answer = state.answer(body["query"], body["variables"])
            if state.asked[-1] in state.lost:
                state.lost.remove(state.asked[-1])
                self.close_connection = True
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"data": {"field": answer}}).encode())

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def context(*, clear_number: int = 0, start: datetime | None = None, end: datetime | None = None) -> dict[str, Any]:
    """What Airflow passes to `execute`, as far as the operator reads it."""
    ti = SimpleNamespace(dag_id="muniment_windows", run_id="scheduled__1", task_id="run_window", map_index=-1)
    dag_run = SimpleNamespace(run_after=datetime(2026, 3, 8, 18, tzinfo=UTC), clear_number=clear_number)
    return {"ti": ti, "dag_run": dag_run, "data_interval_start": start, "data_interval_end": end}


@pytest.fixture
def operator(plugin: ModuleType, dagster: Dagster, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The operator for WINDOW, pointed at the server, impatient."""
    monkeypatch.setattr(plugin, "find_client", lambda conn_id: plugin.DagsterClient(dagster.url))
    monkeypatch.setattr(plugin, "_FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr("airflow.sdk.bases.operator.ExecutorSafeguard.test_mode", True)
    pace = {"poll_seconds": 0.02, "patience_seconds": 1}
    return plugin.MunimentWindowOperator(task_id="run_window", window=WINDOW, **pace)


def test_a_window_is_launched_once_and_awaited(operator: Any, dagster: Dagster) -> None:
    assert operator.execute(context()) == "run-0"
    assert dagster.asked.count("launch") == 1
    assert dagster.runs[0]["tags"]["dagster/partition"] == WINDOW
    assert dagster.runs[0]["status"] == "SUCCESS"


def test_the_task_page_links_to_the_run(plugin: ModuleType, operator: Any, dagster: Dagster) -> None:
    link = plugin.DagsterRunLink()
    assert link.get_link(operator, ti_key=None) == ""
    operator.execute(context())
    assert link.get_link(operator, ti_key=None) == f"{dagster.url}/runs/run-0"


def test_a_launch_whose_reply_is_lost_is_found_and_not_repeated(operator: Any, dagster: Dagster) -> None:
    dagster.lost = ["launch"]
    assert operator.execute(context()) == "run-0"
    assert dagster.asked.count("launch") == 1


def test_a_launch_that_never_arrived_is_left_to_the_next_attempt(
    plugin: ModuleType, operator: Any, dagster: Dagster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> str:
        raise plugin.DagsterUnreachable("cut")

    with monkeypatch.context() as cut:
        cut.setattr(plugin.DagsterClient, "launch", unreachable)
        with pytest.raises(plugin.DagsterUnreachable, match="left no run"):
            operator.execute(context())
    assert operator.execute(context()) == "run-0"
    assert len(dagster.runs) == 1


@pytest.mark.parametrize("status", ["QUEUED", "STARTED", "SUCCESS"])
def test_a_retry_takes_up_the_run_of_the_earlier_attempt(
    plugin: ModuleType, operator: Any, dagster: Dagster, status: str
) -> None:
    earlier = dagster.add(status, plugin.stamps(context()))
    assert operator.execute(context()) == earlier
    assert "launch" not in dagster.asked


@pytest.mark.parametrize("status", ["FAILURE", "CANCELED"])
def test_a_retry_after_a_failed_run_launches_another(
    plugin: ModuleType, operator: Any, dagster: Dagster, status: str
) -> None:
    earlier = dagster.add(status, plugin.stamps(context()))
    assert operator.execute(context()) != earlier


def test_clearing_a_task_that_succeeded_runs_the_window_again(
    plugin: ModuleType, operator: Any, dagster: Dagster
) -> None:
    earlier = dagster.add("SUCCESS", plugin.stamps(context()))
    assert operator.execute(context(clear_number=1)) != earlier


def test_clearing_a_task_whose_run_still_goes_on_waits_for_that_run(
    plugin: ModuleType, operator: Any, dagster: Dagster
) -> None:
    earlier = dagster.add("STARTED", plugin.stamps(context()))
    assert operator.execute(context(clear_number=1)) == earlier


def test_a_short_silence_of_dagster_is_waited_out(operator: Any, dagster: Dagster) -> None:
    dagster.endings = ["STARTED"] * 4 + ["SUCCESS"]
    dagster.lost = ["progress", "progress", "runs", "windows"]
    assert operator.execute(context()) == "run-0"


def test_a_long_silence_fails_the_attempt_and_leaves_the_run_alone(
    plugin: ModuleType, operator: Any, dagster: Dagster
) -> None:
    operator.patience_seconds = 0.1
    dagster.lost = ["progress"] * 1000
    dagster.endings = ["STARTED"] * 1000
    with pytest.raises(plugin.DagsterUnreachable, match="does not answer"):
        operator.execute(context())
    assert dagster.runs[0]["status"] == "STARTED"


@pytest.mark.parametrize("key", ["2026-03-08-07:00", "2026-03-08-12:00", "yesterday"])
def test_a_window_that_dagster_does_not_know_is_refused(
    plugin: ModuleType, operator: Any, dagster: Dagster, key: str
) -> None:
    operator.window = key
    with pytest.raises(plugin.DagsterRefused, match=rf"{key}\. Its windows run .* to {WINDOW}"):
        operator.execute(context())
    assert not dagster.runs


def test_a_failed_run_is_told_with_its_steps_and_its_page(plugin: ModuleType, operator: Any, dagster: Dagster) -> None:
    def step(key: str, cause: str) -> dict[str, Any]:
        error = {"message": "Error occurred", "errorChain": [{"error": {"message": cause}}]}
        return {"__typename": "ExecutionStepFailureEvent", "stepKey": key, "message": "", "error": error}

    dagster.endings = ["FAILURE"]
    dagster.events = [
        {"__typename": "LogsCapturedEvent", "message": ""},
        step("documents", "ValueError: gate\n"),
        step("records", "OSError: disk"),
        {"__typename": "RunFailureEvent", "message": "Steps failed", "error": None},
    ]
    with pytest.raises(plugin.AirflowException) as failure:
        operator.execute(context())
    assert str(failure.value).splitlines() == [
        f"Window {WINDOW} ended as FAILURE: {dagster.url}/runs/run-0",
        "  documents: ValueError: gate",
        "  records: OSError: disk",
    ]


def test_a_run_that_fails_before_any_step_is_told_with_its_reason(
    plugin: ModuleType, operator: Any, dagster: Dagster
) -> None:
    dagster.endings = ["FAILURE"]
    dagster.events = [{"__typename": "RunFailureEvent", "message": "the code server is gone", "error": None}]
    with pytest.raises(plugin.AirflowException, match="the code server is gone"):
        operator.execute(context())


def test_a_cancelled_run_fails_the_task(plugin: ModuleType, operator: Any, dagster: Dagster) -> None:
    dagster.endings = ["CANCELED"]
    with pytest.raises(plugin.AirflowException, match="ended as CANCELED"):
        operator.execute(context())


def test_stopping_the_task_stops_the_run(plugin: ModuleType, operator: Any, dagster: Dagster) -> None:
    ask = dagster._progress

    def stop_at_first_look(variables: dict[str, Any]) -> dict[str, Any]:
        operator.on_kill()
        return ask(variables)

    dagster._progress = stop_at_first_look  # type: ignore[method-assign]
    with pytest.raises(plugin.AirflowException, match="ended as CANCELED"):
        operator.execute(context())


def test_stopping_the_task_while_it_launches_stops_the_run_too(
    plugin: ModuleType, operator: Any, dagster: Dagster
) -> None:
    launch = dagster._launch

    def stop_before_the_reply(variables: dict[str, Any]) -> dict[str, Any]:
        operator.on_kill()
        return launch(variables)

    dagster._launch = stop_before_the_reply  # type: ignore[method-assign]
    with pytest.raises(plugin.AirflowException, match="ended as CANCELED"):
        operator.execute(context())


def test_a_job_in_two_code_locations_needs_a_name(plugin: ModuleType, operator: Any, dagster: Dagster) -> None:
    dagster.locations = {"muniment": "", "copy": ""}
    with pytest.raises(plugin.DagsterRefused, match="copy, muniment"):
        operator.execute(context())
    operator.location = "muniment"
    assert operator.execute(context()) == "run-0"


def test_a_code_location_that_does_not_load_is_named_with_its_error(
    plugin: ModuleType, operator: Any, dagster: Dagster
) -> None:
    dagster.locations = {"muniment": "SyntaxError: line 3"}
    with pytest.raises(plugin.DagsterRefused, match=r"muniment \(does not load: SyntaxError: line 3\)"):
        operator.execute(context())


def test_the_window_is_the_data_interval_where_none_is_named(plugin: ModuleType) -> None:
    zone = ZoneInfo("America/Edmonton")
    start, end = (datetime(2025, 11, 2, hour, tzinfo=zone).astimezone(UTC) for hour in (0, 6))
    assert plugin.window_key(context(start=start, end=end)) == "2025-11-02-00:00"


@pytest.mark.parametrize("instant", [None, datetime(2026, 3, 8, 12, tzinfo=UTC)])
def test_a_run_without_schedule_must_name_its_window(plugin: ModuleType, instant: datetime | None) -> None:
    with pytest.raises(plugin.AirflowFailException, match="name the window"):
        plugin.window_key(context(start=instant, end=instant))


@pytest.mark.parametrize(
    ("connection", "url", "auth"),
    [
        ("http://dagster:3000", "http://dagster:3000", None),
        ("https://dagster", "https://dagster", None),
        ("http://dagster:443/https", "https://dagster:443", None),
        ("http://clerk:s3cret@dagster:3000", "http://dagster:3000", ("clerk", "s3cret")),
    ],
)
def test_dagster_is_found_by_the_airflow_connection(
    plugin: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    connection: str,
    url: str,
    auth: tuple[str, str] | None,
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_MUNIMENT_DAGSTER", connection)
    monkeypatch.setenv("MUNIMENT_DAGSTER_URL", "http://elsewhere:1")
    client = plugin.find_client("muniment_dagster")
    assert (client.url, client.auth) == (url, auth)


def test_a_token_in_the_connections_extra_is_sent_as_header(plugin: ModuleType, dagster: Dagster) -> None:
    client = plugin.DagsterClient(dagster.url, headers={"X-Token": "letmein"})
    client.job("windows")
    assert dagster.headers["X-Token"] == "letmein"


def test_without_connection_the_variable_says_where_dagster_is(
    plugin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(conn_id: str) -> None:
        raise plugin.AirflowNotFoundException(conn_id)

    monkeypatch.setattr(plugin.BaseHook, "get_connection", absent)
    monkeypatch.setenv("MUNIMENT_DAGSTER_URL", "http://localhost:3000/")
    assert plugin.find_client("muniment_dagster").url == "http://localhost:3000"
    monkeypatch.delenv("MUNIMENT_DAGSTER_URL")
    with pytest.raises(plugin.AirflowFailException, match="Where is Dagster"):
        plugin.find_client("muniment_dagster")


@pytest.mark.parametrize(("status", "refusal"), [(503, "DagsterUnreachable"), (404, "DagsterRefused")])
def test_an_answer_that_is_not_dagsters_is_shown(plugin: ModuleType, status: int, refusal: str) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"<html>proxy</html>")

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        client = plugin.DagsterClient(f"http://127.0.0.1:{server.server_address[1]}")
        with pytest.raises(getattr(plugin, refusal), match=f"HTTP {status}.*proxy"):
            client.job("windows")
        server.shutdown()


def test_a_clock_that_disagrees_with_the_pinned_database_is_refused(plugin: ModuleType) -> None:
    dag = importlib.import_module("muniment_windows")
    start = datetime(2025, 1, 1, tzinfo=UTC)
    with pytest.raises(plugin.AirflowException, match="PYTHONTZPATH"):
        dag.check_clock(ZoneInfo("America/Regina"), start)


def test_the_pinned_clock_is_accepted(plugin: ModuleType) -> None:
    dag = importlib.import_module("muniment_windows")
    with importlib.resources.files("tzdata").joinpath("zoneinfo/America/Edmonton").open("rb") as rules:
        dag.check_clock(ZoneInfo.from_file(rules), datetime(2025, 1, 1, tzinfo=UTC))


def test_neither_plugin_nor_dag_imports_muniment_or_dagster() -> None:
    for path in (ROOT / "plugins" / "muniment_dagster.py", ROOT / "dags" / "muniment_windows.py"):
        imports = re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(), re.MULTILINE)
        assert not {"muniment", "dagster", "assets"} & set(imports), path
