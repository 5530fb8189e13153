"""One erasure from the question to the record: who is meant, what holds them, what the law says, what was done.

The tombstone is written before anything is deleted. Whatever is interrupted after that is gone on with by the next
`muniment forget` or `muniment run`.
"""

import json
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from muniment import warehouse
from muniment.erasure import retention, tombstones
from muniment.erasure.proof import Proof, leftovers
from muniment.erasure.retention import Refusal
from muniment.erasure.scope import Bearer, Scope, Search, known_beside
from muniment.erasure.tombstones import Seals, Tombstone, TombstoneError, Tombstones
from muniment.erasure.traces import SubjectError, Traces, Value, parse
from muniment.erasure.work import Done, carry_out, in_landing
from muniment.errors import MunimentError
from muniment.keeping.holds import Hold, Holds
from muniment.lake.branches import check_unshared
from muniment.platform import Platform
from muniment.warehouse_shape import without_views

if TYPE_CHECKING:
    import psycopg

    from muniment.backup.repository import Repository

_LONGEST_REASON = 500


class ForgettingError(MunimentError):
    """Something that must be done or decided before anybody can be forgotten."""


@dataclass(frozen=True)
class Plan:
    """Who is meant by which values, what holds them, and which rules want it kept. Records give the values `beside` to
    the same person for certain; `names_beside` are tokens of names that they give to the numbers and addresses."""

    traces: Traces
    beside: tuple[Value, ...]
    names_beside: tuple[str, ...]
    scope: Scope
    refusals: tuple[Refusal, ...]
    held: tuple[Hold, ...]
    named_elsewhere: bool

    @property
    def sought(self) -> Traces:
        """What must not be found afterwards: no name where others who bear it stay."""
        return self.traces.beyond_names if self.named_elsewhere else self.traces


def plan(
    platform: Platform, subject: str, also: Iterable[str], matters: Iterable[str], reason: str, today: date
) -> Plan:
    """What forgetting somebody would mean; nothing is changed. SubjectError, RetentionError and ForgettingError say
    what is wrong or must come first."""
    values = [parse(text) for text in (subject, *also)]
    chosen = frozenset(matters)
    _check_reason(reason, Traces(values, platform.tokens))
    check_alone(platform)
    known = known_beside(platform, Traces(values, platform.tokens), chosen)
    if len(known.bearers) > 1 and not chosen:
        raise SubjectError(_several(known.bearers))
    traces = Traces([*values, *known.values], platform.tokens)
    scope = Search(platform, traces, chosen).scope()
    there = scope.named_in.union(*(one.matters for one in known.bearers))
    if wrong := sorted(chosen - there):
        raise SubjectError(
            f"Nothing of that is in matter {', '.join(wrong)}. It is in: {', '.join(sorted(there)) or 'none'}."
        )
    rules = retention.rules(platform.settings.retention_file)
    refusals = tuple(retention.standing_against(platform, scope.matters, rules, today))
    contents = {*scope.objects, *scope.renamed, *scope.cells}
    held = tuple(Holds(platform.lake).on(scope.matters, contents)) if scope else ()
    return Plan(traces, known.values, known.names, scope, refusals, held, bool(chosen))


def _check_reason(reason: str, traces: Traces) -> None:
    if not reason.strip() or len(reason) > _LONGEST_REASON:
        raise ForgettingError(f"Give a reason of at most {_LONGEST_REASON} characters: it is kept in the record.")
    if traces.found_in(reason):
        raise ForgettingError("The reason says who it is, and it is kept: put it in other words.")


def _several(bearers: Sequence[Bearer]) -> str:
    lines = [f"  {at}. in {', '.join(one.matters)}" for at, one in enumerate(bearers, start=1)]
    return "\n".join(
        [
            f"{len(bearers)} people bear that name, told apart by their insurance numbers:",
            *lines,
            "Say which by the matters, --matter NUMBER for each: then the name counts in these only.",
        ]
    )


def check_alone(platform: Platform) -> None:
    """LakeError while branches share these files, ForgettingError while landed objects were not looked into yet."""
    check_unshared(platform.lake, platform.store)
    arrivals = platform.register.arrivals(platform.register.manifests(), datetime.now(UTC))
    waiting = sum(map(len, arrivals.by_window.values())) + len(arrivals.late)
    if waiting:
        raise ForgettingError(f"{waiting} landed objects were not read yet and may hold the data. First: muniment run")


def begin(platform: Platform, found: Plan, reason: str, now: datetime) -> Tombstone:
    """Write down for good what is forgotten: in the lake's store, and beside the backups where there are any.

    ForgettingError when a hold was placed on it since it was planned, BackupError when the backups are under another
    key; then nothing was written.
    """
    repository = _repository(platform)  # a place of backups that cannot be used says so before anything is decided
    kept = Tombstones(platform.store, platform.tokens)
    seals, scope = kept.seals, found.scope
    tombstone = Tombstone(
        id=f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}",
        at=now.astimezone(UTC).isoformat(timespec="seconds"),
        reason=reason.strip(),
        subject=tuple(sorted(seals.of(value.kind, value.plain) for value in found.traces.values)),
        objects=tuple(sorted(seals.of("content", sha) for sha in scope.objects)),
        renamed=tuple(sorted(seals.of("content", sha) for sha in scope.renamed)),
        cells={
            seals.of("content", sha): {str(line): names for line, names in lines.items()}
            for sha, lines in scope.cells.items()
        },
        counts=dict(scope.counts),
        rules=tuple(rule.id for rule in retention.rules(platform.settings.retention_file)),
    ).signed(seals)
    with platform.scratch() as folder, Holds(platform.lake).deleting() as covered:
        if covered.has({*scope.objects, *scope.renamed, *scope.cells}):
            raise ForgettingError("A legal hold was placed on what was to be forgotten. See: muniment hold list")
        kept.add(tombstone, folder)
    if repository:
        keep_beside(platform, repository)
    return tombstone


def _repository(platform: Platform) -> "Repository | None":
    """Where backups go; None where nobody said."""
    from muniment.backup.repository import open_repository

    return open_repository(platform.settings) if platform.settings.backup_uri else None


def keep_beside(platform: Platform, repository: "Repository") -> None:
    """Put every tombstone where backups go."""
    if not tombstones.any_there(platform.store):
        return
    with platform.scratch() as folder:
        for one in Tombstones(platform.store, platform.tokens).all:
            spool = folder / "tombstone"
            spool.write_text(one.to_json(), encoding="utf-8")
            repository.keep_erasure(one.id, spool, folder / "sealed")


def forget_again(platform: Platform, repository: "Repository") -> int:
    """Do in a lake that was restored what was erased since its backup; how many erasures those were.

    Known are those that lie beside the backups and those that the backup itself holds.
    """
    with platform.scratch() as folder:
        kept = Tombstones(platform.store, platform.tokens)
        for text in repository.erasures(folder):
            kept.add(Tombstone.from_json(text), folder)
        carry_out(platform, kept.all)
        noted = {note["erasure"] for note in tombstones.log(platform.lake).notes()} if kept.all else set()
    for one in kept.all:
        if one.id not in noted:
            end(platform, one, Done(), None)
    return len(kept.all)


def end(platform: Platform, tombstone: Tombstone, done: Done, proof: Proof | None) -> dict[str, Any]:
    """Note in the lake what was done and looked through, signed; the note. Then the erasure is finished."""
    kept = Tombstones(platform.store, platform.tokens)
    outcome = {
        "deleted": done.deleted,
        "rewritten": done.rewritten,
        "left_in_landing": len(done.landing),
        "looked_through": dict(proof.looked) if proof else None,
        "hits": len(proof.hits) if proof else None,
    }
    text = json.dumps(outcome, sort_keys=True)
    log = tombstones.log(platform.lake)
    if not any(note["erasure"] == tombstone.id for note in log.notes()):
        signature = kept.seals.of("outcome", f"{tombstone.id} {text}")
        log.append(erasure=tombstone.id, record=tombstone.to_json(), outcome=text, signature=signature)
    with platform.scratch() as folder:
        kept.finish(tombstone, folder)
    return outcome


def records(platform: Platform) -> list[dict[str, Any]]:
    """Every erasure, the oldest first: what a person sees of it."""
    if not tombstones.any_there(platform.store):
        return []
    kept = Tombstones(platform.store, platform.tokens)
    unfinished_ids = {one.id for one in kept.unfinished}
    return [
        {
            "id": one.id,
            "at": one.at,
            "reason": one.reason,
            "contents": len(one.objects) + len(one.cells),
            "finished": one.id not in unfinished_ids,
        }
        for one in kept.all
    ]


def left_in_landing(platform: Platform) -> list[str]:
    """Files in landing that hold what was ever forgotten; they belong to whoever put them there."""
    return sorted(in_landing(platform, platform.register.manifests(), platform.erased))


def verify(platform: Platform) -> list[str]:
    """What is wrong with the records of erasures, or still there of what they name; nothing where all is well."""
    try:
        kept = Tombstones(platform.store, platform.tokens)
        found = kept.all
    except TombstoneError as error:
        return [str(error)]
    notes = tombstones.log(platform.lake).notes() if found and platform.lake.present() else []
    faults = [fault for note in notes if (fault := _fault(note, kept.seals))]
    faults += [f"Erasure {one.id} was not carried through: muniment forget --resume" for one in kept.unfinished]
    left = [*leftovers(platform, kept.erased), *(f"landing: {key}" for key in left_in_landing(platform))]
    return faults + [f"Still there: {place}" for place in left]


def _fault(note: dict[str, Any], seals: Seals) -> str:
    """What is wrong with a note of `control.erasures`."""
    try:
        record = Tombstone.from_json(note["record"])
    except TombstoneError as error:
        return str(error)
    if not record.holds(seals) or note["signature"] != seals.of("outcome", f"{note['erasure']} {note['outcome']}"):
        return f"The note of erasure {note['erasure']} was changed."
    return ""


def scratch_databases(connection: "psycopg.Connection[Any]") -> list[str]:
    """Databases beside the warehouse that were made from the lake and may hold the data."""
    rows = connection.execute(
        r"SELECT datname FROM pg_database WHERE datname LIKE 'muniment\_%' AND datname <> current_database() ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows]


def scour(connection: "psycopg.Connection[Any]", *, own_server: bool = False) -> None:
    """Write the warehouse's tables anew, so that their files hold nothing of deleted rows, and have the planner forget
    what it remembers of them. On a server of one's own the write-ahead log goes up to here, too."""
    from psycopg import errors, sql

    tables = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s)"
    names = connection.execute(tables, [list(warehouse.SCHEMAS)]).fetchall()
    for schema, name in sorted(names):
        connection.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(sql.Identifier(schema, name)))
    for schema, name, column, kind in connection.execute(_STALE, [list(warehouse.SCHEMAS)]).fetchall():
        table, alter = sql.Identifier(schema, name), sql.SQL("ALTER TABLE {} ALTER COLUMN {} TYPE {}")
        # The masked text of passages, from which PostgreSQL makes a column, keeps its type.
        with (
            suppress(errors.FeatureNotSupported),
            connection.transaction(),
            without_views(connection, table.as_string(connection)),
        ):
            connection.execute(alter.format(table, sql.Identifier(column), sql.SQL(kind)))
    connection.execute("VACUUM (FULL) pg_statistic")
    if own_server:
        connection.execute("SELECT pg_switch_wal()")
        connection.execute("CHECKPOINT")


# ANALYZE leaves the most common values of a table as they are when it finds no row. Only a superuser may delete them;
# but they go when a column gets a type, even the one that it has.
_STALE = """
SELECT schemaname, tablename, attname, format_type(atttypid, atttypmod)
FROM pg_stats
JOIN pg_attribute USING (attname)
JOIN pg_class ON pg_class.oid = attrelid AND relname = tablename AND relnamespace = to_regnamespace(schemaname)
WHERE reltuples = 0 AND schemaname = ANY(%s)
ORDER BY 1, 2, 3
"""
