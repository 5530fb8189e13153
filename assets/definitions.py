"""All of Dagster's definitions. `build_defs` serves the web UI, the daemon, the command line and tests alike."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtProject
from filelock import FileLock

from assets import lake, landing, maintenance, passages, schedule, warehouse
from assets.resources import Dbt, confined_resource, platform_resource, warehouse_resource
from muniment import marts
from muniment.embedding import open_encoder
from muniment.progress import Silent
from muniment.settings import Settings, load

_BIN = str(Path(sys.executable).parent)


def build_defs(settings: Settings, overrides: Mapping[str, object] | None = None) -> dg.Definitions:
    """Definitions for an installation; `overrides` replaces resources by name."""
    project = dbt_project(settings)
    models = warehouse.models(project)
    resources: dict[str, object] = {
        "platform": platform_resource(settings),
        "encoder": open_encoder(settings.embedding_model),
        "reporter": Silent(),
        "confined": confined_resource(settings),
        "dsn": warehouse_resource(settings),
        "dbt": Dbt(project_dir=project),
    }
    return dg.Definitions(
        assets=[
            landing.LANDING,
            landing.register,
            landing.readings,
            lake.documents,
            *lake.RECORDS,
            lake.closing,
            passages.embeddings,
            passages.passages,
            warehouse.mirror,
            models,
            warehouse.finished(models),
            maintenance.upkeep,
            maintenance.lifecycle,
        ],
        jobs=[schedule.windows_job, maintenance.maintenance_job],
        # Nothing starts by itself on a branch: it is somebody's workbench.
        schedules=[schedule.six_hourly, maintenance.nightly] if _is_scheduled(settings) else [],
        resources={**resources, **(overrides or {})},
        executor=dg.in_process_executor,  # also for what is materialised from the web UI, outside the job
    )


def _is_scheduled(settings: Settings) -> bool:
    return settings.scheduler == "dagster" and not settings.branch


def dbt_project(settings: Settings) -> DbtProject:
    """dbt's project with its manifest, parsed once for each state of the project's files."""
    target = settings.own_state / "dbt" / marts.fingerprint()
    target.mkdir(parents=True, exist_ok=True)
    os.environ["DBT_TARGET_PATH"] = str(target)  # else dagster-dbt writes below the project
    os.environ["DBT_LOG_PATH"] = str(settings.own_state / "dbt" / "logs")
    if _BIN not in os.environ.get("PATH", "").split(os.pathsep):  # where dagster-dbt looks for dbt
        os.environ["PATH"] = os.pathsep.join([_BIN, os.environ.get("PATH", "")])
    places = {"project_dir": marts.FOLDER, "profiles_dir": marts.FOLDER, "target_path": target}
    project = DbtProject(**places, target=marts.CANDIDATE)
    with FileLock(target / "prepare.lock"):
        prepared = target / "prepared"  # the manifest may be there in part: dbt can be killed while it writes
        if not prepared.exists():
            Dbt(project_dir=project).cli(["parse", "--quiet"], target_path=target).wait()
            prepared.touch()
    return project


@dg.definitions
def defs() -> dg.Definitions:
    """The entry point: the definitions of the installation that the environment names."""
    return build_defs(load())
