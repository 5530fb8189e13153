"""What a document's fields name, and how these things are related: entities and relationships with their evidence.

A person goes by the token of the name, since the graph stands outside the vault. Which relation follows from which
field is declared below; what is not declared follows from the kind of the field, so that a type added to the catalogue
has its parties and amounts too. Whether two names mean the same is for `linkage`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from muniment.documents.model import Box, Document, Field, Finding
from muniment.privacy import Tokens

_TYPE_OF_KIND = {
    "linc": "parcel",
    "title_number": "title",
    "legal": "legal_description",
    "organisation": "organisation",
    "address": "address",
    "money": "money",
    "date": "date",
}
_TYPE_OF_FIELD = {"matter_number": "matter", "instrument_number": "instrument", "registration_number": "instrument"}
_VALUES = frozenset(("money", "date"))  # known by their normalised form alone
_PARTIES = frozenset(("person", "organisation"))
_LAND = ("title", "parcel", "legal_description")

# What the document itself does to what it names, by its type; other things it concerns.
_DOCUMENT_TO_TITLE = {
    "certificate_of_title": "certifies_title",
    "transfer_of_land": "transfers_title",
    "mortgage": "encumbers_title",
    "caveat": "encumbers_title",
}
# What somebody or something that a field names is to other things of the document: relation and kinds of target.
_FIELD_TO_OTHERS: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("certificate_of_title", "registered_owner"): ("owner_of", _LAND),
    ("mortgage", "mortgagee"): ("lender_on", ("instrument", *_LAND)),
    ("mortgage", "principal"): ("amount_of", ("instrument",)),
    ("discharge", "mortgagee"): ("lender_on", ("instrument",)),
}
# Types that stand on title as an instrument, or end one that does.
_REGISTERED = frozenset(("mortgage", "caveat", "discharge"))


@dataclass(frozen=True)
class Entity:
    """A thing by its type and canonical name, and the field that names it."""

    type: str
    name: str
    field: Field


@dataclass(frozen=True)
class Relation:
    """What `source` is to `target`. `evidence` is the field whose place on the page shows it."""

    relation: str
    source_type: str
    source: str
    target_type: str
    target: str
    role: str | None
    evidence: Field
    confidence: float


def identified(document: Document, tokens: Tokens) -> tuple[Field, ...]:
    """The document's fields; one that is personal has the token of its value in clear as its normalised form."""
    return tuple(
        replace(field, normalised=_token(field, document.findings, tokens)) if field.pii_class else field
        for field in document.fields
    )


def _token(field: Field, findings: Iterable[Finding], tokens: Tokens) -> str | None:
    """The token of a masked value; None where more than the personal value stood there, or it cannot be told which."""
    if not field.pii_class or field.value != f"[{field.pii_class.upper()}]":
        return None
    near = [one for one in findings if (one.page, one.pii_class) == (field.page, field.pii_class)]
    own = [one for one in near if one.box == field.box] or [one for one in near if _within(one.box, field.box)]
    values = {one.value for one in own}
    return tokens.of(field.pii_class, values.pop()) if len(values) == 1 else None


def _within(inner: Box | None, outer: Box | None) -> bool:
    if not inner or not outer:
        return False
    return inner.x0 >= outer.x0 and inner.y0 >= outer.y0 and inner.x1 <= outer.x1 and inner.y1 <= outer.y1


def entities(fields: Iterable[Field]) -> list[Entity]:
    """Distinct things that the fields name, in order of type and name, each with the field that names it first."""
    found: dict[tuple[str, str], Entity] = {}
    for field in fields:
        if entity := _entity(field):
            found.setdefault((entity.type, entity.name), entity)
    return [found[key] for key in sorted(found)]


def _entity(field: Field) -> Entity | None:
    if field.pii_class:
        return Entity("person", field.normalised, field) if field.pii_class == "person" and field.normalised else None
    kind = _TYPE_OF_FIELD.get(field.name) or _TYPE_OF_KIND.get(field.kind)
    if not kind or (kind in _VALUES and not field.normalised):
        return None
    return Entity(kind, " ".join((field.normalised or field.value).upper().split()), field)


def relations(document_id: str, document_type: str, fields: Sequence[Field]) -> list[Relation]:
    """Distinct relations among a document and the things that it names, in a fixed order."""
    found: dict[tuple[str, ...], Relation] = {}
    for one in _relations(document_id, document_type, fields):
        key = (one.relation, one.source_type, one.source, one.target_type, one.target, one.evidence.name)
        found.setdefault(key, one)
    return [found[key] for key in sorted(found)]


def _relations(document_id: str, document_type: str, fields: Sequence[Field]) -> Iterator[Relation]:
    things = entities(fields)
    for thing in things:
        if relation := _of_document(document_type, thing.type):
            yield _relation(relation, ("document", document_id), thing, thing.field)
    named = [entity for field in fields if (entity := _entity(field))]  # a thing may be named in several roles
    for one in named:
        yield from _of_field(document_id, document_type, one, things, fields)
    if document_type in _REGISTERED:
        yield from _registered(document_id, things)


def _of_document(document_type: str, thing: str) -> str | None:
    """What a document of a type does with a thing that it names; None for what takes part in it or is said by it."""
    match thing:
        case "matter":
            return "belongs_to_matter"
        case "parcel":
            return "describes_parcel"
        case "title":
            return _DOCUMENT_TO_TITLE.get(document_type, "concerns")
        case "instrument":
            return "discharges_instrument" if document_type == "discharge" else "concerns"
    return None


def _of_field(
    document_id: str, document_type: str, one: Entity, things: Sequence[Entity], fields: Iterable[Field]
) -> Iterator[Relation]:
    """What somebody or an amount is to the document and to other things that it names."""
    field, source = one.field, (one.type, one.name)
    if one.type in _PARTIES:
        role = _role(field, fields)
        yield Relation("party_to", *source, "document", document_id, role, field, field.confidence)
    elif one.type == "money":
        yield Relation("amount_of", *source, "document", document_id, field.name, field, field.confidence)
    else:
        return
    relation, kinds = _FIELD_TO_OTHERS.get((document_type, field.name), ("", ()))
    for target in things:
        if target.type in kinds:
            yield _relation(relation, source, target, field, field.name)


def _role(field: Field, fields: Iterable[Field]) -> str:
    """What the document calls a party, else the name of the field."""
    named = (f"{field.name}_role", field.ordinal)
    called = next((one for one in fields if (one.name, one.ordinal) == named and not one.pii_class), None)
    return (called.normalised or called.value).lower() if called else field.name


def _registered(document_id: str, things: Sequence[Entity]) -> Iterator[Relation]:
    """What is registered against the land: the instruments named, else the document; the title says the land best."""
    lands = next((of_kind for kind in _LAND if (of_kind := [one for one in things if one.type == kind])), [])
    instruments = [("instrument", one.name) for one in things if one.type == "instrument"]
    for source in instruments or [("document", document_id)]:
        for land in lands:
            yield _relation("registered_against", source, land, land.field)


def _relation(
    relation: str, source: tuple[str, str], target: Entity, evidence: Field, role: str | None = None
) -> Relation:
    confidence = min(evidence.confidence, target.field.confidence)
    return Relation(relation, *source, target.type, target.name, role, evidence, confidence)
