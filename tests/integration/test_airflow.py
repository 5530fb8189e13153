"""The real Airflow drives the real Dagster: one `airflow dags test` for each promise, and the DAG's parsing.

Where failures are wanted, Dagster serves a tiny definitions file with the same job name, partitions and tags as
Muniment's own; one window goes through Muniment itself. How the operator behaves when replies get lost in other places
is in the unit tests.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests

from muniment import windows
from tests import serving as user_commands
from tests.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
LIMIT_SECONDS = 240

pytestmark = [
    pytest.mark.timeout(LIMIT_SECONDS),
    pytest.mark.skipif(
        importlib.util.find_spec("airflow") is None,
        reason="Airflow is not installed: pip install 'muniment[airflow]'",
    ),
]

DEFINITIONS = """
from pathlib import Path

import dagster as dg

WINDOWS = dg.TimeWindowPartitionsDefinition(
    cron_schedule="0 */6 * * *", timezone="America/Edmonton", start="2025-01-01-00:00", fmt="%Y-%m-%d-%H:%M"
)


@dg.asset(partitions_def=WINDOWS)
def documents() -> None:
    if Path(__file__).with_name("refuse").exists():
        raise ValueError("the gate refused 3 of 10 rows")


defs = dg.Definitions(
    assets=[documents],
    jobs=[dg.define_asset_job("windows", selection=["documents"])],
    executor=dg.in_process_executor,
)
"""
INSTANCE = """
telemetry:
  enabled: false
run_coordinator:
  module: dagster._core.run_coordinator
  class: DefaultRunCoordinator
"""
RUNS = """
query($window: String!) { runsOrError(filter: {tags: [{key: "dagster/partition", value: $window}]}) {
  ... on Runs { results { runId status tags { key value } } } } }
"""
RETRYING_DAG = """
from datetime import timedelta

from airflow.sdk import DAG
from muniment_dagster import MunimentWindowOperator

with DAG("retrying", schedule=None):
    MunimentWindowOperator(
        task_id="run_window",
        window="2026-03-09-00:00",
        patience_seconds=0,
        retries=1,
        retry_delay=timedelta(seconds=1),
    )
"""
PARSE = """
import json
import os

from airflow.dag_processing.dagbag import DagBag
from airflow.timetables.base import TimeRestriction
from airflow.serialization.encoders import coerce_to_core_timetable
from muniment import windows
from muniment_dagster import window_key
from pendulum import instance

def ticks(timetable, first, last):
    earliest, latest = (instance(windows.parse(key).start) for key in (first, last))
    within = TimeRestriction(earliest, latest, catchup=True)
    run = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=within)
    while run:
        start, end = interval = run.data_interval
        key = window_key({"data_interval_start": start, "data_interval_end": end})
        yield [key, start.timestamp(), end.timestamp()]
        run = timetable.next_dagrun_info(last_automated_data_interval=interval, restriction=within)

def expected(first, last):
    return [[w.key, w.start.timestamp(), w.end.timestamp()] for w in windows.between(first, last)]

report = {}
for scheduler in ("airflow", "dagster", ""):
    os.environ["MUNIMENT_SCHEDULER"] = scheduler
    bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    dag = bag.dags["muniment_windows"]
    timetable = coerce_to_core_timetable(dag.timetable)
    errors = list(bag.import_errors.values())
    report[scheduler] = {"errors": errors, "scheduled": timetable.can_be_scheduled}
    if scheduler == "airflow":
        spans = json.loads(os.environ["SPANS"])
        report["ticks"] = [list(ticks(timetable, *span)) for span in spans]
        report["windows"] = [expected(*span) for span in spans]
        report["limits"] = [dag.catchup, dag.max_active_runs, dag.get_task("run_window").retries]
print("REPORT " + json.dumps(report))
"""


def free_port() -> int:
    """A port on the loopback that nobody listens to now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def process(command: list[str], env: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The command in a process group of its own, which is ended whole; its output goes to `folder/log`."""
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            command, cwd=folder, env=env, stdout=log, stderr=log, text=True, start_new_session=True
        )
        try:
            yield running
        finally:
            end_group(running)


def end_group(running: subprocess.Popen[str]) -> None:
    """End a process and all it started: asked first, then killed."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(running.pid, sign)
            running.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return


def quiet_environment(**extra: str) -> dict[str, str]:
    """This environment without Airflow's or Muniment's variables, telemetry off, the pinned time zones."""
    ours = ("AIRFLOW", "_AIRFLOW", "DAGSTER", "MUNIMENT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONTZPATH": "",
        "DO_NOT_TRACK": "1",
        "NO_PROXY": "127.0.0.1",
        **extra,
    }


@dataclass
class Dagster:
    """A running webserver with one code location."""

    url: str
    folder: Path

    def runs(self, window: str) -> list[dict[str, Any]]:
        """Runs of the window, newest first: runId, status, tags."""
        question: dict[str, Any] = {"query": RUNS, "variables": {"window": window}}
        reply = requests.post(f"{self.url}/graphql", json=question, timeout=30)
        runs: list[dict[str, Any]] = reply.json()["data"]["runsOrError"]["results"]
        return [run | {"tags": {tag["key"]: tag["value"] for tag in run["tags"]}} for run in runs]


@pytest.fixture(scope="module")
def dagster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagster]:
    """Dagster's webserver on a free port; it launches runs itself, so no daemon is needed."""
    folder = tmp_path_factory.mktemp("dagster")
    (folder / "definitions.py").write_text(DEFINITIONS)
    (folder / "dagster.yaml").write_text(INSTANCE)
    port = free_port()
    command = [str(BIN / "dagster-webserver"), "-f", "definitions.py", "-h", "127.0.0.1", "-p", str(port)]
    with process(command, quiet_environment(DAGSTER_HOME=str(folder)), folder) as running:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url, running, folder / "log")
        yield Dagster(url, folder)


def wait_until_ready(url: str, running: subprocess.Popen[str], log: Path) -> None:
    """Return when the webserver answers; fail with its log when it ends or takes over two minutes."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and running.poll() is None:
        try:
            if requests.get(f"{url}/server_info", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.3)
    pytest.fail(f"Dagster did not start:\n{log.read_text()[-3000:]}")


@dataclass
class Airflow:
    """An Airflow home of its own with Muniment's DAGs and plugins."""

    home: Path
    env: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """The finished command with its output, ended with its children after LIMIT_SECONDS."""
        running = subprocess.Popen(
            command,
            cwd=self.home,
            env=self.env | extra,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = running.communicate(timeout=LIMIT_SECONDS - 20)
        finally:
            end_group(running)
        return subprocess.CompletedProcess(command, running.returncode, output, "")

    def test_dag(self, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """`airflow dags test` with the arguments."""
        return self.run("airflow", "dags", "test", *arguments, **extra)


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Airflow:
    """Airflow with a migrated SQLite metadata database and no telemetry."""
    home = tmp_path_factory.mktemp("airflow")
    env = quiet_environment(
        AIRFLOW_HOME=str(home),
        AIRFLOW__CORE__DAGS_FOLDER=str(ROOT / "dags"),
        AIRFLOW__CORE__PLUGINS_FOLDER=str(ROOT / "plugins"),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="False",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home / 'airflow.db'}",
        MUNIMENT_AIRFLOW_RETRIES="0",
        PYTHONDONTWRITEBYTECODE="1",
    )
    airflow = Airflow(home, env)
    migrated = airflow.run("airflow", "db", "migrate")
    assert migrated.returncode == 0, migrated.stdout[-3000:]
    return airflow


@pytest.fixture(scope="module")
def parsed(airflow: Airflow) -> dict[str, Any]:
    """What Airflow reads from the DAG file for each scheduler, and its windows beside Muniment's."""
    spans = [
        ("2025-03-07-00:00", "2025-03-11-18:00"),
        ("2025-10-31-00:00", "2025-11-04-18:00"),
        ("2026-03-06-00:00", "2026-03-10-18:00"),
        ("2026-10-30-00:00", "2026-11-03-18:00"),
    ]
    paths = os.pathsep.join([str(ROOT / "plugins"), str(ROOT / "include")])
    extra = {"SPANS": json.dumps(spans), "PYTHONPATH": paths, "MUNIMENT_FIRST_WINDOW": "2025-01-01-00:00"}
    done = airflow.run(sys.executable, "-c", PARSE, **extra)
    assert done.returncode == 0, done.stdout[-3000:]
    report: dict[str, Any] = json.loads(done.stdout.split("REPORT ")[1])
    return report


@pytest.mark.parametrize("scheduler", ["airflow", "dagster", ""])
def test_the_dag_parses_whoever_schedules(parsed: dict[str, Any], scheduler: str) -> None:
    assert parsed[scheduler]["errors"] == []


def test_airflow_schedules_only_where_it_is_the_scheduler(parsed: dict[str, Any]) -> None:
    assert {name: parsed[name]["scheduled"] for name in ("airflow", "dagster", "")} == {
        "airflow": True,
        "dagster": False,
        "": False,
    }


def test_windows_run_one_at_a_time_and_none_is_skipped(parsed: dict[str, Any]) -> None:
    catchup, at_once, retries = parsed["limits"]
    assert (catchup, at_once, retries) == (True, 1, 0)


@pytest.mark.parametrize("span", range(4), ids=["spring 2025", "autumn 2025", "March 2026", "November 2026"])
def test_airflows_windows_are_muniments_where_the_clocks_change(parsed: dict[str, Any], span: int) -> None:
    assert parsed["ticks"][span] == parsed["windows"][span]
    assert len(parsed["ticks"][span]) == 20


def test_a_window_runs_in_dagster_to_its_end(airflow: Airflow, dagster: Dagster) -> None:
    window = windows.parse("2026-03-08-00:00")
    scheduled = {"MUNIMENT_SCHEDULER": "airflow", "MUNIMENT_DAGSTER_URL": dagster.url}
    done = airflow.test_dag("muniment_windows", window.end.isoformat(), **scheduled)
    assert done.returncode == 0, done.stdout[-3000:]
    [run] = dagster.runs(window.key)
    assert run["status"] == "SUCCESS"
    assert run["tags"]["muniment/airflow_run"].startswith("muniment_windows/")
    assert f"{dagster.url}/runs/{run['runId']}" in done.stdout


def test_a_failing_window_fails_the_dag_with_the_steps_message(airflow: Airflow, dagster: Dagster) -> None:
    refuse = dagster.folder / "refuse"
    refuse.touch()
    try:
        conf = json.dumps({"window": "2026-03-08-06:00"})
        done = airflow.test_dag("muniment_windows", "--conf", conf, AIRFLOW_CONN_MUNIMENT_DAGSTER=dagster.url)
    finally:
        refuse.unlink()
    assert done.returncode != 0
    assert "documents: ValueError: the gate refused 3 of 10 rows" in done.stdout
    [run] = dagster.runs("2026-03-08-06:00")
    assert f"ended as FAILURE: {dagster.url}/runs/{run['runId']}" in done.stdout


def test_a_window_goes_through_muniment_itself(
    airflow: Airflow, new_installation: Callable[..., Installation], tmp_path: Path
) -> None:
    window = windows.parse("2026-03-08-00:00")
    installation = new_installation()
    installation.land_assessment(window.key)
    with user_commands.serving(installation, tmp_path / "log", "ui", ready="/server_info") as served:
        scheduled = {"MUNIMENT_SCHEDULER": "airflow", "MUNIMENT_DAGSTER_URL": served.url}
        done = airflow.test_dag("muniment_windows", window.end.isoformat(), **scheduled)
    assert done.returncode == 0, done.stdout[-3000:]
    [found] = installation.json("status")["windows"]
    assert (found["window"], found["published"], found["reconciled"]) == (window.key, 1, True)


@dataclass
class CutWire:
    """A way to Dagster that passes the launch on, loses its reply, and drops one more request."""

    dagster: str
    launches: int = 0
    to_drop: int = 0

    def passes(self, body: bytes) -> bool:
        """Whether the reply to this request may come back."""
        if b"launchRun" in body:
            self.launches += 1
            self.to_drop = 2
        if self.to_drop:
            self.to_drop -= 1
            return False
        return True

    def forward(self, path: str, body: bytes) -> bytes:
        """Dagster's own reply."""
        reply = requests.post(self.dagster + path, body, headers={"Content-Type": "application/json"}, timeout=60)
        return reply.content


@contextmanager
def serving(wire: CutWire) -> Iterator[str]:
    """The wire's own address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = wire.forward(self.path, body)
            if wire.passes(body):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_retry_after_a_lost_connection_does_not_launch_twice(
    airflow: Airflow, dagster: Dagster, tmp_path: Path
) -> None:
    (tmp_path / "retrying.py").write_text(RETRYING_DAG)
    wire = CutWire(dagster.url)
    with serving(wire) as url:
        extra = {"MUNIMENT_DAGSTER_URL": url, "AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path)}
        done = airflow.test_dag("retrying", **extra)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "DagsterUnreachable" in done.stdout
    assert "was launched by an earlier attempt" in done.stdout
    assert wire.launches == 1
    [run] = dagster.runs("2026-03-09-00:00")
    assert run["status"] == "SUCCESS"
