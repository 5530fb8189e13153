"""A contract's tables brought to it in lake and warehouse: what that takes, whether it may be, doing and undoing it.

The plan is made from what the tables are, not from what was done: a migration that was killed is finished by the next.
Shapes belong to `lake.schema` and `warehouse_shape`, what two contracts differ in to `evolution`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from muniment import warehouse, windows
from muniment.contract import Contract, contracts
from muniment.errors import MunimentError
from muniment.evolution import Change, as_text, compare, digest, from_text, step_faults
from muniment.lake import Lake
from muniment.lake.log import Log
from muniment.lake.schema import Step, applied, applied_properties, former_names, reshape, revived, steps
from muniment.platform import Platform
from muniment.warehouse_shape import Alteration, alterations, reindexed, without_views

if TYPE_CHECKING:
    import psycopg
    from pyiceberg.table import Table


class MigrationError(MunimentError):
    """A migration that may not be done, or not now."""


@dataclass(frozen=True)
class Plan:
    """What it takes to bring the tables from the contract in force, `before`, to `after`; `refused` says why not.

    `again` are the keys of windows whose values are masked otherwise than `after` asks for: they have to be run again.
    """

    before: Contract
    after: Contract
    changes: tuple[Change, ...]
    lake: Mapping[str, tuple[Step, ...]]
    warehouse: Mapping[str, tuple[Alteration, ...]]
    refused: tuple[str, ...] = ()
    again: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do and nothing to record."""
        return not (self.changes or self.lake or self.warehouse)

    @property
    def urgent(self) -> bool:
        """Whether runs wait for it: a breaking change, or a table that rows of the contract do not fit."""
        steps = [step for taken in self.lake.values() for step in taken]
        statements = [one for altered in self.warehouse.values() for one in altered]
        return (
            any(change.breaking for change in self.changes)
            or any(step.kind not in ("add", "require", "describe", "partition") for step in steps)
            or not all(one.may_wait or one.harmless for one in statements)
        )


@contextmanager
def warehouse_if_any(platform: Platform) -> Iterator["psycopg.Connection[Any] | None"]:
    """A connection to the warehouse; None when nothing was run yet, because the first run makes it as it should be."""
    settings = platform.settings
    if not settings.warehouse_url.get_secret_value() and warehouse.embedded(settings).status().state == "absent":
        yield None
        return
    with warehouse.opened(settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        yield connection


def plan(lake: Lake, connection: "psycopg.Connection[Any] | None", contract: Contract) -> Plan | None:
    """What bringing the tables to the contract takes; None when they were never written."""
    before = in_force(lake, contract)
    if before is None:
        return None
    return _plan(lake, connection, before, contract, step_faults(before, contract))


def way_back(lake: Lake, connection: "psycopg.Connection[Any] | None", contract: Contract) -> Plan:
    """What undoing the last migration of the contract's tables takes; MigrationError when there is none to undo."""
    now, notes = in_force(lake, contract), history(lake, contract.name)
    if now is None or not (target := _target(notes, now)):
        raise MigrationError(f"There is no migration of {contract.name} to undo. See: muniment contract history")
    before, after = from_text(target["before"]), from_text(target["after"])
    if digest(now) != digest(after):
        raise MigrationError(
            f"{contract.name} is not as its last migration left it (version {after.version}): finish what was begun "
            f"with muniment contract migrate {contract.name} --apply"
        )
    return _plan(lake, connection, now, before, [])


def _target(notes: list[dict[str, Any]], now: Contract) -> dict[str, Any] | None:
    """The last migration that was not undone. A rollback whose end did not come counts as one yet to be done."""
    done = list[dict[str, Any]]()
    for note in notes:
        begun = note is notes[-1] and digest(from_text(note["before"])) == digest(now)
        if note["action"] == "migrate":
            done.append(note)
        elif not begun:
            done.pop()
    return done[-1] if done else None


def in_force(lake: Lake, contract: Contract) -> Contract | None:
    """The contract that the tables of that name follow now; None when they were never written."""
    from pyiceberg.exceptions import NoSuchTableError

    elsewhere = [] if contract.vault else [f"{name}.{contract.name}" for name in ("lake", "vault")]
    for name in (contract.table, *elsewhere) if lake.present() else ():
        try:
            return applied(lake.loaded(name), contract)
        except NoSuchTableError:
            continue
    return None


def in_lake(lake: Lake) -> set[str]:
    """Names of the contracts that the lake holds a table of, so that each of them is in force."""
    with lake.explained("The Iceberg catalog"):
        names = lake.names() if lake.present() else []
    return {name.rpartition(".")[2] for name in names if name.startswith(("lake.", "vault."))}


def history(lake: Lake, name: str | None = None) -> list[dict[str, Any]]:
    """Every migration and rollback, or those of one contract, the oldest first."""
    if not lake.present():
        return []
    log = _log(lake)
    with lake.reading(log.table):
        notes = log.notes()
    return [note for note in notes if name in (None, note["contract"])]


def _log(lake: Lake) -> Log:
    import pyarrow as pa

    names = ("contract", "action", "from_version", "to_version", "changes", "before", "after", "by")
    return Log(lake.catalog, "migrations", pa.schema([pa.field(name, pa.string(), nullable=False) for name in names]))


def _plan(
    lake: Lake,
    connection: "psycopg.Connection[Any] | None",
    before: Contract,
    after: Contract,
    refused: list[str],
) -> Plan:
    changes = compare(before, after)
    if before.namespace != after.namespace:
        refused.append(f"{before.table} cannot become {after.table}: give the contract a new name")
        return Plan(before, after, tuple(changes), {}, {}, tuple(refused))
    rekeyed = any(change.kind == "key changed" for change in changes)
    taken, altered = dict[str, tuple[Step, ...]](), dict[str, tuple[Alteration, ...]]()
    written = _tables(lake, after)
    for contract, table in written:
        taken[contract.table] = tuple(steps(table, contract))
        refused += _barred(lake, contract, taken[contract.table])
        if connection:
            wanted = alterations(connection, contract, former_names(table, contract), revived(table, contract))
            altered[contract.table] = (*wanted, *(reindexed(connection, contract) if rekeyed else ()))
    remasked = any(_remasks(change, after, table) for change in changes for _, table in written)
    again = tuple(_windows(lake, after)) if remasked and after.namespace != "vault" else ()
    return Plan(before, after, tuple(changes), _full(taken), _full(altered), tuple(refused), again)


def _remasks(change: Change, after: Contract, table: "Table") -> bool:
    """Whether rows that are there may hold values masked otherwise than by the contract. A personal column that was
    dropped may have been public then."""
    if change.kind in ("column added", "required column added"):
        return change.column in revived(table, after) & {column.name for column in after.personal}
    return change.kind == "personal class changed"


def _windows(lake: Lake, contract: Contract) -> list[str]:
    """Every window of a table, in time order; also one whose rows were all refused, because a refusal shows values."""
    keys = set(lake.held(contract))
    for batch in lake.scan(contracts()["quarantine"], columns=["window_key", "table_name"]):
        refused = zip(*(column.to_pylist() for column in batch.columns), strict=True)
        keys |= {key for key, name in refused if name == contract.name}
    return sorted(keys, key=lambda key: windows.parse(key).start)


def _full(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: items for name, items in found.items() if items}


def _tables(lake: Lake, contract: Contract) -> "list[tuple[Contract, Table]]":
    """The tables of a contract that were written: its companion in the vault, then its own."""
    from pyiceberg.exceptions import NoSuchTableError

    found = []
    for one in (contract.vault, contract):
        try:
            found += [(one, lake.loaded(one.table))] if one else []
        except NoSuchTableError:
            continue
    return found


def _barred(lake: Lake, contract: Contract, taken: tuple[Step, ...]) -> list[str]:
    """Why a table, or the rows that it holds, do not allow steps of it; one reason a column."""
    named = {step.column: step.to for step in taken if step.kind == "rename"}
    reasons = dict[str, str]()
    for step in taken:
        name = named.get(step.column, step.column)
        if name not in reasons and (reason := step.blocked or _hindrance(lake, contract, step, name)):
            reasons[name] = f"{contract.table}: {step}: {reason}"
    return list(reasons.values())


def _hindrance(lake: Lake, contract: Contract, step: Step, name: str) -> str:
    """What rows stand against a step that is about the contract's column `name`."""
    if step.kind == "narrow" and (windows := _wider(lake, contract, name)):
        return f"{windows} windows were written with the type that it has now"
    if step.kind == "require" or step.required:
        nulls = sum(batch.column(0).null_count for batch in lake.scan(contract, columns=[name]))
        return f"{nulls} rows have no value: let it be optional until their windows were run again" if nulls else ""
    return ""


def _wider(lake: Lake, contract: Contract, name: str) -> int:
    """How many windows lie in files in which a column is not of the contract's type."""
    files, former = lake.files(contract)
    names, kind = {name, *former.get(name, ())}, contract.arrow_schema.field(name).type
    held = [field.type for file in files.get_fragments() for field in file.physical_schema if field.name in names]
    return sum(one != kind for one in held)


# --- doing it -------------------------------------------------------------------------------------------------------


def carry_out(
    lake: Lake, connection: "psycopg.Connection[Any] | None", found: Plan, by: str, *, action: str = "migrate"
) -> None:
    """Take every step of the plan: lake, warehouse, history; last of all the lake says which contract is in force.

    MigrationError when the plan may not be carried out, or when another writer came first.
    """
    from pyiceberg.exceptions import CommitFailedException, CommitStateUnknownException

    if found.refused:
        raise MigrationError("\n".join(found.refused))
    try:
        with lake.explained(found.after.name):
            for contract, table in _tables(lake, found.after):
                if taken := found.lake.get(contract.table):
                    reshape(table, contract, taken)
            if connection and (found.warehouse or found.again):
                _alter(lake, connection, found, by)
            _record(lake, found, by, action)
            for contract, table in _tables(lake, found.after):
                with table.transaction() as transaction:
                    transaction.set_properties(applied_properties(contract))
    except (CommitFailedException, CommitStateUnknownException) as error:
        raise MigrationError(
            f"{found.after.name}: another writer came first ({error}). Give the command again: what is done stays done."
        ) from error


def _alter(lake: Lake, connection: "psycopg.Connection[Any]", found: Plan, by: str) -> None:
    """Change the warehouse's tables in one transaction and load those again that had to be emptied.

    The windows to be run again count as unsettled from then on; where a table was changed the last one does, too, so
    that the next run builds what stands on the tables.
    """
    import psycopg

    altered = [one for one in (found.after.vault, found.after) if one and one.table in found.warehouse]
    try:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('muniment.prepare'))")
            for contract in altered:
                with without_views(connection, contract.table):
                    for statement in found.warehouse[contract.table]:
                        connection.execute(statement.sql)
            settled = warehouse.settled(connection).keys()
            last = {max(settled)} if altered and settled else set()
            if unsettled := settled & {*found.again, *last}:
                warehouse.unsettle(connection, unsettled)
    except psycopg.Error as error:
        raise MigrationError(f"The warehouse could not follow {found.after.name}: {str(error).strip()}") from None
    for contract in altered:
        warehouse.sync(connection, lake, contract, by)


def _record(lake: Lake, found: Plan, by: str, action: str) -> None:
    """Add what was done to the history, unless it was noted before the migration was killed."""
    before, after = as_text(found.before), as_text(found.after)
    last = history(lake, found.after.name)[-1:]
    if [(note["before"], note["after"]) for note in last] == [(before, after)]:
        return
    _log(lake).append(
        contract=found.after.name,
        action=action,
        from_version=found.before.version,
        to_version=found.after.version,
        changes=json.dumps([str(change) for change in found.changes], ensure_ascii=False),
        before=before,
        after=after,
        by=by,
    )
