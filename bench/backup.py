"""What may be lost and how long it takes to be back: a sample practice backed up, verified, restored elsewhere, run.

Each step is the command that an operator gives, in a process of its own, so its start is part of it. Backups go to a
folder, encrypted. Seconds are of this machine; the ratio is that of being back to having run everything the first time.
Prints a table and writes bench/out/backup.json.

    python bench/backup.py [--matters 60] [--windows 8]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from muniment.postgres import Server

OUT = Path(__file__).parent / "out" / "backup.json"
MUNIMENT = str(Path(sys.executable).parent / "muniment")


def timed(environment: dict[str, str], *arguments: str) -> float:
    """Wall seconds of a command; SystemExit with what it said when it fails."""
    began = time.perf_counter()
    done = subprocess.run([MUNIMENT, *arguments], env=os.environ | environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"muniment {' '.join(arguments)} failed:\n{done.stderr}")
    return time.perf_counter() - began


def measure(folder: Path, matters: int, windows: int) -> dict[str, float]:
    """Seconds of each step, in the order in which they happen."""
    place = {"MUNIMENT_STATE_DIR": str(folder / "first"), "MUNIMENT_BACKUP_URI": (folder / "backups").as_uri()}
    key = subprocess.run([MUNIMENT, "backup", "key"], capture_output=True, text=True, check=True).stdout.strip()
    place["MUNIMENT_BACKUP_KEY"] = key
    elsewhere = place | {"MUNIMENT_STATE_DIR": str(folder / "second")}
    timed(place, "sample", "--matters", str(matters), "--windows", str(windows))
    try:
        return {
            "first run": timed(place, "run"),
            "full backup": timed(place, "backup"),
            "incremental backup, nothing new": timed(place, "backup", "--incremental"),
            "verify": timed(place, "backup", "verify"),
            "restore elsewhere": timed(elsewhere, "backup", "restore"),
            "first run after it": timed(elsewhere, "run"),
        }
    finally:
        for state in ("first", "second"):
            Server(folder / state / "postgres").erase(force=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matters", type=int, default=60, help="matters of the practice")
    parser.add_argument("--windows", type=int, default=8, help="windows that they are spread over")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="muniment-bench-") as folder:
        found = measure(Path(folder), asked.matters, asked.windows)
    back = found["restore elsewhere"] + found["first run after it"]
    for step, seconds in found.items():
        print(f"{step:<36}{seconds:>8.1f} s")
    print(f"{'to be back':<36}{back:>8.1f} s, {back / found['first run']:.2f} of the first run")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"seconds": found, "back_of_first_run": back / found["first run"]}, indent=2))


if __name__ == "__main__":
    main()
