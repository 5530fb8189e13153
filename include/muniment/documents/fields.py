"""The values that a document has for the fields of its type: the best of what labels and wordings give, what parties it
has, what speaks for a value that is not printed. Rules are declared in the catalogue, values understood in `values`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from muniment.documents.catalogue import FieldRule, TypeRule, compiled
from muniment.documents.classify import headings
from muniment.documents.found import Found, found_at
from muniment.documents.labels import at_akin_labels, at_inner_labels, at_labels
from muniment.documents.layout import Sheet, Span
from muniment.documents.parties import parties
from muniment.documents.prose import in_prose, over_page_breaks, page_breaks
from muniment.documents.values import later, people

_DOUBTED = 0.85  # what a label counts beside which wordings are asked, too
_TITLED = 4  # pages on which a title is looked for
_VARIETY = 0.9  # what a variety counts that a title names
_PARTY = 0.9  # what a party with a role counts
_WITHOUT_ROLE = 0.63  # what one without a role counts
_OTHERWISE = 0.7  # what the value of another field counts
_COMPUTED = 0.8  # what a date counts that a duration leads to


def find(sheets: Sequence[Sheet], rules: Sequence[FieldRule]) -> list[Found]:
    """The best value for each rule that has one; labels outrank prose, earlier pages later ones."""
    labelled = [found for sheet in sheets for found in at_labels(sheet, rules)]
    breaks = page_breaks(sheets)
    best: list[Found] = []
    for rule in rules:
        if rule.finder == "parties":
            best += _parties(sheets, rule)
            continue
        since = _since(best, rules, rule)
        own = [found for found in labelled if found.rule is rule] or list(at_inner_labels(sheets, rule))
        own = own or [found for sheet in sheets for found in at_akin_labels(sheet, rule, rules)]
        own = [found for found in own if found.is_after(since)]
        if not own or max(found.score for found in own) < _DOUBTED:
            own += in_prose(sheets, rule, since)
        own = own or [found for found in over_page_breaks(breaks, rule) if found.is_after(since)]
        if own:
            best.append(_best(own))
    best += _otherwise(best, rules)
    return best + list(_computed(best, rules))


def _since(best: Sequence[Found], rules: Sequence[FieldRule], rule: FieldRule) -> str:
    """The ISO date after which a rule's must lie: that of the field it names or of one that speaks for it; or none."""
    names = [rule.after, *(other.otherwise for other in rules if other.name == rule.after)]
    dates = {found.rule.name: found.normalised for found in best if found.rule.name in names}
    return next((date for name in names if (date := dates.get(name))), "")


def _best(own: Sequence[Found]) -> Found:
    """The likeliest of the values for a rule; the others are its rivals."""
    best = max(own, key=lambda found: (found.normalised is not None, found.score, -found.page))
    return replace(best, rivals=tuple(found for found in own if found is not best))


def variety(sheets: Sequence[Sheet], document_type: TypeRule | None) -> Iterator[Found]:
    """Which variety of its type a document is, as its title says or else the wording that speaks for the type."""
    if not document_type or not document_type.varieties:
        return
    kind = FieldRule(f"{document_type.name}_kind", "text")
    for sheet, positions, title in _titles(sheets, document_type):
        for name, expression in document_type.varieties.items():
            if compiled(expression).search(title):
                yield Found(kind, sheet.number, positions, title, name, _VARIETY, way="prose", source=sheet.source)
                return


def _titles(sheets: Sequence[Sheet], document_type: TypeRule) -> Iterator[tuple[Sheet, tuple[int, ...], str]]:
    """Lines and wordings of the first pages that say what a document is, the likeliest first."""
    for sheet in sheets[:_TITLED]:
        for lines, _ in sorted(headings(document_type, sheet), key=lambda found: -found[1]):
            positions = tuple(position for line in lines for position in line.positions)
            yield sheet, positions, " ".join(line.text for line in lines)
    for sheet in sheets[:_TITLED]:
        for pattern, _ in document_type.phrases:
            if match := compiled(pattern).search(sheet.text):
                span = Span(*match.span())
                yield sheet, tuple(sheet.positions(span)), " ".join(match[0].split())


def _parties(sheets: Sequence[Sheet], rule: FieldRule) -> Iterator[Found]:
    """The parties of an agreement and, under the same ordinal, what it calls them. Who is not clearly an organisation
    is a person, of whatever shape the name: so that it is masked."""
    called = replace(rule, name=f"{rule.name}_role", kind="text", finder="")
    ordinal = 1
    for party in parties(sheets):
        person = not party.is_organisation
        for one, of in ((party.name, replace(rule, kind="person") if person else rule), (party.role, called)):
            if one:
                certain = _PARTY if party.role else _WITHOUT_ROLE
                found = found_at(one.sheet, one.positions, one.text, of, certain)
                yield replace(found, ordinal=ordinal, way="party")
        ordinal += max(1, len(people(party.name.text))) if person else 1  # each person of a name gets one


def _otherwise(best: Sequence[Found], rules: Sequence[FieldRule]) -> Iterator[Found]:
    """Values of other fields that speak for those which have none."""
    by_name = {found.rule.name: found for found in best}
    for rule in rules:
        if rule.name not in by_name and rule.otherwise in by_name:
            other = by_name[rule.otherwise]
            yield replace(other, rule=rule, score=round(_OTHERWISE * other.score, 4), way="derived")


def _computed(best: Sequence[Found], rules: Sequence[FieldRule]) -> Iterator[Found]:
    """Dates that nothing prints but a duration leads to; they stand where the duration does."""
    by_name = {found.rule.name: found for found in best}
    for rule in rules:
        start, length = by_name.get(rule.after), by_name.get(rule.adding)
        if rule.name in by_name or not (start and start.normalised and length and length.normalised):
            continue
        if day := later(start.normalised, length.normalised):
            score = round(_COMPUTED * length.score * start.score, 4)
            yield replace(length, rule=rule, normalised=day, score=score, way="derived", rivals=())
