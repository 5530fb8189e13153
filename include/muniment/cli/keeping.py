"""Commands about how long things are kept: ageing, and the legal holds that stop it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from muniment import windows
from muniment.cli.app import JsonFlag, app, examples, open_main, say
from muniment.errors import MunimentError
from muniment.platform import Platform
from muniment.progress import Silent, Terminal
from muniment.rendering import Format, json_text, write

if TYPE_CHECKING:
    from muniment.keeping.holds import Hold, Holds

_OF_MAIN = "Originals and holds are main's"
_SHORTEST = 8  # digits of a content's SHA-256 that a person may give

hold_app = typer.Typer(
    help="Legal holds: what they cover is not deleted, whatever its age.",
    epilog=examples(
        'muniment hold place --matter 2026-0001 --reason "Claim 2026-77, on the word of J. Hale"',
        "muniment hold list",
        'muniment hold lift 3f2a9c1b --reason "Claim 2026-77 was settled"',
    ),
    no_args_is_help=True,
)
app.add_typer(hold_app, name="hold")

ReasonOption = Annotated[str, typer.Option("--reason", help="Why, and on whose word. It is kept.")]


@app.command(epilog=examples("muniment lifecycle --dry-run", "muniment lifecycle"))
def lifecycle(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Move originals into the archive after MUNIMENT_RAW_DAYS, let what was read from them go after
    MUNIMENT_PROCESSED_DAYS, and retire windows after MUNIMENT_ARCHIVED_DAYS.

    Safe while runs are at work, and beside itself. Nothing that a legal hold covers is deleted. Exit code 1 when
    something could not be moved or deleted.
    """
    from muniment.stages.age import age

    platform = open_main(_OF_MAIN)
    reporter = Silent() if as_json else Terminal()
    now = datetime.now(UTC)
    report = age(platform, now, f"lifecycle-{uuid4().hex}", reporter, dry=dry_run)
    if as_json:
        typer.echo(json_text(report.to_json()))
        raise typer.Exit(1 if report.problems else 0)
    columns = ["tier", "objects before", "after", "bytes before", "after"]
    rows = [[s.name, s.before.files, s.after.files, s.before.bytes, s.after.bytes] for s in report.tiers]
    write(columns, rows, Format.table)
    retired = f"{len(report.retired)} windows {'would be ' if dry_run else ''}retired{_span(report.retired)}"
    say(f"As of {report.at:%Y-%m-%d %H:%M} UTC: {retired}. Kept by holds alone: {report.held.files} objects.")
    if report.at < now:
        say("The clock is ahead of that: a round goes on from the last one by two weeks at most. Give it again.")
    for line in (report.rules, *(f"muniment: {problem}" for problem in report.problems)):
        if line:
            say(line)
    raise typer.Exit(1 if report.problems else 0)


def _span(keys: tuple[str, ...]) -> str:
    return f", {keys[0]} to {keys[-1]}" if keys else ""


@hold_app.command(
    "place",
    epilog=examples(
        'muniment hold place --matter 2026-0001 --reason "Claim 2026-77"',
        'muniment hold place --window 2026-03-08-06:00 --object 3f2a9c1b --reason "Inquiry of the Law Society"',
        'muniment hold place --all --reason "Order of the court"',
    ),
)
def hold_place(
    reason: ReasonOption,
    matter: Annotated[list[str] | None, typer.Option(help="A matter number, with all that belongs to it.")] = None,
    sha256: Annotated[list[str] | None, typer.Option("--object", help="A content: the start of its SHA-256.")] = None,
    window: Annotated[list[str] | None, typer.Option(help="The key of a window.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that there is and will be.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Place a hold on matters, objects or windows, or on everything. Options can be given several times."""
    platform = open_main(_OF_MAIN)
    objects = [_content(platform, start) for start in sha256 or ()]
    keys = [one.window_key for one in platform.register.of(windows.parse(key).key for key in window or ())]
    holds = _holds(platform)
    named = {"matters": matter or (), "objects": objects, "windows": keys}
    placed = holds.place(reason, **named, everything=everything, hindrance=lambda: _being_erased(platform))
    _tell(platform, holds, [placed], as_json)
    if not (as_json or everything or holds.covered([placed]).objects):
        say("Nothing of that is here yet; what comes will be covered.")


def _being_erased(platform: Platform) -> str:
    """What keeps a hold from being placed: an erasure that was decided on goes through, so nothing could hold it up."""
    from muniment.erasure.tombstones import unfinished

    if not unfinished(platform.store, lambda: platform.tokens):
        return ""
    return (
        "An erasure has begun and is not finished: what it names goes. Wait for it or, where it was interrupted, "
        "finish it with muniment forget --resume; then place the hold."
    )


def _holds(platform: Platform) -> "Holds":
    from muniment.keeping.holds import Holds

    return Holds(platform.lake)


def _content(platform: Platform, start: str) -> str:
    """The registered content whose SHA-256 begins so; MunimentError for none or several."""
    if not re.fullmatch(rf"[0-9a-f]{{{_SHORTEST},64}}", start.lower()):
        raise MunimentError(
            f"{start!r} is no SHA-256: give {_SHORTEST} to 64 hexadecimal digits, as muniment trace does."
        )
    known = {entry.sha256 for manifest in platform.register.manifests() for entry in manifest.entries}
    found = [sha256 for sha256 in known if sha256.startswith(start.lower())]
    if len(found) != 1:
        raise MunimentError(f"{start} is the start of {len(found)} registered contents: give more digits, or others.")
    return found[0]


@hold_app.command("list", epilog=examples("muniment hold list", "muniment hold list --all --json"))
def hold_list(
    everything: Annotated[bool, typer.Option("--all", help="Also those that were lifted.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """The holds that stand, and how many objects each covers now."""
    platform = open_main(_OF_MAIN)
    holds = _holds(platform)
    found = (holds.all() if everything else holds.active()) if platform.lake.present() else []
    _tell(platform, holds, found, as_json)


@hold_app.command("lift", epilog=examples('muniment hold lift 3f2a9c1b --reason "Claim 2026-77 was settled"'))
def hold_lift(
    hold: Annotated[str, typer.Argument(help="The start of its id, as muniment hold list shows it.", metavar="ID")],
    reason: ReasonOption,
    as_json: JsonFlag = False,
) -> None:
    """Lift a hold. What no other one covers goes with the next round of ageing, if it is old enough."""
    platform = open_main(_OF_MAIN)
    holds = _holds(platform)
    _tell(platform, holds, [holds.lift(hold, reason)], as_json)


def _tell(platform: Platform, holds: "Holds", found: "Iterable[Hold]", as_json: bool) -> None:
    entries = [(m.window_key, entry.sha256) for m in platform.register.live() for entry in m.entries]
    told = [_shown(holds, hold, entries) for hold in found]
    if as_json:
        typer.echo(json_text(told))
    elif told:
        rows = [[one["id"][:8], one["placed_at"], one["covers"], one["objects"], one["reason"]] for one in told]
        write(["id", "placed", "covers", "objects", "reason"], rows, Format.table)
    else:
        say("Nothing is held.")


def _shown(holds: "Holds", hold: "Hold", entries: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What a person sees of a hold, given the windows and contents that are there; a lifted one covers nothing."""
    covered = holds.covered([] if hold.lifted_at else [hold])
    return {
        "id": hold.id,
        "placed_at": hold.placed_at.isoformat(timespec="seconds"),
        "covers": hold.named,
        "objects": len({sha256 for key, sha256 in entries if covered.has([sha256], [key])}),
        "reason": hold.reason,
        "lifted_at": hold.lifted_at.isoformat(timespec="seconds") if hold.lifted_at else None,
        "lifted_because": hold.lifted_because,
    }
