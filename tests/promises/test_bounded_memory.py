"""Promise 8: peak memory does not grow with the size of the window.

Each measurement is a process of its own that publishes a window through the stages, or does one step to a lake that has
such windows, and tells the most memory that it ever held. What is several times as large may cost a fixed allowance
more, and no more: batches have a size, and a small window does not fill them.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.settings import PROJECT
from tests.lakes_of_size import STEPS

ALLOWANCE_MB = 150

RECORDS = """
from tests.windows_of_size import peak_of_records
peak_of_records({folder!r}, {size}, {url!r})
"""
STEP = """
from tests.lakes_of_size import peak_of
peak_of({step!r}, {{folder!r}}, {{size}}, {{url!r}})
"""
DOCUMENTS = """
from tests.windows_of_size import peak_of_documents
peak_of_documents({folder!r}, {size}, {url!r})
"""


def peak(program: str, folder: Path, size: int, url: str) -> float:
    """Most memory that the program ever held, in MB."""
    code = program.format(folder=str(folder / str(size)), size=size, url=url)
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["rows"] >= size
    print(f"  {size} → {found['peak_mb']:.0f} MB")
    return float(found["peak_mb"])


def grows(program: str, folder: Path, sizes: tuple[int, int], new_database: Callable[[], str]) -> float:
    """How much more the larger window takes, in MB."""
    small, large = (peak(program, folder, size, new_database()) for size in sizes)
    return large - small


def test_a_window_of_ten_times_the_records_takes_no_more_memory(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    assert grows(RECORDS, tmp_path, (20_000, 200_000), new_database) < ALLOWANCE_MB


def test_a_window_of_five_times_the_documents_takes_no_more_memory(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    assert grows(DOCUMENTS, tmp_path, (200, 1_000), new_database) < ALLOWANCE_MB


def test_nothing_that_is_done_to_a_lake_of_five_times_the_rows_takes_more_memory(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    growth = {step: grows(STEP.format(step=step), tmp_path, (20_000, 100_000), new_database) for step in STEPS}
    assert {step: more for step, more in growth.items() if more >= ALLOWANCE_MB} == {}


@pytest.mark.attack
@pytest.mark.timeout(0)
def test_a_window_of_a_million_records_takes_no_more_memory(tmp_path: Path, new_database: Callable[[], str]) -> None:
    assert grows(RECORDS, tmp_path, (100_000, 1_000_000), new_database) < 2 * ALLOWANCE_MB
