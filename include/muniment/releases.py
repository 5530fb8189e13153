"""Releases: a name for what all tables held together when a run was through, and for the marts that were built on it.

A release is a record in the log `control.releases`, and a tag on each table's snapshot, which spares it from upkeep.
Tags come before the record and go after it, so no release ever names a snapshot that may go; tags of which there is no
record are what a process left that was killed in between, and the next one removes them. Building marts again from a
release belongs to `stages.rebuild`, reading a table at one to the lake (docs/decisions/0026-releases.md).
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from muniment import marts, warehouse
from muniment.contract import Contract, tables
from muniment.errors import MunimentError
from muniment.evolution import digest
from muniment.lake import Held, Lake, LakeError, Pinned, State
from muniment.lake.log import Log
from muniment.lake.schema import between
from muniment.platform import Platform

if TYPE_CHECKING:
    import psycopg

TAG = "release-"
_ID = re.compile(r"r[0-9]{8}-[0-9]{6}")
_FORM = "r%Y%m%d-%H%M%S"
_DIGITS = 16


class ReleaseError(MunimentError):
    """A release that is not there, or that may not be dropped."""


@dataclass(frozen=True)
class Table:
    """A table in a release. `content` names its windows with what they hold, `schema` is Iceberg's number."""

    snapshot: int
    schema: int
    contract: str
    windows: int
    rows: int
    content: str


@dataclass(frozen=True)
class Release:
    """What all tables held together. `windows` are those in which it differs from the release before."""

    id: str
    run_id: str
    windows: tuple[str, ...]
    changed: tuple[str, ...]
    code: str
    contracts: str
    models: str
    tables: Mapping[str, Table]
    marts: Mapping[str, str]

    @property
    def at(self) -> datetime:
        """When it was cut, to the second, in UTC; after the release before, whatever the clock said."""
        return datetime.strptime(self.id, _FORM).replace(tzinfo=UTC)

    @property
    def tag(self) -> str:
        """What its snapshots are called."""
        return f"{TAG}{self.id}"

    def pinned(self, contract: Contract) -> Pinned:
        """The table at this release; one that it does not name had no rows yet."""
        found = self.tables.get(contract.table)
        return Pinned(found.snapshot if found else None, self.tag)

    @property
    def substance(self) -> object:
        """What makes it another release than one before: not the snapshots, which upkeep replaces by equal ones."""
        held = {name: (one.content, one.schema, one.contract) for name, one in self.tables.items()}
        return held, self.contracts, self.models


@dataclass(frozen=True)
class Cut:
    """The release that was cut, or the reason why none was. Where `again`, no other run will cut what is missing: the
    windows must be run again. `published` tells whether readers have the marts that were built."""

    release: Release | None
    reason: str = ""
    again: bool = False
    published: bool = False


# --- which there are --------------------------------------------------------------------------------------------------


def releases(lake: Lake) -> list[Release]:
    """All releases that were not dropped, the oldest first."""
    return _standing(_notes(lake))


def newest(lake: Lake) -> Release | None:
    """The release that readers see; None before the first."""
    found = releases(lake)
    return found[-1] if found else None


def find(lake: Lake, name: str) -> Release:
    """The release of that id; ReleaseError when there is none."""
    if not _ID.fullmatch(name):
        raise ReleaseError(f"{name!r} is not the id of a release, such as r20260308-180512. See: muniment release list")
    found = releases(lake)
    for release in found:
        if release.id == name:
            return release
    last = f"The newest is {found[-1].id}." if found else "There is none yet: the next run cuts one."
    raise ReleaseError(f"There is no release {name}, or it was dropped. {last} See: muniment release list")


def _notes(lake: Lake) -> list[dict[str, Any]]:
    if not lake.present():
        return []
    with lake.reading("control.releases"):
        return _log(lake).notes()


def _log(lake: Lake) -> Log:
    import pyarrow as pa

    names = ("release", "action", "by", "code", "contracts", "models", "windows", "changed", "tables", "marts")
    return Log(lake.catalog, "releases", pa.schema([pa.field(name, pa.string(), nullable=False) for name in names]))


def _standing(notes: list[dict[str, Any]]) -> list[Release]:
    dropped = {note["release"] for note in notes if note["action"] == "drop"}
    return [_release(note) for note in notes if note["action"] == "cut" and note["release"] not in dropped]


def _release(note: Mapping[str, Any]) -> Release:
    said = {name: json.loads(note[name]) for name in ("windows", "changed", "tables", "marts")}
    return Release(
        id=note["release"],
        run_id=note["by"],
        windows=tuple(said["windows"]),
        changed=tuple(said["changed"]),
        code=note["code"],
        contracts=note["contracts"],
        models=note["models"],
        tables={name: Table(**one) for name, one in said["tables"].items()},
        marts=said["marts"],
    )


# --- cutting one ------------------------------------------------------------------------------------------------------


@contextmanager
def alone(lake: Lake) -> Iterator[None]:
    """Keep every other process from cutting or dropping releases of this lake for the block."""
    with lake.alone("release", beside_branches=True):
        yield


def cut(platform: Platform, connection: "psycopg.Connection[Any]", mine: Collection[str], run_id: str) -> Cut:
    """Cut a release, unless the newest says what there is now. `mine` are the windows of a run that comes to its end.

    None is cut while any other window is on its way: the run that takes that one to its end will cut it. So a release
    holds whole runs only, and so do the marts, which are published with it. The caller is `alone` until it has settled
    its windows.
    """
    lake = platform.lake
    at_rest = _at_rest(platform, connection, mine)
    if isinstance(at_rest, str):
        return Cut(None, f"window {at_rest} is not through: the run that takes it to its end cuts the next release")
    notes = _notes(lake)
    standing = _standing(notes)
    states = _states(lake)
    _sweep(lake, states, standing)
    last = standing[-1] if standing else None
    found = _found(lake, states, last, _next_id(notes), run_id)
    pinned = {contract.table: found.pinned(contract) for contract, _ in states if contract.table in found.changed}
    if behind := _behind(lake, connection, pinned):
        reason = f"the warehouse does not hold what {behind} does: it was written while this run was at work"
        return Cut(None, reason, again=True)
    if void := _published(platform, connection, mine, at_rest):
        return void
    if not _is_new(found, last) and not _is_broken(platform, found, last):
        return Cut(None, f"nothing changed since {last.id}" if last else "no table has a row", published=True)
    found = replace(found, marts=marts.digests(connection))
    for contract, _ in states:
        if one := found.tables.get(contract.table):
            lake.tag(contract, found.tag, one.snapshot)
    if void := _void(platform, connection, mine, at_rest):
        return replace(void, published=True)
    _record(lake, found)
    return Cut(found, published=True)


def _at_rest(
    platform: Platform, connection: "psycopg.Connection[Any]", mine: Collection[str]
) -> "Mapping[str, warehouse.Settlement] | str":
    """How each registered window but `mine` and those retired was settled; the key of one that is not.

    A run takes that note away before it writes and puts another in its place when it is through: whatever was read
    between two equal answers was not being written.
    """
    settled = warehouse.settlements(connection)
    others = {m.window_key: m.digest for m in platform.register.live() if m.window_key not in mine}
    for key, manifest in others.items():
        if key not in settled or settled[key].manifest != manifest:
            return key
    return {key: settled[key] for key in others}


def publish(platform: Platform, connection: "psycopg.Connection[Any]", run_id: str, *, whole: bool) -> Cut:
    """Publish marts that were built by themselves, outside a run of windows; with a release where lake or models are
    such as none names yet, for which the `whole` of the models must have been built. Where that may not be, the next
    run of windows will."""
    if isinstance(key := _at_rest(platform, connection, ()), str):  # most often, and nobody waits for the lock for it
        return Cut(None, f"window {key} is not through")
    lake = platform.lake
    with alone(lake):
        # Of each table, also of those that no release needs to name anew: the warehouse may be another one.
        if table := _behind(lake, connection, {one.table: None for one in warehouse.loadable()}):
            return Cut(None, f"the warehouse does not hold what {table} does")
        last = newest(lake)
        if not whole and _is_new(_found(lake, _states(lake), last, "", run_id), last):
            return Cut(None, "no release names yet what they were built from, and others were not built with them")
        return cut(platform, connection, (), run_id)


def _published(
    platform: Platform,
    connection: "psycopg.Connection[Any]",
    mine: Collection[str],
    at_rest: "Mapping[str, warehouse.Settlement]",
) -> Cut | None:
    """Publish the marts, unless another run has been at work since windows were `at_rest`: they may hold half of it."""
    import psycopg

    void = None
    with connection.transaction() as transaction:
        connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")  # else `_void` would not see another run
        marts.publish(connection)
        if void := _void(platform, connection, mine, at_rest):
            raise psycopg.Rollback(transaction)
    return void


def _void(
    platform: Platform,
    connection: "psycopg.Connection[Any]",
    mine: Collection[str],
    at_rest: "Mapping[str, warehouse.Settlement]",
) -> Cut | None:
    """Why there can be no release: another run has been at work since windows were `at_rest`. One that has not come to
    its end cuts the next; one that has left it to us. A window that was retired meanwhile is no run."""
    now = _at_rest(platform, connection, mine)
    if isinstance(now, str):
        return Cut(None, f"another run has begun on window {now} meanwhile and cuts the next release")
    if any(at_rest.get(key) != settled for key, settled in now.items()):
        return Cut(None, "another run has begun and ended meanwhile", again=True)
    return None


def _is_new(found: Release, last: Release | None) -> bool:
    """Whether a release says anything that the one before it does not."""
    return found.substance != last.substance if last else bool(found.tables)


def _is_broken(platform: Platform, found: Release, last: Release | None) -> bool:
    """Whether a file is gone that the last release names, and whose window was written again with equal content: its
    readers must not stay on it. Files that upkeep replaced are not looked for: they stay as long as a release."""
    if last is None:
        return False
    for contract in tables():
        now, then = found.tables.get(contract.table), last.tables.get(contract.table)
        if now and then and now.snapshot != then.snapshot:
            written = _written_alone(platform.lake.held(contract, Pinned(now.snapshot)))
            former = {held.path for key, held in _held_then(platform.lake, contract, last).items() if key in written}
            root = platform.store.location("")
            if not all(platform.store.exists(path.removeprefix(root)) for path in former - set(written.values())):
                return True
    return False


def _written_alone(held: Mapping[str, Held]) -> dict[str, str]:
    """The files with one window each, as runs write them, by window."""
    many = Counter(one.path for one in held.values())
    return {key: one.path for key, one in held.items() if many[one.path] == 1}


_States = list[tuple[Contract, State]]


def _states(lake: Lake) -> _States:
    """Where each table stands that was ever written."""
    return [(contract, state) for contract in tables() if (state := lake.state(contract))]


def _found(lake: Lake, states: _States, last: Release | None, name: str, run_id: str) -> Release:
    """The release of the tables as they are, yet without marts."""
    named, windows, changed = dict[str, Table](), set[str](), list[str]()
    for contract, state in states:
        if state.snapshot is None:
            continue
        former = last.tables.get(contract.table) if last else None
        if former and former.snapshot == state.snapshot:
            named[contract.table] = replace(former, schema=state.schema, contract=contract.version)
            continue
        held = lake.held(contract, Pinned(state.snapshot))
        rows = sum(one.rows for one in held.values())
        content = _content(held)
        named[contract.table] = Table(state.snapshot, state.schema, contract.version, len(held), rows, content)
        if not former or former.content != content:
            changed.append(contract.table)
            windows |= _differing(held, _held_then(lake, contract, last))
    return Release(
        id=name,
        run_id=run_id,
        windows=tuple(sorted(windows)),
        changed=tuple(changed),
        code=code_version(),
        contracts=_short(digest(contract) for contract in tables()),
        models=marts.fingerprint(),
        tables=named,
        marts={},
    )


def _held_then(lake: Lake, contract: Contract, last: Release | None) -> Mapping[str, Held]:
    if last:
        with suppress(LakeError):  # a snapshot that was removed behind our back is no reason to cut none
            return lake.held(contract, last.pinned(contract))
    return {}


def _differing(one: Mapping[str, Held], other: Mapping[str, Held]) -> set[str]:
    """The windows that two states of a table do not have alike."""
    contents = ({key: held.content_id for key, held in found.items()} for found in (one, other))
    return {key for key, _ in set.symmetric_difference(*(set(found.items()) for found in contents))}


def _content(held: Mapping[str, Held]) -> str:
    return _short(f"{key} {held[key].content_id}" for key in sorted(held))


def _short(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_DIGITS]


def _next_id(notes: list[dict[str, Any]]) -> str:
    """The second in UTC; one after the last id where the clock was put back or two fall into one second."""
    now = datetime.now(UTC)
    if last := max((note["release"] for note in notes), default=""):
        now = max(now, datetime.strptime(last, _FORM).replace(tzinfo=UTC) + timedelta(seconds=1))
    return f"{now:{_FORM}}"


def _behind(lake: Lake, connection: "psycopg.Connection[Any]", moments: "Mapping[str, Pinned | None]") -> str:
    """A table that the warehouse mirrors otherwise than it was at its moment; empty when there is none."""
    loaded = warehouse.ledger(connection)
    for contract in warehouse.loadable():
        if contract.table in moments:
            held = lake.held(contract, moments[contract.table])
            there = {key: one.content_id for key, one in held.items()}
            if there != {key: content for (table, key), content in loaded.items() if table == contract.table}:
                return contract.table
    return ""


def _record(lake: Lake, release: Release) -> None:
    said = {name: json.dumps(getattr(release, name)) for name in ("windows", "changed", "marts")}
    told = json.dumps({name: asdict(one) for name, one in release.tables.items()})
    _note(lake, "cut", release, by=release.run_id, tables=told, **said)


def _note(lake: Lake, action: Literal["cut", "drop"], release: Release, **said: str) -> None:
    """Add a note of a release; of one that is dropped, only what it was."""
    given = {"windows": "[]", "changed": "[]", "tables": "{}", "marts": "{}"} | said
    same = {"code": release.code, "contracts": release.contracts, "models": release.models}
    with lake.reading("control.releases"):
        _log(lake).append(release=release.id, action=action, **same, **given)


@cache
def code_version() -> str:
    """Muniment's version and a digest of the library's source."""
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    code = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    return f"{version('muniment')}+{code[:12]}"


# --- letting them go --------------------------------------------------------------------------------------------------


def drop(lake: Lake, name: str, by: str) -> Release:
    """Forget a release; what only it needs goes with the next upkeep. ReleaseError for the newest: readers see it."""
    with alone(lake):
        release = find(lake, name)
        if release == newest(lake):
            raise ReleaseError(f"{name} is the newest release, which readers see: it stays.")
        _let_go(lake, [release], by)
    return release


@dataclass(frozen=True)
class Policy:
    """How long all releases stay, and how long the last of each week does. The newest always stays.

    A table's metadata names every snapshot and tag and is written anew by every commit, so a commit takes as long as
    there are many.
    """

    every: timedelta
    weekly: timedelta

    def gone(self, found: Sequence[Release], now: datetime) -> list[Release]:
        """Those releases, the oldest first, that need not stay."""
        last_of_week = {release.at.isocalendar()[:2]: release.id for release in found}
        kept = {release.id for release in found if release.at >= now - self.every} | {one.id for one in found[-1:]}
        kept |= {one.id for one in found if one.at >= now - self.weekly and one.id in last_of_week.values()}
        return [release for release in found if release.id not in kept]


def retire(lake: Lake, policy: Policy, now: datetime, by: str, *, dry: bool = False) -> list[Release]:
    """Drop the releases that need not stay at the aware instant `now`; with `dry`, only tell which."""
    if dry or not lake.present():
        return policy.gone(releases(lake), now)
    with alone(lake):
        if gone := policy.gone(releases(lake), now):
            _let_go(lake, gone, by)
        with lake.reading("control.releases"):
            _log(lake).tidy()
    return gone


def _let_go(lake: Lake, gone: Collection[Release], by: str) -> None:
    """First the notes, then the tags: killed in between, the next sweep removes what is left."""
    for release in gone:
        _note(lake, "drop", release, by=by)
    _sweep(lake, _states(lake), releases(lake))


def _sweep(lake: Lake, states: _States, standing: Collection[Release]) -> None:
    """Remove the tags of releases of which there is no record."""
    named = {release.tag for release in standing}
    for contract, state in states:
        if gone := [name for name in state.tags if name.startswith(TAG) and name not in named]:
            lake.untag(contract, gone)


# --- comparing two ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """A window of a table that two releases do not have alike: its rows in each."""

    window: str
    change: Literal["added", "removed", "replaced"]
    rows_before: int
    rows_after: int


@dataclass(frozen=True)
class Difference:
    """What a table has otherwise in a later release: steps of its schema, and windows."""

    table: str
    schema: tuple[str, ...]
    rows_before: int
    rows_after: int
    windows: tuple[Window, ...]


def diff(lake: Lake, before: Release, after: Release) -> list[Difference]:
    """What one release has otherwise than another, by table. No row is read: windows are told by their content."""
    found = (_difference(lake, contract, before, after) for contract in tables())
    return [one for one in found if one.schema or one.windows]


def _difference(lake: Lake, contract: Contract, before: Release, after: Release) -> Difference:
    old, new = before.tables.get(contract.table), after.tables.get(contract.table)
    windows = tuple[Window, ...]()
    if (old and old.content) != (new and new.content):
        windows = tuple(_windows(*(lake.held(contract, release.pinned(contract)) for release in (before, after))))
    schema = tuple[str, ...]()
    if old and new and old.schema != new.schema:
        with lake.reading(contract.table):
            schema = tuple(map(str, between(lake.catalog.load_table(contract.table), old.schema, new.schema)))
    return Difference(contract.table, schema, old.rows if old else 0, new.rows if new else 0, windows)


def _windows(old: Mapping[str, Held], new: Mapping[str, Held]) -> Iterator[Window]:
    for key in sorted(_differing(old, new)):
        change: Literal["added", "removed", "replaced"] = (
            "added" if key not in old else "removed" if key not in new else "replaced"
        )
        yield Window(key, change, old[key].rows if key in old else 0, new[key].rows if key in new else 0)
