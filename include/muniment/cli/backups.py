"""Commands for backups and the way back from them."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from muniment.cli.app import JsonFlag, alone, app, examples, open_main, say
from muniment.lake.query import instant
from muniment.progress import Terminal
from muniment.rendering import Format, json_text, write

backup_app = typer.Typer(
    help="Back up what cannot be made again, look whether backups are whole, and restore them.",
    epilog=examples(
        "MUNIMENT_BACKUP_URI=file:///mnt/backups muniment backup",
        "muniment backup --incremental",
        "muniment backup verify",
        "muniment backup restore --to 2026-03-08T18:00:00Z",
    ),
)
app.add_typer(backup_app, name="backup")

UntilOption = Annotated[
    str | None,
    typer.Option("--to", metavar="TIMESTAMP", help="The newest backup not after this instant; else the newest."),
]


@backup_app.callback(invoke_without_command=True)
def backup(
    context: typer.Context,
    incremental: Annotated[
        bool, typer.Option("--incremental", help="Do not look into files that the last backup found as they are.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Back up lake, catalog, register, keys and the state folder's Dagster storage to MUNIMENT_BACKUP_URI, also while
    runs are at work; not beside upkeep, lifecycle or an erasure, which delete files.

    The warehouse is not kept: a run makes it again from the lake. Nor is a PostgreSQL in which Dagster keeps its runs:
    back that up by itself. Set MUNIMENT_BACKUP_KEY to encrypt, and keep that key somewhere else. With
    MUNIMENT_BACKUPS_KEPT, older backups are let go when the new one is there.
    """
    if context.invoked_subcommand:
        return
    from muniment.backup.prune import prune
    from muniment.backup.repository import open_repository, shown
    from muniment.backup.take import take

    platform = open_main("Backups are of main")
    with alone(platform, "backup"):
        repository = open_repository(platform.settings)
        terminal = Terminal()
        with terminal.stage("back up") as stage:
            taken = take(platform, repository, terminal.advance, incremental=incremental)
            stage.count(files=len(taken.manifest.files), examined=taken.examined, new_contents=taken.new)
        if kept := platform.settings.backups_kept:
            with terminal.stage("let old backups go") as stage, platform.scratch() as folder:
                pruned = prune(repository, kept, datetime.now(UTC), folder)
                stage.count(backups=pruned.backups, contents=pruned.contents, bytes=pruned.bytes)
    if as_json:
        told = {"key": taken.key, "new_contents": taken.new, "left_out": taken.left_out}
        typer.echo(json_text(shown(taken.manifest) | told))
        return
    for place in taken.left_out:
        say(f"  not in it, because it may not be read: {place}. Allow it, then back up again.")
    if not repository.encrypted:
        say("It is not encrypted, and holds personal data in clear: set MUNIMENT_BACKUP_KEY (muniment backup key).")
    say(f"  {repository.uri}/{taken.key}")


@backup_app.command("list", epilog=examples("muniment backup list"))
def backup_list(as_json: JsonFlag = False) -> None:
    """Every backup: when it was taken, and what it holds. Exit code 1 when the list of one is damaged."""
    from muniment.backup.repository import BackupError, open_repository, shown

    platform = open_main("Backups are of main", half_restored=True)
    repository = open_repository(platform.settings)
    found, faults = list[dict[str, Any]](), 0
    with platform.scratch() as folder:
        for key in repository.instants().values():
            try:
                found.append(shown(repository.read(key, folder)))
            except BackupError as error:
                faults += 1
                say(f"{error} That backup cannot be restored: delete it there, and make another.")
    if as_json:
        typer.echo(json_text(found))
    elif found:
        write(list(found[0]), [list(one.values()) for one in found], Format.table)
    elif not faults:
        say(f"There is no backup in {repository.uri} yet: muniment backup")
    raise typer.Exit(1 if faults else 0)


@backup_app.command("verify", epilog=examples("muniment backup verify", "muniment backup verify --to 2026-03-08"))
def backup_verify(until: UntilOption = None, as_json: JsonFlag = False) -> None:
    """Read a whole backup as if to restore it. Exit code 1 when something could not be given back."""
    from muniment.backup.repository import open_repository
    from muniment.backup.restore import verify

    platform = open_main("Backups are of main", half_restored=True)
    repository = open_repository(platform.settings)
    key = repository.latest(_instant(until))
    terminal = Terminal()
    with platform.scratch() as folder, terminal.stage("verify") as stage:
        manifest = repository.read(key, folder)
        faults = verify(repository, manifest, folder, terminal.advance)
        stage.count(files=len(manifest.files), faults=len(faults))
        repository.mark_verified(key, folder, whole=not faults)
    if as_json:
        typer.echo(json_text({"key": key, "faults": [asdict(fault) for fault in faults]}))
    elif faults:
        write(["file", "problem"], [[fault.key, fault.problem] for fault in faults], Format.table)
        say("Delete what is damaged there, then make a full backup: what is still here is kept anew.")
    else:
        say(f"{key} is whole.")
    raise typer.Exit(1 if faults else 0)


@backup_app.command(
    "restore",
    epilog=examples("MUNIMENT_STATE_DIR=/srv/restored muniment backup restore --to 2026-03-08T18:00:00Z"),
)
def backup_restore(until: UntilOption = None, as_json: JsonFlag = False) -> None:
    """Make this installation, which must be empty, what it was. Run it again if it was interrupted:
    until it is through, no other command works here."""
    from muniment.backup import restoring
    from muniment.backup.repository import open_repository, shown
    from muniment.backup.restore import differing, restore

    platform = open_main("Backups are of main", half_restored=True)
    with alone(platform):
        repository = open_repository(platform.settings)
        begun = None if until is not None else restoring.unfinished(platform.settings)
        terminal = Terminal()
        with terminal.stage("restore") as stage:
            key = begun or repository.latest(_instant(until))
            manifest = restore(platform, repository, key, terminal.advance)
            stage.count(files=len(manifest.files), tables=len(manifest.tables))
    if as_json:
        typer.echo(json_text(shown(manifest)))
        return
    write(["restored", ""], list(shown(manifest).items()), Format.table)
    if differences := list(differing(platform, manifest)):
        say("\nSettings that differ from those of the backup:")
        write(["setting", "then", "now"], differences, Format.table)
    say("Every table holds what the backup says, but for what was erased since: muniment erasure list")
    say("Next: muniment run (it makes the warehouse and the index again)")


@backup_app.command("key", epilog=examples("muniment backup key > backup.key"))
def backup_key() -> None:
    """Make a key for MUNIMENT_BACKUP_KEY. Who loses it loses the backups; keep it apart from them."""
    from muniment.backup.repository import new_key

    typer.echo(new_key())


def _instant(text: str | None) -> datetime | None:
    return instant(text) if text is not None else None
