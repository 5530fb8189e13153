"""Linking: who is who in everything that the warehouse holds, worked out as a whole whenever something of it changed.

People come from the vault, land from entities and records. What is kept is tokens: `linkage.mentions` says which name
stands where, `linkage.entity_links` which of them are probably one. How likely that is belongs to `linkage`.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property, lru_cache
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from muniment import linkage, privacy, warehouse
from muniment.documents import values
from muniment.linkage import Description, Land, Link, Party
from muniment.privacy import Tokens, name_parts, names_in

if TYPE_CHECKING:
    import psycopg

INPUTS = (
    "lake.documents",
    "lake.entities",
    "lake.relationships",
    "lake.matters",
    "lake.parcels",
    "lake.payments",
    "vault.matters",
    "vault.payments",
    "vault.pii_findings",
)
_OWN = ("sin", "date_of_birth", "email", "phone")  # classes of data that belong to one person or to few
_FIRM = re.compile(rf"\b(?:{values.FIRM_WORDS})\b", re.IGNORECASE)


class Mention(NamedTuple):
    """That a name (its token) stands in a document or record; `sin` is the token of the number that is its own."""

    entity_type: str
    entity: str
    context: str
    source_type: str
    source: str
    sin: str | None


@dataclass(frozen=True)
class Linking:
    """What linking gave: mentions and links held now, those that are linked, and whether they were worked out anew.

    `torn` counts links between two different insurance numbers; there must be none.
    """

    mentions: int
    links: int
    linked: int
    torn: int
    changed: bool


def link(connection: "psycopg.Connection[Any]", tokens: Tokens, run_id: str) -> Linking:
    """Make mentions and links equal to what the warehouse's tables say; does nothing when they were made from these."""
    digest = _digest(connection, tokens)
    changed = not warehouse.is_derived(connection, "linkage", digest)
    if changed:
        known = _Known(connection)
        told = list(_told(known, tokens))
        links = [*linkage.link_people(party for party, _ in told), *linkage.link_land(known.lands, known.descriptions)]
        payers = _Payers(known, tokens, [party for party, _ in told])
        mentions = chain(sorted({mention for _, mention in told}, key=repr), payers.mentions())
        contents: dict[str, warehouse.Rows] = {
            "linkage.mentions": (Mention._fields, mentions),
            "linkage.entity_links": (
                [field.name for field in fields(Link)],
                (tuple(asdict(one).values()) for one in chain(links, payers.links())),
            ),
        }
        warehouse.derive(connection, "linkage", digest, contents, run_id)
    [(mentions, links, linked, torn)] = connection.execute(_COUNTS).fetchall()
    return Linking(mentions, links, linked, torn, changed)


_COUNTS = """
SELECT
    (SELECT count(*) FROM linkage.mentions),
    (SELECT count(*) FROM linkage.entity_links),
    (SELECT count(*) FROM linkage.entity_links WHERE status = 'linked'),
    (
        SELECT count(*)
        FROM (
            SELECT
                ARRAY(SELECT sin FROM linkage.mentions WHERE (entity, context) = (left_entity, left_context)
                      AND sin IS NOT NULL) AS one,
                ARRAY(SELECT sin FROM linkage.mentions WHERE (entity, context) = (right_entity, right_context)
                      AND sin IS NOT NULL) AS other
            FROM linkage.entity_links
        ) AS numbers
        WHERE cardinality(one) > 0 AND cardinality(other) > 0 AND NOT one && other
    )
"""


def _digest(connection: "psycopg.Connection[Any]", tokens: Tokens) -> str:
    """What links are made from: the windows loaded, the key, and the code that makes them."""
    loaded = sorted(
        f"{table} {key} {content}" for (table, key), content in warehouse.ledger(connection).items() if table in INPUTS
    )
    return hashlib.sha256("\n".join([_code(), tokens.key_id, *loaded]).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _code() -> str:
    sources = (Path(str(module)) for module in (linkage.__file__, privacy.__file__, values.__file__, __file__))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


class _Known:
    """What the warehouse knows of documents, matters and land; read on first use."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement.encode()).fetchall()

    @cached_property
    def descriptions(self) -> list[Description]:
        """What documents call the land."""
        rows = self.rows(
            "SELECT DISTINCT e.entity_type, e.entity, e.document_id, d.document_type "
            "FROM lake.entities AS e INNER JOIN lake.documents AS d USING (document_id) "
            "WHERE e.entity_type IN ('parcel', 'title', 'legal_description', 'address')"
        )
        return [Description(*row) for row in rows]

    @cached_property
    def lands(self) -> list[Land]:
        """Every parcel with all that any delivery of the records says of it."""
        said: defaultdict[str, tuple[set[str], set[str], set[str]]] = defaultdict(lambda: (set(), set(), set()))
        for linc, *names in self.rows("SELECT linc, title_number, short_legal, ats_description FROM lake.parcels"):
            title, *legals = names
            said[linc][0].update({title} - {None})
            said[linc][1].update({*legals} - {None})
        for linc, address in self.rows("SELECT linc, property_address FROM lake.matters WHERE linc IS NOT NULL"):
            said[linc][2].update({address} - {None})
        return [Land(linc, *map(frozenset, said[linc])) for linc in sorted(said)]

    @cached_property
    def matters_of_land(self) -> dict[str, set[str]]:
        """Matters by LINC."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for linc, matter in self.rows("SELECT linc, matter_number FROM lake.matters WHERE linc IS NOT NULL"):
            found[linc].add(matter)
        return found

    @cached_property
    def matters_named(self) -> dict[str, set[str]]:
        """Known matters that documents name."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        rows = self.rows(
            "SELECT document_id, target FROM lake.relationships WHERE relation = 'belongs_to_matter' "
            "AND target IN (SELECT matter_number FROM lake.matters)"
        )
        for document, matter in rows:
            found[document].add(matter)
        return found

    @cached_property
    def land_keys(self) -> dict[str, set[str]]:
        """What documents say of the land, as keys that speak for identity: `parcel:…`, `title:…`."""
        parcel_of = {title: land.linc for land in self.lands for title in land.titles}
        found: defaultdict[str, set[str]] = defaultdict(set)
        for one in self.descriptions:
            if one.type in ("parcel", "title"):
                found[one.document].add(f"{one.type}:{one.name}")
            if one.type == "title" and one.name in parcel_of:
                found[one.document].add(f"parcel:{parcel_of[one.name]}")
        return found

    def file_of(self, document: str) -> str | None:
        """The one matter that a document belongs to: it names it, or is about land of that matter alone."""
        named = self.matters_named.get(document, set())
        lincs = {key.removeprefix("parcel:") for key in self.land_keys.get(document, ()) if key.startswith("parcel:")}
        found = named or {matter for linc in lincs for matter in self.matters_of_land.get(linc, ())}
        return next(iter(found)) if len(found) == 1 else None


_Told = tuple[Party, Mention]


def _told(known: _Known, tokens: Tokens) -> Iterator[_Told]:
    """Everybody whom the record of a matter or a document names."""
    for matter, client, linc, *own in known.rows(
        "SELECT v.matter_number, v.client_name, l.linc, v.client_email, v.client_phone, v.client_sin "
        "FROM vault.matters AS v INNER JOIN lake.matters AS l USING (matter_number, source_object_id, window_key)"
    ):
        keys = [f"matter:{matter}", *([f"parcel:{linc}"] if linc else [])]
        yield from _recorded(
            tokens, "client", matter, client, keys, dict(zip(("email", "phone", "sin"), own, strict=True))
        )
    findings: defaultdict[str, list[_Finding]] = defaultdict(list)
    for document, *finding in known.rows(
        "SELECT DISTINCT document_id, pii_class, field, token, value FROM vault.pii_findings WHERE token IS NOT NULL"
    ):
        findings[document].append(_Finding(*finding))
    for document in sorted(findings):
        yield from _people(known, document, findings[document])


class _Payers:
    """Who pays on which file. There are as many as payments, so that they are told one after the other, and compared
    with the people of their file alone."""

    def __init__(self, known: _Known, tokens: Tokens, people: Iterable[Party]) -> None:
        self._tokens = tokens
        self._named = known.rows(
            "SELECT DISTINCT l.matter_number, v.payer FROM vault.payments AS v "
            "INNER JOIN lake.payments AS l USING (payment_id, source_object_id, window_key) "
            "WHERE v.payer IS NOT NULL ORDER BY 1, 2"
        )
        self._people: defaultdict[str, list[Party]] = defaultdict(list)
        for party in people:
            for key in party.shared:
                if key.startswith("matter:"):
                    self._people[key].append(party)

    def mentions(self) -> Iterator[Mention]:
        """Each payer of a file once."""
        for _, told in self._by_file():
            yield from sorted({mention for _, mention in told}, key=repr)

    def links(self) -> Iterator[Link]:
        """What links them to the people of their file."""
        for matter, told in self._by_file():
            yield from linkage.link_beside((party for party, _ in told), self._people.get(f"matter:{matter}", []))

    def _by_file(self) -> Iterator[tuple[str, list[_Told]]]:
        for matter, rows in groupby(self._named, key=itemgetter(0)):
            told = [_recorded(self._tokens, "payer", matter, payer, [f"matter:{matter}"], {}) for _, payer in rows]
            yield matter, list(chain.from_iterable(told))


class _Finding(NamedTuple):
    pii_class: str
    field: str | None
    token: str
    value: str


def _recorded(
    tokens: Tokens, place: str, matter: str, said: str | None, keys: Iterable[str], personal: Mapping[str, str | None]
) -> Iterator[_Told]:
    """The people of one column of a matter's record, who are no firms; what is `personal` is nobody's own where the
    record names two."""
    names = [one for one in names_in(said) if len(name_parts(one)) > 1 and not _FIRM.search(one)]
    people = {token: name_parts(name) for name in names if (token := tokens.of("person", name))}
    own = {kind: tokens.of(kind, value) for kind, value in personal.items() if value and len(people) == 1}
    shared = frozenset([*keys, *(token for token in own.values() if token)])
    sin, context = own.get("sin"), f"{place}:{matter}"
    for token, parts in people.items():
        sins = frozenset([sin] if sin else [])
        yield (
            Party(token, context, parts, shared, sins, frozenset(people) - {token}),
            Mention("person", token, context, "matter", matter, sin),
        )


def _people(known: _Known, document: str, findings: Iterable[_Finding]) -> Iterator[_Told]:
    """The people of a document. An identifier is somebody's own where the document names nobody else."""
    names: dict[str, tuple[str, ...]] = {}
    at_field: defaultdict[str, set[str]] = defaultdict(set)
    own: defaultdict[str, set[str]] = defaultdict(set)
    for one in sorted(findings, key=lambda one: (one.token, one.value)):
        parts = name_parts(one.value) if one.pii_class == "person" else ()
        if len(parts) > 1:
            names.setdefault(one.token, parts)
            if one.field:
                at_field[one.field].add(one.token)
        elif one.pii_class in _OWN:
            own[one.pii_class].add(one.token)
    file = known.file_of(document)
    context = f"file:{file}" if file else f"document:{document}"
    shared = known.land_keys.get(document, set()) | ({f"matter:{file}"} if file else set())
    if len(names) == 1:
        shared = shared.union(*own.values())
    sins = own["sin"] if len(names) == 1 and len(own["sin"]) == 1 else set()
    for token, parts in names.items():
        beside = frozenset(other for together in at_field.values() if token in together for other in together) - {token}
        party = Party(token, context, parts, frozenset(shared), frozenset(sins), beside)
        yield party, Mention("person", token, context, "document", document, next(iter(sins), None))
