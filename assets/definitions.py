"""All of Dagster's definitions. `build_defs` serves the web UI, the daemon, the command line and tests alike."""

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtProject
from filelock import FileLock

from assets import lake, landing, maintenance, passages, schedule, warehouse
from assets.resources import Dbt, confined_resource, warehouse_resource
from muniment.embedding import open_encoder
from muniment.platform import Platform
from muniment.progress import Silent
from muniment.settings import PROJECT, Settings, load

_DBT = PROJECT / "dbt"
_BIN = str(Path(sys.executable).parent)


def build_defs(settings: Settings, overrides: Mapping[str, object] | None = None) -> dg.Definitions:
    """Definitions for an installation; `overrides` replaces resources by name."""
    project = dbt_project(settings)
    marts = warehouse.marts(project)
    resources: dict[str, object] = {
        "platform": Platform(settings),
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
            marts,
            warehouse.settled(marts),
            maintenance.upkeep,
            maintenance.lifecycle,
        ],
        jobs=[schedule.windows_job, maintenance.maintenance_job],
        schedules=[schedule.six_hourly, maintenance.nightly] if settings.scheduler == "dagster" else [],
        resources={**resources, **(overrides or {})},
        executor=dg.in_process_executor,  # also for what is materialised from the web UI, outside the job
    )


def dbt_project(settings: Settings) -> DbtProject:
    """dbt's project with its manifest, parsed once for each state of the project's files."""
    target = settings.state / "dbt" / _fingerprint(_DBT)
    target.mkdir(parents=True, exist_ok=True)
    os.environ["DBT_TARGET_PATH"] = str(target)  # else dagster-dbt writes below the project
    os.environ["DBT_LOG_PATH"] = str(settings.state / "dbt" / "logs")
    if _BIN not in os.environ.get("PATH", "").split(os.pathsep):  # where dagster-dbt looks for dbt
        os.environ["PATH"] = os.pathsep.join([_BIN, os.environ.get("PATH", "")])
    project = DbtProject(project_dir=_DBT, profiles_dir=_DBT, target_path=target)
    with FileLock(target / "prepare.lock"):
        prepared = target / "prepared"  # the manifest may be there in part: dbt can be killed while it writes
        if not prepared.exists():
            Dbt(project_dir=project).cli(["parse", "--quiet"], target_path=target).wait()
            prepared.touch()
    return project


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@dg.definitions
def defs() -> dg.Definitions:
    """The entry point: the definitions of the installation that the environment names."""
    return build_defs(load())
