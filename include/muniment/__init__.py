"""Muniment: everything the platform can do, as plain functions over files, Arrow tables and connections.

Nothing in this package knows the orchestrator; `assets/` wires it into Dagster.

Importing the package pins one time-zone database for the process and its children: the `tzdata` distribution
rather than the machine's copy, because the two disagree about Alberta (docs/decisions/0003-time.md).
"""

import os
import zoneinfo

__version__ = "0.1.0"

os.environ["PYTHONTZPATH"] = ""
zoneinfo.reset_tzpath(to=())
