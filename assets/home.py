"""The folder of the installation's Dagster instance: its configuration, and the code location that the web UI loads.

A file that is there already is never touched: it is the user's to change.
"""

import os
from pathlib import Path

from muniment.settings import Settings

LOCATION = "muniment"
MODULE = "assets.definitions"

_INSTANCE = """\
# Written by Muniment; yours to change.
telemetry:
  enabled: false
nux:
  enabled: false
# A run uses all cores, so runs wait for one another.
concurrency:
  runs:
    max_concurrent_runs: 1
"""
_WORKSPACE = f"""\
# Written by Muniment; yours to change.
load_from:
  - python_module:
      module_name: {MODULE}
      location_name: {LOCATION}
"""


def prepare(settings: Settings) -> Path:
    """The folder, made when absent; Dagster's own programs find it and this installation by the environment."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    for name, text in (("dagster.yaml", _INSTANCE), ("workspace.yaml", _WORKSPACE)):
        if not (home / name).exists():
            draft = home / f"{name}.{os.getpid()}"  # a file that is there must be whole
            draft.write_text(text)
            draft.replace(home / name)
    os.environ |= {
        "DAGSTER_HOME": str(home),
        "MUNIMENT_STATE_DIR": str(settings.state),
        "MUNIMENT_BRANCH": settings.branch,
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
    }
    return home
