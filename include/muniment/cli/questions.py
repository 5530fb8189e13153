"""Commands that ask: SQL on warehouse and lake, search, where a value came from, what to look at next."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from muniment.cli.app import FormatOption, JsonFlag, app, examples, open_platform, open_warehouse, say
from muniment.errors import MunimentError
from muniment.platform import Platform
from muniment.rendering import Format, json_text, write

if TYPE_CHECKING:
    from muniment.contract import Contract
    from muniment.lake import Lake, Moment
    from muniment.trace import Origin, Place, Spot


@app.command(
    epilog=examples(
        'muniment sql "select * from marts.matter_readiness"',
        'muniment sql "select * from marts.price_reconciliation" --format csv > prices.csv',
        "muniment sql \"select table_name from information_schema.tables where table_schema = 'marts'\"",
    )
)
def sql(
    statement: Annotated[str, typer.Argument(help="One statement, such as: select * from marts.matter_readiness")],
    form: FormatOption = Format.table,
) -> None:
    """Ask the warehouse in PostgreSQL's SQL, as a role that only reads and cannot see the vault."""
    from muniment import warehouse

    with open_warehouse(open_platform()) as dsn:
        write(*warehouse.query(dsn, statement), form)


@app.command(
    epilog=examples(
        'muniment lake "select document_type, count(*) from documents group by all"',
        'muniment lake "select count(*) from documents" --release r20260308-180512',
        'muniment lake "select count(*) from documents" --now',
        'muniment lake "select count(*) from documents" --as-of 2026-03-08T18:00:00Z',
        'muniment lake "select * from vault.matters" --vault',
    )
)
def lake(
    statement: Annotated[str, typer.Argument(help="One statement, such as: select * from documents")],
    release: Annotated[
        str | None, typer.Option("--release", metavar="ID", help="This release: muniment release list.")
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="The tables as they are this moment, with what a run at work has written.")
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="TIMESTAMP", help="The tables as they were then (ISO 8601; UTC without an offset)."
        ),
    ] = None,
    form: FormatOption = Format.table,
    vault: Annotated[
        bool, typer.Option("--vault", help="Open the vault's tables, with personal data in clear.")
    ] = False,
) -> None:
    """Ask the lake's Iceberg tables in DuckDB's SQL: the newest release, unless another moment is named.

    A release is what all tables held together when a run was through. Before the first one, the tables are read as they
    are.
    """
    from muniment.lake.query import query

    tables = open_platform().lake
    write(*query(tables, statement, _moment(tables, release, as_of, now=now), vault=vault), form)


def _moment(lake: "Lake", release: str | None, as_of: str | None, *, now: bool) -> "Callable[[Contract], Moment]":
    """At which moment each table is looked at; MunimentError when more than one is named."""
    from muniment import releases
    from muniment.lake.query import instant

    if sum((release is not None, as_of is not None, now)) > 1:
        raise MunimentError("Give --release, --as-of or --now: one of them.")
    if as_of is not None:
        then = instant(as_of)
        return lambda _: then
    chosen = releases.find(lake, release) if release is not None else None if now else releases.newest(lake)
    return chosen.pinned if chosen else _as_it_is


def _as_it_is(_: "Contract") -> "Moment":
    return None


@app.command(
    epilog=examples(
        'muniment search "who pays the tax arrears" -k 3',
        "muniment search 0012345678",
        'muniment search "interest rate" --type mortgage --json',
    )
)
def search(
    query: Annotated[str, typer.Argument(help="Words, a question, or an identifier such as a LINC or title number.")],
    k: Annotated[int, typer.Option("-k", min=1, max=500, help="How many passages.")] = 10,
    document_type: Annotated[str | None, typer.Option("--type", help="Only this type of document.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Find passages by meaning, words and identifiers at once."""
    from muniment import warehouse
    from muniment.embedding import open_encoder
    from muniment.search import search as find

    platform = open_platform()
    with open_warehouse(platform) as dsn, warehouse.connected(warehouse.reader(dsn), autocommit=True) as connection:
        hits = find(connection, query, open_encoder(platform.settings.embedding_model), k, document_type)
    if as_json:
        typer.echo(json_text([asdict(hit) for hit in hits]))
        return
    rows = [
        [f"{h.score:.4f}", h.document, h.document_type, h.page, h.key, " ".join(h.text.split())[:160]] for h in hits
    ]
    write(["score", "document", "type", "page", "key", "text"], rows, Format.table)


@app.command(
    epilog=examples(
        "muniment trace documents/2026-0001/tax-certificate.pdf",
        "muniment trace 3f2a9c tax_levy --image levy.png",
        'muniment trace 3f2a9c --text "arrears of taxes" --image arrears.png',
    )
)
def trace(
    document: Annotated[str, typer.Argument(help="Document id, start of its SHA-256, or landing key.")],
    field: Annotated[str | None, typer.Argument(help="Only this field.")] = None,
    text: Annotated[str | None, typer.Option(help="Where these words of the document stand.")] = None,
    passage: Annotated[
        int | None, typer.Option(help="Where this passage stands: the ordinal of a hit of `muniment search --json`.")
    ] = None,
    image: Annotated[Path | None, typer.Option(help="Write the page with the boxes drawn as PNG.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Where a value came from: object, hash, page, box, extractor, window, run, and what reviewers said of it.

    With --text or --passage: where that text stands, a box for each line. Text is as the tables have it, with a class
    such as [PERSON] in place of personal data; case, accents, spaces and hyphens do not count.
    """
    from muniment import trace as tracing

    platform = open_platform()
    if sum(one is not None for one in (field, text, passage)) > 1:
        raise MunimentError("Give a field, --text or --passage: one of them.")
    origin = tracing.origin(platform, document)
    if text is not None or passage is not None:
        spots = (
            tracing.passage(platform, origin.document, passage)
            if passage is not None
            else tracing.quoted(platform, origin.document, text or "")
        )
        _show_spots(origin, spots, as_json)
        if image:
            _draw(platform, origin, spots, image)
        return
    places = tracing.places(platform, origin.document, field)
    corrections = tracing.corrections(platform, origin.document, field)
    if as_json:
        told = {"fields": [asdict(place) for place in places], "corrections": [asdict(one) for one in corrections]}
        typer.echo(json_text(asdict(origin) | told))
    else:
        write(["document", origin.document], list(asdict(origin).items())[1:], Format.table)
        rows = [[p.field, p.value, p.page, _box(p.box), f"{p.confidence:.2f}", p.extractor, p.run] for p in places]
        write(["field", "value", "page", "box", "confidence", "extractor", "run"], rows, Format.table)
        if corrections:
            typer.echo()
            said = [[c.field, c.value, c.reviewer, c.reviewed_at, f"{c.key}:{c.line}"] for c in corrections]
            write(["corrected", "to", "by", "at", "file and line"], said, Format.table)
    if image:
        _draw(platform, origin, places, image)


def _show_spots(origin: "Origin", spots: "Sequence[Spot]", as_json: bool) -> None:
    if as_json:
        typer.echo(json_text(asdict(origin) | {"places": [asdict(spot) for spot in spots]}))
        return
    write(["document", origin.document], list(asdict(origin).items())[1:], Format.table)
    rows = [[spot.occurrence, spot.page, _box(spot.box), spot.text] for spot in spots]
    write(["occurrence", "page", "box", "text"], rows, Format.table)


def _draw(platform: Platform, origin: "Origin", found: "Sequence[Place | Spot]", image: Path) -> None:
    from muniment.trace import draw

    page = draw(platform, origin.sha256, found, image)
    others = sorted({one.page for one in found if one.box} - {page})
    more = f"; there is more on page {', '.join(map(str, others))}" if others else ""
    say(f"Wrote {image}: page {page}{more}")


def _box(box: Any) -> str:
    return f"{box.x0:.0f},{box.y0:.0f} {box.x1:.0f},{box.y1:.0f}" if box else ""


@app.command(
    epilog=examples(
        "muniment review",
        "muniment review --type mortgage -n 50 --form mortgages.csv",
        "muniment land mortgages.csv --under corrections && muniment run",
    )
)
def review(
    count: Annotated[int, typer.Option("-n", min=1, max=100_000, help="How many values.")] = 20,
    document_type: Annotated[str | None, typer.Option("--type", help="Only this type of document.")] = None,
    form: Annotated[
        Path | None, typer.Option("--form", help="Write them as a CSV file of corrections to fill in and land.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """The least sure values first, to be looked at by a person.

    Put `value` right in the file that --form writes, name yourself as `reviewer` with the instant in `reviewed_at`
    (2026-03-08T10:00:00-07:00), and land it below corrections/. A row without a change confirms what was read; an
    empty `value` says that the document has none; an unsigned row is refused by itself. What was read stays beside it.
    """
    from muniment.review import doubts, write_form

    with open_warehouse(open_platform()) as dsn:
        found = doubts(dsn, count, document_type)
    if form:
        write_form(found, form)
        say(f"Wrote {len(found)} values to {form}. Fill it in, then: muniment land {form} --under corrections")
    elif as_json:
        typer.echo(json_text([asdict(one) for one in found]))
    else:
        rows = [[f"{d.confidence:.2f}", d.field, d.value, d.page, d.document_type, d.document_id, d.key] for d in found]
        write(["confidence", "field", "value", "page", "type", "document", "key"], rows, Format.table)
