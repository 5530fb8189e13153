"""Commands that forget people and show that they are forgotten."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from muniment import windows
from muniment.cli.app import JsonFlag, alone, app, examples, open_platform, say
from muniment.errors import MunimentError
from muniment.platform import Platform
from muniment.progress import Terminal
from muniment.rendering import Format, json_text, write

if TYPE_CHECKING:
    import psycopg

    from muniment.erasure.forgetting import Plan
    from muniment.erasure.tombstones import Tombstone
    from muniment.erasure.work import Done

erasure_app = typer.Typer(
    help="The records of what was forgotten.",
    epilog=examples("muniment erasure list", "muniment erasure verify"),
    no_args_is_help=True,
)
app.add_typer(erasure_app, name="erasure")

_LEFT = 1
_REFUSED = 3


@app.command(
    epilog=examples(
        'muniment forget "Kaya J. Okafor" --reason "request of 8 March 2026" --dry-run',
        'muniment forget "Kaya J. Okafor" --also kaya@example.ca --reason "request of 8 March 2026"',
        "muniment forget --resume",
    )
)
def forget(
    subject: Annotated[
        str | None, typer.Argument(help="A full name, e-mail address or number of the person, or a token.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; it is kept, so it must not say who.")] = "",
    also: Annotated[list[str] | None, typer.Option(help="Another value of the same person; may be repeated.")] = None,
    matter: Annotated[
        list[str] | None, typer.Option(help="A matter in which a name that several bear is meant; may be repeated.")
    ] = None,
    landing: Annotated[bool, typer.Option("--landing", help="Delete what holds it in landing, too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what was interrupted, no more.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Remove a person's data from everything that is kept, prove it, and keep a signed record without the data.

    Exit code 1: something is left, and it says where. 3: a rule wants the data kept, and it says which; nothing was
    done.
    """
    from muniment.erasure.forgetting import begin, plan
    from muniment.erasure.work import alone_on

    if resume == (subject is not None):
        raise MunimentError("Say who: a full name, an e-mail address, a number, or a token; or --resume, and nobody.")
    platform = open_platform()
    with alone(platform):
        finish_interrupted(platform, landing=landing)
        if landing and not dry_run:
            _clear_landing(platform)
        if subject is None:
            return
        now = datetime.now(UTC)
        with Terminal().stage("look for it") as stage:
            found = plan(platform, subject, also or (), matter or (), reason, now.date())
            stage.count(**{"contents": len(found.scope.objects) + len(found.scope.cells)})
        _show(found, as_json)
        if found.refusals or found.held:
            _refuse(found, as_json)
        if dry_run:
            if as_json:
                typer.echo(json_text({"found": dict(found.scope.counts), "matters": sorted(found.scope.matters)}))
            return
        came: dict[str, Any] = {"erasure": None}
        tombstone, done = None, None
        if found.scope:
            if not yes and not typer.confirm("Remove all of that for good?", err=True):
                raise typer.Exit(_LEFT)
            _check_scratch(platform)
            with alone_on(platform):
                tombstone = begin(platform, found, reason, now)
                done = _carry_out(platform, [tombstone], landing=landing)
            _follow(platform, done.windows)
        came |= _prove(platform, found, tombstone, done)
    if as_json:
        typer.echo(json_text(came))
    raise typer.Exit(_LEFT if came["hits"] else 0)


def _show(found: "Plan", as_json: bool) -> None:
    if as_json:
        return
    sought = Counter(value.label for value in found.traces.values)
    say(f"Looked for {', '.join(f'{label} ({count})' for label, count in sorted(sought.items()))}.")
    if found.beside:
        say(f"  Taken from records that name nobody else: {len(found.beside)}")
    for token in found.names_beside:
        say(f"  The same records give a name. If it is meant, too: --also {token}")
    if not found.scope:
        say("Nothing holds it.")
    else:
        write(["found in", "rows or files"], sorted(found.scope.counts.items()), Format.table)
        say(f"Matters: {', '.join(sorted(found.scope.matters)) or 'none'}")
        say("Contents whole are deleted, whoever else stands in them; of record files only the person's cells go.")
    if found.scope.unread:
        say(f"{found.scope.unread} refused documents could not be looked into: muniment quarantine list")


def _refuse(found: "Plan", as_json: bool) -> None:
    from muniment.erasure.retention import by_rule

    if as_json:
        told = [{"rule": r.rule.id, "text": r.rule.text, "matter": r.matter, "until": r.until} for r in found.refusals]
        holds = [{"hold": one.id, "reason": one.reason} for one in found.held]
        typer.echo(json_text({"erasure": None, "refused": told, "held": holds}))
    say("Refused, nothing was changed:")
    for rule, refusals in by_rule(found.refusals).items():
        say(f"  {rule.id}: {rule.text}")
        for one in refusals:
            say(f"    matter {one.matter}: {f'until {one.until}' if one.until else 'no record says that it is closed'}")
    for hold in found.held:
        say(
            f"  legal hold {hold.id[:8]} on {hold.named}: {hold.reason}. It ends with: muniment hold lift {hold.id[:8]}"
        )
    raise typer.Exit(_REFUSED)


def finish_interrupted(platform: Platform, *, landing: bool = False) -> None:
    """Go on with erasures that were interrupted; what is left of them is looked for by what they name."""
    from muniment.erasure.tombstones import unfinished

    left = unfinished(platform.store, lambda: platform.tokens)
    if not left:
        return
    from muniment.erasure.forgetting import end

    say(f"Going on with {len(left)} interrupted erasures.")
    done = _carry_through(platform, left, landing=landing)
    for tombstone in left:
        end(platform, tombstone, done, None)


def _clear_landing(platform: Platform) -> None:
    """Delete what erasures that are finished left in landing, and the names of it that they kept for that."""
    from muniment.erasure.forgetting import left_in_landing
    from muniment.erasure.tombstones import Tombstones

    if left_in_landing(platform):
        _carry_through(platform, Tombstones(platform.store, platform.tokens).all, landing=True)


def _carry_through(platform: Platform, tombstones: "Sequence[Tombstone]", *, landing: bool) -> "Done":
    """Do what tombstones say of which everything was decided before."""
    from muniment.erasure.work import alone_on

    with alone_on(platform):
        done = _carry_out(platform, tombstones, landing=landing)
    _follow(platform, done.windows)
    return done


def _carry_out(platform: Platform, tombstones: "Sequence[Tombstone]", *, landing: bool) -> "Done":
    from muniment.erasure.work import carry_out

    with Terminal().stage("erase") as stage:
        _unsettle(platform, tombstones)
        done = carry_out(platform, tombstones, landing=landing)
        stage.count(deleted=done.deleted, rewritten=done.rewritten, windows=len(done.windows))
    for key in done.landing:
        say(f"  still in landing, remove it there or give --landing: {key}")
    return done


def _follow(platform: Platform, keys: tuple[str, ...]) -> None:
    """Bring warehouse, marts and index to what the lake holds now, by running windows again.

    A retired window cannot be run; what the warehouse has of it goes with the run of any other.
    """
    from muniment import marts
    from muniment.erasure.forgetting import scour

    with _warehouse(platform) as connection:
        if connection is None or not keys:
            return
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    from assets.launch import run_windows

    live = [manifest.window_key for manifest in platform.register.live()]
    wanted = [key for key in keys if key in live] or live[-1:]
    launched = run_windows(platform.settings, [windows.parse(key) for key in wanted], Terminal())
    failures = [failure for one in launched for failure in one.failures]
    if failures or not all(one.success for one in launched):
        raise MunimentError(
            "The lake is without the data, and the warehouse is not yet: "
            f"{'; '.join(failures) or 'the run failed'}. Then: muniment forget --resume"
        )
    with _warehouse(platform) as connection:
        if connection is not None:
            if marts.behind(connection):
                raise MunimentError(
                    "The marts are not published without the data yet: a window is not through. See muniment status; "
                    "take it through with muniment run. Then: muniment forget --resume"
                )
            scour(connection, own_server=not platform.settings.warehouse_url.get_secret_value())


@contextmanager
def _warehouse(platform: Platform) -> "Iterator[psycopg.Connection[Any] | None]":
    """The warehouse; None where none was ever made."""
    from muniment import warehouse

    settings = platform.settings
    if not settings.warehouse_url.get_secret_value() and warehouse.embedded(settings).status().state == "absent":
        yield None
        return
    with warehouse.opened(settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        prepared = connection.execute("SELECT to_regclass('ledger.settled')").fetchone() != (None,)
        yield connection if prepared else None


def _unsettle(platform: Platform, tombstones: "Sequence[Tombstone]") -> None:
    """Note that the windows are about to change: if this is interrupted, the next run goes through them."""
    from muniment import warehouse
    from muniment.erasure.work import windows_of

    with _warehouse(platform) as connection:
        if connection is not None:
            warehouse.unsettle(connection, windows_of(platform, tombstones))


def _check_scratch(platform: Platform) -> None:
    from muniment.erasure.forgetting import ForgettingError, scratch_databases

    if platform.settings.warehouse_url.get_secret_value():
        return  # another's server may hold databases of other installations
    with _warehouse(platform) as connection:
        found = scratch_databases(connection) if connection is not None else []
    if found:
        raise ForgettingError(
            f"These databases beside the warehouse were made from the lake and would keep it: {', '.join(found)}. "
            "Drop the releases' rebuilds and the branches that they belong to first."
        )


def _prove(platform: Platform, found: "Plan", tombstone: "Tombstone | None", done: "Done | None") -> dict[str, Any]:
    from muniment.erasure.forgetting import end, left_in_landing
    from muniment.erasure.proof import prove

    terminal = Terminal()
    with terminal.stage("look for what is left") as stage, _warehouse(platform) as connection:
        proof = prove(platform, found.sought, connection).beside(left_in_landing(platform))
        stage.count(looked_through=sum(proof.looked.values()), found=len(proof.hits))
    for hit in proof.hits:
        say(f"  left: {hit}")
    if proof.clean:
        say("Nothing of it is left.")
    if platform.settings.backup_uri:
        say("Older backups hold it still; a restore forgets it again. Make a new one: muniment backup")
    if tombstone is not None and done is not None:
        end(platform, tombstone, done, proof)
        say(f"Record: erasure {tombstone.id}")
    return {
        "erasure": tombstone.id if tombstone else None,
        "found": dict(found.scope.counts),
        "looked_through": dict(proof.looked),
        "hits": list(proof.hits),
    }


@erasure_app.command("list", epilog=examples("muniment erasure list --json"))
def erasure_list(as_json: JsonFlag = False) -> None:
    """Every erasure: when, why, how many contents, whether it was carried through."""
    from muniment.erasure.forgetting import records

    found = records(open_platform())
    if as_json:
        typer.echo(json_text(found))
    elif found:
        write(list(found[0]), [list(one.values()) for one in found], Format.table)
    else:
        say("Nobody was forgotten yet.")


@erasure_app.command("verify", epilog=examples("muniment erasure verify"))
def erasure_verify(as_json: JsonFlag = False) -> None:
    """Are the records as they were signed, and is nothing there of what they name? Exit code 1: no, and what."""
    from muniment.erasure.forgetting import verify

    faults = verify(open_platform())
    if as_json:
        typer.echo(json_text({"faults": faults}))
    for fault in faults:
        say(fault)
    if not faults:
        say("Every record is as it was signed, and nothing is there of what they name.")
    raise typer.Exit(1 if faults else 0)
