"""Airflow's view of Dagster: the operator that launches a window's run and awaits it, and its client.

What a run does belongs to Muniment's own environment, and when one starts belongs to `dags/`. This module
imports neither Muniment nor Dagster: it knows Dagster by its GraphQL API alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import requests
from airflow.sdk import BaseHook, BaseOperator, BaseOperatorLink
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowNotFoundException

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.types import TaskInstanceKey

TIMEZONE = "America/Edmonton"
KEY_FORMAT = "%Y-%m-%d-%H:%M"
PARTITION_TAG = "dagster/partition"
TASK_TAG = "muniment/airflow_run"
ROUND_TAG = "muniment/airflow_round"
URL_VARIABLE = "MUNIMENT_DAGSTER_URL"
FINISHED = frozenset({"SUCCESS", "FAILURE", "CANCELED"})

_REQUEST_SECONDS = 60
_FIRST_PAUSE_SECONDS = 0.5
_EVENTS_PER_PAGE = 1000

_Answer = TypeVar("_Answer")

_JOBS = """
query MunimentJobs { workspaceOrError { __typename
  ... on Workspace { locationEntries { name locationOrLoadError { __typename
    ... on RepositoryLocation { repositories { name jobs { name } } }
    ... on Error { message } } } }
  ... on Error { message } } }
"""
_WINDOWS = """
query MunimentWindows($job: PipelineSelector!) { pipelineOrError(params: $job) { __typename
  ... on Pipeline { partitionKeysOrError { __typename
    ... on PartitionKeys { partitionKeys } } }
  ... on Error { message } } }
"""
_RUNS = """
query MunimentRuns($task: String!) {
  runsOrError(filter: {tags: [{key: "muniment/airflow_run", value: $task}]}, limit: 1) { __typename
    ... on Runs { results { runId status tags { key value } } }
    ... on Error { message } } }
"""
_LAUNCH = """
mutation MunimentLaunch($params: ExecutionParams!) { launchRun(executionParams: $params) { __typename
  ... on LaunchRunSuccess { run { runId } }
  ... on RunConfigValidationInvalid { errors { message } }
  ... on Error { message } } }
"""
_PROGRESS = """
query MunimentProgress($run: ID!) { runOrError(runId: $run) { __typename
  ... on Run { status stepStats { stepKey status } }
  ... on Error { message } } }
"""
_EVENTS = """
query MunimentEvents($run: ID!, $after: String, $limit: Int!) { runOrError(runId: $run) { __typename
  ... on Run { eventConnection(afterCursor: $after, limit: $limit) { cursor hasMore events { __typename
    ... on MessageEvent { message }
    ... on StepEvent { stepKey }
    ... on ErrorEvent { error { message errorChain { error { message } } } } } } }
  ... on Error { message } } }
"""
_TERMINATE = """
mutation MunimentTerminate($run: String!) { terminateRun(runId: $run) { __typename
  ... on TerminateRunFailure { message }
  ... on Error { message } } }
"""


class DagsterUnreachable(AirflowException):
    """No answer from Dagster: it is down, restarting, or the way to it is cut."""


class DagsterRefused(AirflowException):
    """Dagster answered, and the answer is no."""


@dataclass(frozen=True)
class Job:
    """Where a job lives in Dagster's workspace."""

    location: str
    repository: str
    name: str

    @property
    def selector(self) -> dict[str, str]:
        """The job as GraphQL names it."""
        return {
            "repositoryLocationName": self.location,
            "repositoryName": self.repository,
            "pipelineName": self.name,
        }


@dataclass(frozen=True)
class Run:
    """One run in Dagster, as far as Airflow cares."""

    id: str
    status: str
    tags: dict[str, str]


@dataclass(frozen=True)
class Progress:
    """A run's status, and the status of each step that has begun."""

    status: str
    steps: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """One line for the task's log."""
        done = sum(status == "SUCCESS" for status in self.steps.values())
        parts = [f"steps done: {done}"]
        for status, word in (("IN_PROGRESS", "running"), ("FAILURE", "failed")):
            if keys := [key for key, state in self.steps.items() if state == status]:
                parts.append(f"{word}: {', '.join(keys)}")
        return f"{self.status}, {'; '.join(parts)}"


@dataclass(frozen=True)
class DagsterClient:
    """Questions to one Dagster webserver; each raises DagsterUnreachable or DagsterRefused."""

    url: str
    auth: tuple[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def run_url(self, run_id: str) -> str:
        """The page on which a person follows the run."""
        return f"{self.url}/runs/{run_id}"

    def job(self, name: str, location: str | None = None) -> Job:
        """The job called `name`; without `location` there must be exactly one in the workspace."""
        entries = self._ask(_JOBS, "Workspace")["locationEntries"]
        places = [entry for entry in entries if location in (None, entry["name"])]
        found = [job for entry in places for job in _jobs_in(entry) if job.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(sorted(job.location for job in found))
            raise DagsterRefused(
                f"Several code locations at {self.url} have a job {name!r}: {names}. Name one: `location`."
            )
        seen = "; ".join(_describe(entry) for entry in entries) or "none at all"
        wanted = f" in code location {location!r}" if location else ""
        raise DagsterRefused(f"Dagster at {self.url} has no job {name!r}{wanted}. Code locations: {seen}.")

    def windows(self, job: Job) -> list[str]:
        """Keys of all windows of the job that have ended by Dagster's clock, oldest first."""
        answer = self._ask(_WINDOWS, "Pipeline", job=job.selector)["partitionKeysOrError"]
        keys: list[str] = _expect(answer, "PartitionKeys")["partitionKeys"]
        return keys

    def latest(self, task: str) -> Run | None:
        """The newest run stamped with `task`, or None."""
        for run in self._ask(_RUNS, "Runs", task=task)["results"]:
            return Run(run["runId"], run["status"], {tag["key"]: tag["value"] for tag in run["tags"]})
        return None

    def launch(self, job: Job, tags: dict[str, str]) -> str:
        """Launch the job and return the run's id. Never repeat it blindly: a lost answer may hide a run."""
        metadata = {"tags": [{"key": key, "value": value} for key, value in tags.items()]}
        params = {"selector": job.selector, "executionMetadata": metadata}
        run_id: str = self._ask(_LAUNCH, "LaunchRunSuccess", params=params)["run"]["runId"]
        return run_id

    def progress(self, run_id: str) -> Progress:
        """How far the run is."""
        run = self._ask(_PROGRESS, "Run", run=run_id)
        return Progress(run["status"], {step["stepKey"]: step["status"] for step in run["stepStats"]})

    def failures(self, run_id: str) -> list[str]:
        """One line for each failed step, `step: message`; where no step failed, why the run did."""
        events = list(self._events(run_id))
        steps = [event for event in events if event["__typename"] == "ExecutionStepFailureEvent"]
        if steps:
            return [f"{event['stepKey']}: {_root_cause(event)}" for event in steps]
        return [_root_cause(event) for event in events if event["__typename"] == "RunFailureEvent"]

    def terminate(self, run_id: str) -> None:
        """Ask Dagster to stop the run; its steps are interrupted, not killed."""
        self._ask(_TERMINATE, "TerminateRunSuccess", run=run_id)

    def _events(self, run_id: str) -> Iterator[dict[str, Any]]:
        after, more = None, True
        while more:
            run = self._ask(_EVENTS, "Run", run=run_id, after=after, limit=_EVENTS_PER_PAGE)
            page = run["eventConnection"]
            yield from page["events"]
            after, more = page["cursor"], page["hasMore"]

    def _ask(self, query: str, wanted: str, **variables: Any) -> dict[str, Any]:
        try:
            response = requests.post(
                f"{self.url}/graphql",
                json={"query": query, "variables": variables},
                auth=self.auth,
                headers=self.headers,
                timeout=_REQUEST_SECONDS,
            )
            answer = response.json()
        except requests.JSONDecodeError:
            raise self._not_dagster(response) from None
        except requests.RequestException as error:
            raise DagsterUnreachable(f"Dagster does not answer at {self.url}: {error}") from error
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), dict):
            raise DagsterRefused(f"Dagster at {self.url} could not read the question: {str(answer)[:500]}")
        return _expect(next(iter(answer["data"].values())), wanted)

    def _not_dagster(self, response: requests.Response) -> AirflowException:
        text = f"{self.url} answered HTTP {response.status_code} and no GraphQL: {response.text[:200]!r}"
        return DagsterUnreachable(text) if response.status_code >= 500 else DagsterRefused(text)


class DagsterRunLink(BaseOperatorLink):
    """The button on Airflow's task page that opens the run in Dagster."""

    name = "Dagster run"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """URL of the run, empty where none was launched."""
        return operator.run_url if isinstance(operator, MunimentWindowOperator) else ""


class MunimentWindowOperator(BaseOperator):
    """Run one window in Dagster, once, and finish as the run finishes.

    :param window: the window's key, such as `2026-03-08-06:00`; empty takes the data interval's (templated)
    :param job_name: the job that runs a window
    :param location: Dagster's code location; needed only where several have the job
    :param conn_id: Airflow connection to Dagster's webserver; without it MUNIMENT_DAGSTER_URL counts
    :param poll_seconds: longest pause between two looks at the run
    :param patience_seconds: how long Dagster may stay unreachable before the attempt fails
    """

    template_fields = ("window",)
    operator_extra_links = (DagsterRunLink(),)
    ui_color = "#d9e7f5"

    def __init__(
        self,
        *,
        window: str = "",
        job_name: str = "windows",
        location: str | None = None,
        conn_id: str = "muniment_dagster",
        poll_seconds: float = 5,
        patience_seconds: float = 300,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.window = window
        self.job_name = job_name
        self.location = location
        self.conn_id = conn_id
        self.poll_seconds = poll_seconds
        self.patience_seconds = patience_seconds
        self.run_url = ""
        self._client: DagsterClient | None = None
        self._run_id: str | None = None
        self._killed = False

    def execute(self, context: Context) -> str:
        """Launch the window's run or find the one launched before, await it, and return its id.

        AirflowException where the run failed or Dagster cannot be reached (the attempt may be retried);
        AirflowFailException where no retry can help.
        """
        window = self.window or window_key(context)
        self._client = client = find_client(self.conn_id)
        self._run_id = run_id = self._ensure_run(client, window, stamps(context))
        self.run_url = client.run_url(run_id)
        if self._killed:
            self.on_kill()
        self.log.info("Window %s is run %s", window, self.run_url)
        self._await(client, window, run_id)
        return run_id

    def on_kill(self) -> None:
        """Stop the run in Dagster when Airflow stops the task (cleared, marked, timed out)."""
        self._killed = True
        if self._client is None or self._run_id is None:
            return
        try:
            self._client.terminate(self._run_id)
            self.log.info("Asked Dagster to stop run %s", self.run_url)
        except AirflowException as error:
            self.log.warning("Could not stop run %s: %s", self.run_url, error)

    def _ensure_run(self, client: DagsterClient, window: str, tags: dict[str, str]) -> str:
        task = tags[TASK_TAG]
        earlier = self._patiently(lambda: client.latest(task))
        if earlier and _still_counts(earlier, tags):
            self.log.info("Run %s was launched by an earlier attempt and is %s", earlier.id, earlier.status)
            return earlier.id
        job = self._patiently(lambda: client.job(self.job_name, self.location))
        if window not in (known := self._patiently(lambda: client.windows(job))):
            raise DagsterRefused(_unknown_window(window, known))
        try:
            return client.launch(job, {PARTITION_TAG: window, **tags})
        except DagsterUnreachable as error:
            self.log.warning("The answer to the launch was lost (%s); looking for the run", error)
        launched = self._patiently(lambda: client.latest(task))
        if launched and _still_counts(launched, tags):
            return launched.id
        raise DagsterUnreachable(f"The launch of window {window} left no run; the next attempt looks again.")

    def _await(self, client: DagsterClient, window: str, run_id: str) -> None:
        seen, pause = None, _FIRST_PAUSE_SECONDS
        while (progress := self._patiently(lambda: client.progress(run_id))).status not in FINISHED:
            if progress != seen:
                self.log.info("Window %s: %s", window, progress)
            seen, pause = progress, min(pause * 2, self.poll_seconds)
            time.sleep(pause)
        self.log.info("Window %s: %s", window, progress)
        if progress.status != "SUCCESS":
            reasons = self._patiently(lambda: client.failures(run_id)) if progress.status == "FAILURE" else []
            headline = f"Window {window} ended as {progress.status}: {self.run_url}"
            raise AirflowException("\n  ".join([headline, *reasons]))

    def _patiently(self, question: Callable[[], _Answer]) -> _Answer:
        deadline, pause = time.monotonic() + self.patience_seconds, _FIRST_PAUSE_SECONDS
        while True:
            try:
                return question()
            except DagsterUnreachable as error:
                if time.monotonic() + pause > deadline:
                    raise
                self.log.warning("%s. Asking again.", error)
            time.sleep(pause)
            pause = min(pause * 2, self.poll_seconds)


def window_key(context: Context) -> str:
    """Key of the window that is the run's data interval; AirflowFailException where the run has none."""
    start, end = context.get("data_interval_start"), context.get("data_interval_end")
    if not isinstance(start, datetime) or start == end:
        raise AirflowFailException(
            'This run has no data interval, so name the window: --conf \'{"window": "2026-03-08-06:00"}\', '
            "or the field `window` of the trigger form."
        )
    return start.astimezone(ZoneInfo(TIMEZONE)).strftime(KEY_FORMAT)


def stamps(context: Context) -> dict[str, str]:
    """Tags by which a later attempt finds the run of an earlier one.

    The first names the task, the second the round: it stays the same over retries and changes when a person
    clears the task or triggers it anew, which asks for a fresh run.
    """
    ti, dag_run = context["ti"], context["dag_run"]
    task = f"{ti.dag_id}/{ti.run_id}/{ti.task_id}/{ti.map_index}"
    return {TASK_TAG: task, ROUND_TAG: f"{dag_run.run_after.isoformat()}/{dag_run.clear_number or 0}"}


def find_client(conn_id: str) -> DagsterClient:
    """A client for the Airflow connection `conn_id`, or else for MUNIMENT_DAGSTER_URL."""
    try:
        connection = BaseHook.get_connection(conn_id)
    except AirflowNotFoundException:
        return _client_from_environment(conn_id)
    host = connection.host or "localhost"
    secure = "https" in (connection.schema, connection.conn_type)
    base = host if "://" in host else f"{'https' if secure else 'http'}://{host}"
    url = f"{base}:{connection.port}" if connection.port else base
    auth = (connection.login, connection.password or "") if connection.login else None
    headers = {key: str(value) for key, value in connection.extra_dejson.items()}
    return DagsterClient(url.rstrip("/"), auth, headers)


def _client_from_environment(conn_id: str) -> DagsterClient:
    if url := os.environ.get(URL_VARIABLE):
        return DagsterClient(url.rstrip("/"))
    raise AirflowFailException(
        f"Where is Dagster? Add an Airflow connection {conn_id!r} of type HTTP with host and port of "
        f"Dagster's webserver, or set {URL_VARIABLE}, such as http://localhost:3000."
    )


def _still_counts(run: Run, tags: dict[str, str]) -> bool:
    if run.status == "SUCCESS":
        return run.tags.get(ROUND_TAG) == tags[ROUND_TAG]
    return run.status not in FINISHED


def _unknown_window(window: str, known: list[str]) -> str:
    span = f"Its windows run from {known[0]} to {known[-1]}" if known else "It has none yet"
    return (
        f"Dagster knows no finished window {window}. {span}. A key is the local start in {TIMEZONE}, such as "
        "2026-03-08-06:00; a window that has just ended appears when Dagster's clock says so."
    )


def _jobs_in(entry: dict[str, Any]) -> Iterator[Job]:
    for repository in (entry["locationOrLoadError"] or {}).get("repositories", []):
        for job in repository["jobs"]:
            yield Job(entry["name"], repository["name"], job["name"])


def _describe(entry: dict[str, Any]) -> str:
    problem = (entry["locationOrLoadError"] or {}).get("message")
    return f"{entry['name']} (does not load: {problem.strip()})" if problem else str(entry["name"])


def _root_cause(event: dict[str, Any]) -> str:
    error = event.get("error")
    if not error:
        return str(event["message"]).strip()
    chain = [error["message"], *(link["error"]["message"] for link in error["errorChain"])]
    return str(chain[-1]).strip()


def _expect(answer: dict[str, Any], wanted: str) -> dict[str, Any]:
    if answer["__typename"] == wanted:
        return answer
    reasons = [error.get("message", "no reason given") for error in answer.get("errors", [answer])]
    raise DagsterRefused(f"Dagster refused ({answer['__typename']}): {'; '.join(reasons)}")
