"""Fixtures that every room of tests may use: seed, corpus, one PostgreSQL for the session, empty installations."""

import gc
import os
import random
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

# In the environment, so that the processes that share the tests have one seed.
SEED = int(os.environ.setdefault("MUNIMENT_SEED", str(random.SystemRandom().randrange(2**32))))

# Nothing of the developer's own installation may leak into a test; only what says how to test may.
_ABOUT_TESTS = ("MUNIMENT_SEED", "MUNIMENT_CORPUS", "MUNIMENT_HOSTILE", "MUNIMENT_KILLS", "MUNIMENT_POSTGRES_")
for _name in [name for name in os.environ if name.startswith("MUNIMENT_") and not name.startswith(_ABOUT_TESTS)]:
    del os.environ[_name]
os.environ |= {"DAGSTER_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of the many processes compiles the project anew
# Installations with one key hold the same rows, so that tests can compare them.
os.environ["MUNIMENT_PRIVACY_KEY"] = "the key of every installation in these tests"

gc.set_threshold(100_000, 20, 100)  # the libraries of all tests together make objects by the million

from muniment.platform import Platform  # noqa: E402
from muniment.postgres import Dsn, PostgresError, Server  # noqa: E402
from muniment.sample.truth import Truth  # noqa: E402
from muniment.settings import Settings, load  # noqa: E402
from tests.installation import Installation  # noqa: E402


def pytest_report_header() -> str:
    """Any failure can be repeated with its seed."""
    return f"MUNIMENT_SEED={SEED}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One file of those that look at `ran` comes first and makes it, the others after those that do without it: else
    processes would wait for it that have other work. What takes no time comes last, to fill what is left of it."""

    looking = dict.fromkeys(item.path for item in items if "ran" in getattr(item, "fixturenames", ()))
    maker = next(iter(looking), None)
    items.sort(key=lambda item: (item.path != maker, item.path.parent.name == "unit", item.path in looking))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """A random source that follows from the session's seed and the test's name."""
    return random.Random(f"{SEED} {request.node.nodeid}")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Folder of real and hostile input files, which is not part of the project; skips the test where it is absent."""
    folder = Path(os.environ.get("MUNIMENT_CORPUS", Path(__file__).resolve().parents[2] / "shared" / "corpus"))
    if not folder.is_dir():
        pytest.skip(f"no corpus at {folder}: set MUNIMENT_CORPUS to its folder")
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dsn]:
    """One real PostgreSQL for the whole session."""
    server = Server(tmp_path_factory.mktemp("server") / "postgres")
    with server.running() as dsn:
        yield dsn
    server.erase(force=True)


@pytest.fixture
def new_database(server: Dsn) -> Callable[[], str]:
    """Makes an empty database of its own and gives its URL."""
    import psycopg

    def make() -> str:
        name = f"t_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(server.conninfo(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return Dsn(server.host, server.port, server.user, server.password, name).url()

    return make


@pytest.fixture
def new_settings(tmp_path: Path, new_database: Callable[[], str]) -> Callable[..., Settings]:
    """Settings of an empty installation: a state folder and a database of its own."""

    def make(**overrides: object) -> Settings:
        state = tmp_path / f"state-{uuid.uuid4().hex[:6]}"
        return load(**({"state_dir": state, "warehouse_url": new_database()} | overrides))

    return make


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    """An empty installation without a warehouse."""
    return Platform(load(state_dir=tmp_path / "state"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of the tests have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def parsed_dbt(shared: Path) -> Path:
    """dbt's project as a first run leaves it in the state folder, parsed once for all processes of the tests."""
    parsed = Installation(shared / "parsed")
    parsed.python("from assets.definitions import dbt_project; from muniment.settings import load; dbt_project(load())")
    return parsed.state / "dbt"


@pytest.fixture(scope="session")
def new_installation(
    tmp_path_factory: pytest.TempPathFactory, parsed_dbt: Path
) -> Iterator[Callable[..., Installation]]:
    """Makes an installation without anything, with the MUNIMENT_* settings that are given; its first run finds dbt's
    project parsed.

    Its warehouse is erased at the end of the session, because it may lie outside of pytest's folder.
    """
    made: list[Installation] = []

    def make(**environment: str) -> Installation:
        made.append(Installation(tmp_path_factory.mktemp("installation") / "state", environment, parsed_dbt))
        return made[-1]

    yield make
    for installation in made:
        Server(installation.state / "postgres").erase(force=True)


@dataclass(frozen=True)
class Ran:
    """A small practice that went through every stage, for tests that only look."""

    installation: Installation
    truth: Truth
    output: str


@pytest.fixture(scope="session")
def ran(shared: Path, parsed_dbt: Path) -> Iterator[Ran]:
    """Four matters over two windows, run once for all processes of the tests on the embedded default. Do not change
    it."""
    folder, lock = shared / "ran", FileLock(shared / "ran.lock")
    installation, truth, said = (
        Installation(folder / "state", parsed=parsed_dbt),
        folder / "truth.json",
        folder / "said",
    )
    server = Server(installation.state / "postgres")
    with ExitStack() as used:
        with lock:
            if not said.exists():
                installation.write_sample(matters=4, windows=2, scans=False).write(truth)
                said.write_text(installation.muniment("run").stderr)
            used.enter_context(server.running())  # so that each command need not start it
        yield Ran(installation, Truth.read(truth), said.read_text())
    with lock, suppress(PostgresError):
        server.erase()  # refused while another process uses it
        shutil.rmtree(folder)


@pytest.fixture
def fresh(new_installation: Callable[..., Installation]) -> Installation:
    """An installation without anything."""
    return new_installation()
