"""The speed of Muniment on the sample practice beside what this machine could do at best, measured in the same run.

Phases, each a `muniment run` in a process of its own on the embedded default: everything new; nothing new; five
documents changed. Then the limit on the same files, passages and rows (`limits`), and the ratio of the two. Machines
differ and are noisy, so the ratio is the result and the seconds are its illustration. Prints a table and writes
bench/out/run.json.

    python bench/run.py [--matters 60] [--windows 8] [--no-scans] [--keep FOLDER]
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import limits
from muniment import warehouse
from muniment.contract import contracts
from muniment.keeping.originals import raw_key
from muniment.sample import write_changes
from tests.installation import Installation

OUT = Path(__file__).parent / "out" / "run.json"
COPIED = ("pages", "fields", "chunks")


class Watch:
    """Wall clock, CPU seconds and peak memory of this process's children, PostgreSQL's included."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._cpu: dict[int, float] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Watch":
        self._began = time.perf_counter()
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.seconds = time.perf_counter() - self._began
        self._done.set()
        self._thread.join()

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds seen while the processes were alive; the last quarter second of each may be missing."""
        return sum(self._cpu.values())

    def _watch(self) -> None:
        while not self._done.wait(0.25):
            memory = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    times, info = process.cpu_times(), process.memory_full_info()
                except psutil.Error:
                    continue
                self._cpu[process.pid] = times.user + times.system
                memory += info.pss
            self.peak_mb = max(self.peak_mb, memory / 2**20)


def phase(installation: Installation) -> dict[str, Any]:
    """One `muniment run` with what it took."""
    with Watch() as watch:
        came = installation.json("run")
    return {
        "seconds": watch.seconds,
        "cpu_seconds": watch.cpu_seconds,
        "peak_mb": watch.peak_mb,
        "stages": came["stages"],
    }


def bare(installation: Installation) -> dict[str, Any]:
    """The limit on what the installation holds: its PDFs, its distinct passages, its largest document tables."""
    platform = installation.platform
    entries = [entry for manifest in platform.register.manifests() for entry in manifest.entries]
    pdfs = [platform.store.path(raw_key(entry.sha256)) for entry in entries if entry.kind == "pdf"]
    texts = {row["chunk_hash"]: row["text"] for row in installation.lake("select chunk_hash, text from chunks")}
    found: dict[str, Any] = {"extraction": limits.extraction(sorted(set(pdfs)))}
    found["forward"] = limits.forward(list(texts.values()))
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        tables = [platform.lake.dataset(contracts()[name]).to_table() for name in COPIED]
        found["copy"] = [limits.copy(connection, table) for table in tables]
    found["seconds"] = sum(part["seconds"] for part in (found["extraction"], found["forward"], *found["copy"]))
    return found


def report(phases: dict[str, Any], limit: dict[str, Any]) -> str:
    """The figures as a table."""
    full = phases["full"]
    stages = {stage["name"]: stage for stage in full["stages"]}
    read, embedded = stages["read documents"], stages["embed passages"]
    lines = [
        f"{'phase':<22}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}",
        *(f"{n:<22}{p['seconds']:>9.1f}{p['cpu_seconds']:>9.1f}{p['peak_mb']:>9.0f}" for n, p in phases.items()),
        f"{'limit':<22}{limit['seconds']:>9.1f}",
        "",
        f"{'stage of the full run':<22}{'s':>9}   counts",
        *(f"{s['name']:<22}{s['seconds']:>9.1f}   {s['counts']}" for s in full["stages"]),
        "",
        _rate("pages/s", read, "pages", limit["extraction"]["pages_per_second"]),
        _rate("chunks/s", embedded, "encoded", limit["forward"]["chunks_per_second"]),
        f"full run / limit      {full['seconds'] / limit['seconds']:8.2f}",
        f"unchanged / full      {phases['unchanged']['seconds'] / full['seconds']:8.3f}",
        f"five changed / full   {phases['five changed']['seconds'] / full['seconds']:8.3f}",
    ]
    return "\n".join(lines)


def _rate(name: str, stage: dict[str, Any], count: str, limit: float) -> str:
    return f"{name:<10}{stage['counts'][count] / stage['seconds']:8.1f}   limit {limit:8.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matters", type=int, default=60, help="matters of the sample practice")
    parser.add_argument("--windows", type=int, default=8, help="windows that it spans")
    parser.add_argument("--no-scans", action="store_true", help="leave out image-only scans")
    parser.add_argument("--keep", type=Path, help="state folder to use and keep; empty at the start")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="muniment-bench-"))
    os.environ["MUNIMENT_POSTGRES_IDLE_SECONDS"] = "60"
    installation = Installation(folder / "state")
    truth = installation.write_sample(matters=asked.matters, windows=asked.windows, scans=not asked.no_scans)
    phases = {"full": phase(installation), "unchanged": phase(installation)}
    write_changes(installation.state / "landing", truth, 5)
    phases["five changed"] = phase(installation)
    limit = bare(installation)
    print(report(phases, limit))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"phases": phases, "limit": limit}, indent=2))
    if not asked.keep:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
