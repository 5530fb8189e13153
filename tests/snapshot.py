"""What Dagster is told, as a text to read: assets with their parents and checks, jobs, schedules.

`python -m tests.snapshot` (`make snapshot`) writes the golden file. A change of it in review is a change of the graph.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph, AssetNode

GOLDEN = Path(__file__).parent / "snapshots" / "definitions.txt"


def describe(definitions: dg.Definitions) -> str:
    """The text of some definitions."""
    graph = definitions.resolve_asset_graph()
    repository = definitions.get_repository_def()
    lines = [
        *(line for node in sorted(graph.asset_nodes, key=lambda n: n.key) for line in _asset(graph, node)),
        *(line for job in _jobs(repository) for line in job),
        *(line for schedule in repository.schedule_defs for line in _schedule(schedule)),
        *(f"sensor {sensor.name}" for sensor in repository.sensor_defs),
    ]
    return "\n".join(lines) + "\n"


def _asset(graph: AssetGraph, node: AssetNode) -> Iterator[str]:
    what = "asset" if node.is_materializable else "external asset"
    policy = node.backfill_policy.policy_type.name.lower() if node.backfill_policy else "no backfill policy"
    when = f"by window, {policy}" if node.partitions_def else "whole"
    yield f"{what} {_name(node.key)} [{node.group_name}] {', '.join(sorted(node.kinds))}; {when}"
    yield from (f"    from {_name(key)}" for key in sorted(node.parent_keys))
    for check in sorted(node.check_keys, key=lambda key: key.name):
        yield f"    check {check.name}{' (blocking)' if graph.get(check).blocking else ''}"


def _jobs(repository: dg.RepositoryDefinition) -> Iterator[list[str]]:
    for job in sorted(repository.get_all_jobs(), key=lambda job: job.name):
        if not job.name.startswith("__"):
            assets = list(job.asset_layer.executable_asset_keys)
            yield [f"job {job.name}: {len(assets)} assets, {job.executor_def.name}"]


def _schedule(schedule: dg.ScheduleDefinition) -> Iterator[str]:
    when = f'at "{schedule.cron_schedule}" {schedule.execution_timezone}'
    yield f"schedule {schedule.name}: job {schedule.job_name} {when}, {schedule.default_status.value.lower()}"


def _name(key: dg.AssetKey) -> str:
    return key.to_user_string()


def main() -> None:
    """Write the golden file."""
    with tempfile.TemporaryDirectory() as state:
        os.environ["MUNIMENT_STATE_DIR"] = state
        from assets.definitions import defs

        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(describe(defs()))


if __name__ == "__main__":
    main()
