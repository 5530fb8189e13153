"""Who is who, and which descriptions mean the same land: links with a score and what speaks for them. Pure.

Nothing is merged. A link says that two things, each with a place of its own, are probably one; `linked` is for use,
`possible` for a person to look at. Names come in clear and only tokens go out. Candidates are met in blocks (a shared
matter, parcel or identifier; a common family name), so that the cost grows with the number of names and not with its
square. Reading the inputs and keeping the links belong to `stages.link`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations, pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from muniment.documents.values import legal
from muniment.privacy import SUFFIXES

LINKED = 0.90  # a middle name left out or one slip in a long name, seen on one file, still counts as the same
POSSIBLE = 0.70  # equal names that share nothing reach 0.80: worth a look, and no more
# How much a name counts with the strongest thing that both share. What is given to one person counts most; a file has
# few people of similar names; a parcel sees several families; without any of them, names repeat among strangers.
WEIGHTS = {
    "sin": 1.0,
    "date_of_birth": 0.97,
    "email": 0.97,
    "phone": 0.95,
    "matter": 0.95,
    "title": 0.92,
    "parcel": 0.92,
}
NAME_ALONE = 0.80
SAME_NUMBER = 0.75  # two names with one insurance number: somebody who changed the name, or a slip; never linked unseen
COMMON = 40  # parties that share a key before it says nothing, as an office's telephone number does
NEAR = 10  # names compared with each within a family name, in the order of the alphabet (sorted neighbourhood)

_SHORT = 0.85  # what an initial or a short form of a given name counts
_LEAST_GIVEN = 0.7  # below it given names are other names, not other spellings
_UNNAMED_MIDDLE = 0.95
_SUFFIX_UNSAID = 0.9
_PARTS, _LONGEST = 8, 64  # of a name that are looked at, and characters of each


@dataclass(frozen=True)
class Party:
    """A name in one place: `context` is a record or the documents of one file.

    `shared` holds what may speak for identity, as `kind:value`; `sins` the insurance numbers that are certainly the
    party's own; `beside` the tokens of those named beside it, who are therefore somebody else.
    """

    token: str
    context: str
    name: tuple[str, ...]
    shared: frozenset[str] = frozenset()
    sins: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Land:
    """A parcel as the records describe it."""

    linc: str
    titles: frozenset[str] = frozenset()
    legals: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Description:
    """What a document calls the land: a `parcel` (LINC), `title`, `legal_description` or `address`."""

    type: str
    name: str
    document: str
    document_type: str


@dataclass(frozen=True)
class Link:
    """Two things that are probably one, the lesser in order on the left; contexts are empty for land."""

    left_type: str
    left_entity: str
    left_context: str
    right_type: str
    right_entity: str
    right_context: str
    score: float
    method: str
    evidence: str
    decided_by: str
    status: str


_Node = tuple[str, str, str]


def _link(one: _Node, other: _Node, score: float, method: str, evidence: Iterable[str]) -> Link:
    left, right = sorted((one, other))
    status = "linked" if score >= LINKED else "possible"
    return Link(*left, *right, round(score, 4), method, " ".join(sorted(evidence)), "rule", status)


def _best(links: Iterable[Link]) -> list[Link]:
    """The links in order, of each pair the one that scores highest."""
    found: dict[tuple[_Node, _Node], Link] = {}
    for one in sorted(links, key=lambda link: (-link.score, link.method, link.evidence)):
        left = (one.left_type, one.left_entity, one.left_context)
        found.setdefault((left, (one.right_type, one.right_entity, one.right_context)), one)
    return [found[key] for key in sorted(found)]


# -- people


def link_people(parties: Iterable[Party]) -> list[Link]:
    """Links between parties, whatever the order in which these are given."""
    distinct = _telling(_gathered(parties))
    links = (_between(one, other) for one, other in _candidates(distinct))
    return _best(link for link in links if link)


def link_beside(parties: Iterable[Party], others: Sequence[Party]) -> list[Link]:
    """Links between parties and those whom they stand beside, such as who pays on a file and the people of that file.
    So many of these that what they share says nothing give none."""
    if len(others) > COMMON:
        return []
    pairs = ((one, other) for one in _gathered(parties) for other in others)
    return _best(link for one, other in pairs if (link := _between(one, other)))


def _gathered(parties: Iterable[Party]) -> list[Party]:
    """One party for each token and context, in order, with all that was said of it."""
    by_node: defaultdict[tuple[str, str], list[Party]] = defaultdict(list)
    for party in parties:
        by_node[party.token, party.context].append(party)
    return [reduce(_joined, sorted(by_node[node], key=lambda one: one.name)) for node in sorted(by_node)]


def _joined(one: Party, other: Party) -> Party:
    return replace(one, shared=one.shared | other.shared, sins=one.sins | other.sins, beside=one.beside | other.beside)


def _telling(parties: Sequence[Party]) -> list[Party]:
    """The parties without what too many of them share."""
    count = Counter(key for party in parties for key in party.shared)
    return [replace(one, shared=frozenset(key for key in one.shared if count[key] <= COMMON)) for one in parties]


def _candidates(parties: Sequence[Party]) -> Iterator[tuple[Party, Party]]:
    """Pairs to compare: all that share something, and neighbours among those of one family name."""
    sharing: defaultdict[str, list[Party]] = defaultdict(list)
    families: defaultdict[str, defaultdict[tuple[str, ...], list[Party]]] = defaultdict(lambda: defaultdict(list))
    for party in parties:
        for key in party.shared:
            sharing[key].append(party)
        if len(party.name) > 1:
            families[_split(party.name)[1]][party.name].append(party)
    for key in sorted(sharing):
        yield from combinations(sharing[key], 2)
    for family in sorted(families):
        names = sorted(families[family])
        for at, name in enumerate(names):
            same = families[family][name]
            yield from pairwise(same)
            for near in names[at + 1 : at + 1 + NEAR]:
                yield same[0], families[family][near][0]


def _between(one: Party, other: Party) -> Link | None:
    """The link between two parties; None where they are not alike, or known to be two people."""
    if other.token in one.beside or one.token in other.beside:
        return None
    if one.sins and other.sins and one.sins.isdisjoint(other.sins):
        return None
    kinds = {key.partition(":")[0] for key in one.shared & other.shared}
    weight = max((WEIGHTS[kind] for kind in kinds if kind in WEIGHTS), default=NAME_ALONE)
    score = weight * similarity(one.name, other.name)
    if one.sins & other.sins:
        score = max(score, SAME_NUMBER)
    if score < POSSIBLE:
        return None
    method = "same_name" if one.token == other.token else "similar_name"
    return _link(("person", one.token, one.context), ("person", other.token, other.context), score, method, kinds)


def similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two names are, 0 to 1, by their parts in the order given, family, suffix (`privacy.name_parts`).

    Half by the family name and half by given names, where an initial stands for a name. A name whose family comes first
    without a comma is tried in its turn, too.
    """
    one, other = _cut(one), _cut(other)
    if not one or not other:
        return 0.0
    return max(_alike(one, other), 0.95 * _alike(_turned(one), other), 0.95 * _alike(one, _turned(other)))


def _cut(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(part[:_LONGEST] for part in parts[:_PARTS])


def _turned(parts: tuple[str, ...]) -> tuple[str, ...]:
    return (*parts[1:], parts[0])


def _split(parts: Sequence[str]) -> tuple[tuple[str, ...], str, str]:
    """Given names, family name and suffix."""
    suffix = parts[-1] if len(parts) > 2 and parts[-1] in SUFFIXES else ""
    named = parts[:-1] if suffix else parts
    return tuple(named[:-1]), named[-1], suffix


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    (given, family, suffix), (other_given, other_family, other_suffix) = _split(one), _split(other)
    if not given or not other_given or (suffix and other_suffix and suffix != other_suffix):
        return 0.0
    first = _part(given[0], other_given[0])
    if first < _LEAST_GIVEN:
        return 0.0
    alike = (OSA.normalized_similarity(family, other_family) + _given(first, given[1:], other_given[1:])) / 2
    return alike if suffix == other_suffix else _SUFFIX_UNSAID * alike


def _given(first: float, middle: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How alike given names are whose first ones are alike by `first`."""
    if not middle and not other:
        return first
    if not middle or not other:
        return _UNNAMED_MIDDLE * first
    pairs = [_part(one, two) for one, two in zip(middle, other, strict=False)]
    return 0.7 * first + 0.3 * sum(pairs) / len(pairs)


def _part(one: str, other: str) -> float:
    """How alike two given names are; an initial or short form stands for the whole."""
    if one != other and (one.startswith(other) or other.startswith(one)) and min(len(one), len(other)) != 2:
        return _SHORT
    return OSA.normalized_similarity(one, other)


# -- land

_RECORDED = {"title": 1.0, "legal_description": 0.97, "address": 0.92}  # of what a record says of one parcel
_SHARED_ADDRESS = 0.75  # an address that several parcels have, as the units of one building do
_SAME_DOCUMENT = 0.85  # what one document says of one parcel; a certificate of title is believed
_CERTIFIED = 0.95
_SIMILAR_ADDRESS = 0.9  # ratio from which addresses of equal numbers are alike
_STREETS = {
    "street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "boulevard": "blvd", "crescent": "cres",
    "court": "ct", "place": "pl", "lane": "ln", "terrace": "terr", "northwest": "nw", "northeast": "ne",
    "southwest": "sw", "southeast": "se", "alberta": "", "ab": "", "canada": "",
}  # fmt: skip


def link_land(lands: Iterable[Land], descriptions: Iterable[Description]) -> list[Link]:
    """Links between descriptions of land and the parcels, whatever the order in which these are given."""
    named = sorted(set(descriptions), key=lambda one: (one.document, one.type, one.name))
    return _best([*_by_record(lands, named), *_by_document(named)])


def _by_record(lands: Iterable[Land], named: Sequence[Description]) -> Iterator[Link]:
    """What records say of the land that documents name."""
    parcels: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    streets: defaultdict[str, set[str]] = defaultdict(set)
    for land in lands:
        for kind, names in (("title", land.titles), ("legal_description", land.legals), ("address", land.addresses)):
            for name in names:
                parcels[kind, _FOLDS[kind](name)].add(land.linc)
        for name in land.addresses:
            streets[_numbers(folded_address(name))].add(folded_address(name))
    for kind, name in sorted({(one.type, one.name) for one in named if one.type in _FOLDS}):
        folded = _FOLDS[kind](name)
        own = parcels.get((kind, folded), set())
        for linc in own:
            score = _RECORDED[kind] if kind != "address" or len(own) == 1 else _SHARED_ADDRESS
            yield _link((kind, name, ""), ("parcel", linc, ""), score, "record", [kind])
        if kind == "address" and not own:
            yield from _by_similar_address(name, folded, streets, parcels)


def _by_similar_address(
    name: str, folded: str, streets: Mapping[str, set[str]], parcels: Mapping[tuple[str, str], set[str]]
) -> Iterator[Link]:
    """Recorded addresses with the same numbers and nearly the same words; more than a few say nothing."""
    near = sorted(streets.get(_numbers(folded), ()))
    for other in near if len(near) <= COMMON else ():
        alike = fuzz.token_sort_ratio(folded, other) / 100
        if alike >= _SIMILAR_ADDRESS or other.startswith(f"{folded} ") or folded.startswith(f"{other} "):
            for linc in parcels["address", other]:
                score = max(_SHARED_ADDRESS, alike * _SAME_DOCUMENT)
                yield _link(("address", name, ""), ("parcel", linc, ""), score, "similar_address", ["address"])


def _by_document(named: Sequence[Description]) -> Iterator[Link]:
    """What a document that speaks of one parcel (or, naming none, of one title) calls it besides."""
    by_document: defaultdict[str, list[Description]] = defaultdict(list)
    for one in named:
        by_document[one.document].append(one)
    for ones in by_document.values():
        anchor = next((kind for kind in ("parcel", "title") if any(one.type == kind for one in ones)), "")
        anchors = [one for one in ones if one.type == anchor]
        if len(anchors) == 1:
            [land] = anchors
            for one in ones:
                if one is not land:
                    certified = one.document_type == "certificate_of_title" and one.type == "title"
                    score = _CERTIFIED if certified else _SAME_DOCUMENT
                    yield _link((one.type, one.name, ""), (land.type, land.name, ""), score, "document", ["document"])


def folded_address(address: str) -> str:
    """The words of an address in lower case, streets abbreviated, without province, country and postal code."""
    plain = re.sub(r"\b[a-z]\d[a-z]\s?\d[a-z]\d\b", " ", address.casefold()[:400])
    words = re.findall(r"[^\W_]+", plain)
    return " ".join(short for word in words if (short := _STREETS.get(word, word)))


def _numbers(folded: str) -> str:
    return " ".join(sorted(word for word in folded.split() if word[0].isdigit()))


def _folded_legal(name: str) -> str:
    return legal(name[:400]) or " ".join(name.upper().split())


def _folded_title(name: str) -> str:
    return "".join(name.split())


_FOLDS: dict[str, Callable[[str], str]] = {
    "title": _folded_title,
    "legal_description": _folded_legal,
    "address": folded_address,
}
