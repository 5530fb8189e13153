"""An installation of Muniment as its user has it: a state folder and the command line, in processes of their own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from muniment import windows
from muniment.platform import Platform
from muniment.sample import write_practice
from muniment.sample.truth import Truth
from muniment.settings import PROJECT, load

ASSESSMENTS = "roll_number,assessment_year,municipality,property_class,assessed_value,tax_levy\n"


@dataclass
class Installation:
    """One state folder; `environment` holds the MUNIMENT_* settings that differ from the default. Where dbt's project
    was `parsed` before, the first run need not do it again."""

    state: Path
    environment: dict[str, str] = field(default_factory=dict)
    parsed: Path | None = None

    @property
    def command(self) -> list[str]:
        """The command line of this checkout."""
        return [str(Path(sys.executable).parent / "muniment")]

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment that its processes get."""
        return os.environ | {"MUNIMENT_STATE_DIR": str(self.state)} | self.environment

    @property
    def platform(self) -> Platform:
        """The same installation for calls in this process."""
        names = {name.removeprefix("MUNIMENT_").lower(): value for name, value in self.environment.items()}
        return Platform(load(state_dir=self.state, **names))

    def muniment(self, *arguments: str, check: bool = True, timeout: float = 900) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; with `check`, AssertionError shows what it wrote when it failed."""
        if (
            self.parsed
            and arguments[:1] == ("run",)
            and (self.state / "landing").is_dir()
            and not (self.state / "dbt").exists()
        ):
            shutil.copytree(self.parsed, self.state / "dbt")
        return self._run(self.command, arguments, check, timeout)

    def python(
        self, program: str, *arguments: str, check: bool = True, timeout: float = 900
    ) -> subprocess.CompletedProcess[str]:
        """Run a Python program in its place, such as one that breaks something on purpose before it calls `main`."""
        return self._run([sys.executable, "-c", program], arguments, check, timeout)

    def _run(
        self, command: list[str], arguments: tuple[str, ...], check: bool, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*command, *arguments],
            env=self.variables,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"muniment {' '.join(arguments)} → {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def json(self, *arguments: str, check: bool = True) -> Any:
        """What a command prints with --json."""
        return json.loads(self.muniment(*arguments, "--json", check=check).stdout)

    def lake(self, statement: str, *, vault: bool = False) -> list[dict[str, Any]]:
        """Rows of the lake."""
        found = self.muniment("lake", statement, "--format", "json", *(["--vault"] if vault else []))
        rows: list[dict[str, Any]] = json.loads(found.stdout)
        return rows

    def sql(self, statement: str) -> list[dict[str, Any]]:
        """Rows of the warehouse, as its reader sees them."""
        rows: list[dict[str, Any]] = json.loads(self.muniment("sql", statement, "--format", "json").stdout)
        return rows

    def land_assessment(self, key: str) -> Path:
        """Land a file with one row that belongs to the window `key`."""
        window = windows.parse(key)
        path = self.state / "landing" / "assessments" / f"{window.slug}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{ASSESSMENTS}R-{window.slug},2026,Foxhollow,residential,400000.00,3000.00\n")
        stamp = window.start.timestamp() + 60
        os.utime(path, (stamp, stamp))
        return path

    def write_sample(self, **scale: Any) -> Truth:
        """Write a sample practice into landing and give its truth."""
        landing = self.state / "landing"
        landing.mkdir(parents=True, exist_ok=True)
        return write_practice(landing, **scale)
