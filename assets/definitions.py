"""All of Dagster's definitions. `build_defs` serves the web UI, the daemon, the command line and tests alike."""

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject
from filelock import FileLock
from muniment.embedding import open_encoder
from muniment.platform import Platform
from muniment.progress import Silent
from muniment.settings import PROJECT, Settings, load

from assets import lake, landing, passages, schedule, warehouse
from assets.resources import warehouse_resource

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
        "dsn": warehouse_resource(settings),
        "dbt": DbtCliResource(project_dir=project),
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
        ],
        jobs=[schedule.windows_job],
        schedules=[schedule.six_hourly] if settings.scheduler == "dagster" else [],
        resources={**resources, **(overrides or {})},
    )


def dbt_project(settings: Settings) -> DbtProject:
    """dbt's project with its manifest, parsed once for each state of the project's files."""
    os.environ.setdefault("DBT_LOG_PATH", str(settings.state / "dbt" / "logs"))
    os.environ["PATH"] = os.pathsep.join([_BIN, os.environ.get("PATH", "")])  # where dagster-dbt looks for dbt
    target = settings.state / "dbt" / _fingerprint(_DBT)
    target.mkdir(parents=True, exist_ok=True)
    project = DbtProject(project_dir=_DBT, profiles_dir=_DBT, target_path=target)
    with FileLock(target / "prepare.lock"):
        if not Path(project.manifest_path).exists():
            project.preparer.prepare(project)
    return project


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


defs = build_defs(load())
