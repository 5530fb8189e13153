"""Commands for contracts: they are checked, and the tables brought to them and back."""

import json
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from muniment.cli.app import JsonFlag, alone, app, examples, open_platform, say
from muniment.contract import Contract
from muniment.errors import MunimentError
from muniment.evolution import Change, compare, required, step_faults
from muniment.lake import Lake
from muniment.migration import Plan, carry_out, history, in_force, in_lake, plan, warehouse_if_any, way_back
from muniment.rendering import Format, json_text, write
from muniment.soundness import NEEDED, examine, examine_file

contract_app = typer.Typer(
    help="The contracts of the tables: check them, see what a change means, bring the tables to it, undo it.",
    epilog=examples(
        "muniment contract check", "muniment contract diff parcels", "muniment contract migrate parcels --apply"
    ),
    no_args_is_help=True,
)
app.add_typer(contract_app, name="contract")

Names = Annotated[list[str] | None, typer.Argument(help="Names of contracts; all when left out.", metavar="TABLE…")]


@contract_app.command("check", epilog=examples("muniment contract check"))
def contract_check() -> None:
    """Whether every contract is sound, and lake and warehouse follow it. Exit code 1 when one is not or they do not."""
    platform = open_platform()
    sound, faults = _examined(platform.lake)
    waiting = list[str]()
    with warehouse_if_any(platform) as connection:
        for found in (plan(platform.lake, connection, contract) for contract in sound):
            if found and found.refused:
                faults += found.refused
            elif found and found.urgent:
                faults.append(f"{found.after.name} {found.after.version} waits: muniment contract migrate")
            elif found and not found.empty:
                waiting.append(found.after.name)
    for fault in faults:
        say(f"  {fault}")
    if waiting:
        say(f"Compatible changes that no run waits for: {', '.join(waiting)}. See: muniment contract migrate")
    say(f"{len(sound)} contracts are sound." if not faults else f"Faults: {len(faults)}.")
    raise typer.Exit(1 if faults else 0)


@contract_app.command(
    "diff", epilog=examples("muniment contract diff parcels", "muniment contract diff old.odcs.yaml new.odcs.yaml")
)
def contract_diff(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="A contract, beside what the lake follows; or two files.", metavar="[TABLE | OLD NEW]"),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """What changes, and whether it is compatible or breaking: from what the lake follows now, or from file to file."""
    if names and len(names) == 2:
        pairs = [_in_files(Path(names[0]), Path(names[1]))]
    else:
        lake = open_platform().lake
        pairs = [(old, new) for new in _named(lake, names) if (old := in_force(lake, new))]
    found = [(old, new, changes) for old, new in pairs if (changes := compare(old, new))]
    if as_json:
        typer.echo(json_text([_told(old, new, changes) for old, new, changes in found]))
    elif not found:
        say("Nothing changes.")
    else:
        rows = [
            [new.name, old.version, new.version, _class(change), change.level, str(change)]
            for old, new, changes in found
            for change in changes
        ]
        write(["contract", "from", "to", "class", "asks for", "change"], rows, Format.table)
    for fault in (fault for old, new in pairs for fault in step_faults(old, new)):
        say(fault)


def _class(change: Change) -> str:
    return "breaking" if change.breaking else "compatible"


def _told(old: Contract, new: Contract, changes: Iterable[Change]) -> dict[str, Any]:
    named = ("kind", "column", "before", "after")
    described = [{name: getattr(one, name) for name in named} | {"class": _class(one)} for one in changes]
    return {
        "contract": new.name,
        "from": old.version,
        "to": new.version,
        "asks_for": required(changes),
        "changes": described,
    }


@contract_app.command(
    "migrate",
    epilog=examples(
        "muniment contract migrate",
        "muniment contract migrate parcels --apply",
        "muniment contract migrate parcels --rollback --apply",
    ),
)
def contract_migrate(
    names: Names = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without, the plan is only shown.")] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="Undo the last migration of one table.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show what the tables need to follow their contracts, in lake and warehouse, and do it with --apply."""
    platform = open_platform()
    lake = platform.lake
    if rollback and len(names or ()) != 1:
        raise MunimentError("Name the one table whose last migration is to be undone.")
    wanted = _named(lake, names)
    with alone(platform) if apply else nullcontext(), warehouse_if_any(platform) as connection:
        found = [way_back(lake, connection, one) if rollback else plan(lake, connection, one) for one in wanted]
        plans = [one for one in found if one and (one.refused or not one.empty)]
        if as_json:
            typer.echo(json_text([_plan_as_json(one) for one in plans]))
        else:
            _show(plans)
        if refused := [reason for one in plans for reason in one.refused]:
            raise MunimentError("Nothing was changed:\n  " + "\n  ".join(refused))
        for one in plans if apply else ():
            carry_out(lake, connection, one, "muniment contract", action="rollback" if rollback else "migrate")
            say(f"{one.after.name} is at {one.after.version}.")
    if rollback and apply:
        say("Put the contract file of that version back before the next run.")
    elif plans and not apply:
        say("Nothing was changed. To do it, add --apply")


def _examined(lake: Lake) -> tuple[list[Contract], list[str]]:
    """The sound contracts and the faults of the others, those that Muniment and the lake's tables need among them."""
    return examine(needed={*NEEDED, *in_lake(lake)})


def _in_files(old: Path, new: Path) -> tuple[Contract, Contract]:
    """The contracts in two files, whatever these are called; MunimentError when one is not sound."""
    (before, wrong), (after, also) = examine_file(old), examine_file(new)
    faults = [str(old).removesuffix(old.name) + fault for fault in wrong]
    faults += [str(new).removesuffix(new.name) + fault for fault in also]
    if before is None or after is None or faults:
        raise MunimentError("Mend the contracts first:\n  " + "\n  ".join(faults))
    return before, after


def _named(lake: Lake, names: Sequence[str] | None) -> list[Contract]:
    """The contracts of these names; MunimentError when one is not sound or not there."""
    sound, faults = _examined(lake)
    if faults:
        raise MunimentError("Mend the contracts first:\n  " + "\n  ".join(faults))
    there = {key: contract for contract in sound for key in (contract.name, contract.table)}
    if unknown := [name for name in names or () if name not in there]:
        raise MunimentError(
            f"There is no contract {', '.join(unknown)}. Those that there are: {', '.join(c.name for c in sound)}."
        )
    return [there[name] for name in names] if names else sound


def _show(plans: Sequence[Plan]) -> None:
    for one in plans:
        typer.echo(f"{one.after.name} {one.before.version} → {one.after.version}")
        rows = [["contract", _class(change), str(change)] for change in one.changes]
        rows += [["lake", table, str(step)] for table, taken in one.lake.items() for step in taken]
        rows += [["warehouse", table, entry.sql] for table, altered in one.warehouse.items() for entry in altered]
        write(["", "", ""], rows, Format.table)
        if one.again:
            typer.echo(_run_again(one))
    if not plans:
        say("Lake and warehouse follow their contracts: there is nothing to do.")


def _run_again(found: Plan) -> str:
    keys, name = found.again, found.after.name
    count = f"1 window, {keys[0]}," if len(keys) == 1 else f"{len(keys)} windows, {keys[0]} to {keys[-1]},"
    return (
        f"The next muniment run takes {count} again, because it masks their values otherwise. Until then they are as "
        "they were.\nSnapshots and releases from before keep them so until they are let go. Sooner: muniment release "
        "drop for each of those releases,\nand a day after the run: "
        f"MUNIMENT_SNAPSHOT_DAYS=1 muniment maintain {name} quarantine"
    )


def _plan_as_json(found: Plan) -> dict[str, Any]:
    return _told(found.before, found.after, found.changes) | {
        "lake": {table: [str(step) for step in taken] for table, taken in found.lake.items()},
        "warehouse": {table: [one.sql for one in altered] for table, altered in found.warehouse.items()},
        "refused": list(found.refused),
        "run_again": list(found.again),
    }


@contract_app.command("history", epilog=examples("muniment contract history"))
def contract_history(as_json: JsonFlag = False) -> None:
    """Every migration and rollback that was carried out, the oldest first."""
    notes = history(open_platform().lake)
    names = ["at", "contract", "action", "from_version", "to_version", "changes"]
    rows = [[*(note[name] for name in names[:-1]), json.loads(note["changes"])] for note in notes]
    if as_json:
        typer.echo(json_text([dict(zip(names, [row[0].isoformat(), *row[1:]], strict=True)) for row in rows]))
    elif not rows:
        say("No contract was migrated yet.")
    else:
        write(names, [[*row[:-1], "; ".join(row[-1])] for row in rows], Format.table)
