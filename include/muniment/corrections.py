"""What a reviewer's correction may say: of which fields, in which form, and what of it is personal.

A correction arrives as a row of the record table `corrections`. How such rows are read belongs to `records`, what they
do to marts to dbt, how they are shown to `trace`.
"""

from collections import defaultdict
from functools import cache

from muniment.documents.catalogue import OTHER, FieldRule, catalogue
from muniment.documents.values import FORMS

DOCUMENT_TYPE = "document_type"
"""The name under which the type of a whole document is corrected."""

_FREE = frozenset({"text", "address", "organisation"})  # forms whose values may say anything
_UNKNOWN = "[PERSONAL]"


@cache
def _rules() -> dict[str, tuple[FieldRule, ...]]:
    """What the catalogue declares under each name that a value is published under."""
    known = catalogue()
    rules: dict[str, list[FieldRule]] = defaultdict(list)
    for one in known.types.values():
        for rule in known.fields(one.name):
            rules[rule.name].append(rule)
            if rule.finder:
                rules[f"{rule.name}_role"].append(FieldRule(f"{rule.name}_role", "text"))
        if one.varieties:
            rules[f"{one.name}_kind"].append(FieldRule(f"{one.name}_kind", "text"))
    return {name: tuple(several) for name, several in rules.items()}


def fault(field: str, value: str | None) -> tuple[str, str] | None:
    """What is wrong with a correction: the column and a sentence; None when nothing is.

    The value must stand in the canonical form of its field, so that marts can use it as it is.
    """
    if field == DOCUMENT_TYPE:
        types = (*catalogue().types, OTHER)
        return None if value in types else ("value", f"is no type of document: take one of {', '.join(types)}")
    rules = _rules().get(field)
    if rules is None:
        return (
            "field",
            f"is no field of any type of document: take one that `muniment review` shows, or {DOCUMENT_TYPE}",
        )
    if value is None or any(_is_free(rule) or _is_canonical(rule, value) for rule in rules):
        return None
    meant = next((form for rule in rules if (form := FORMS[rule.shape].normalise(value))), None)
    hint = f"write it as {meant}" if meant else "it is none"
    return "value", f"is not the canonical form of a {rules[0].shape.replace('_', ' ')}: {hint}"


def _is_free(rule: FieldRule) -> bool:
    return rule.kind == "person" or rule.shape in _FREE


def _is_canonical(rule: FieldRule, value: str) -> bool:
    return FORMS[rule.shape].normalise(value) == value


def masked(field: str, value: str) -> str:
    """The value as tables outside the vault may show it: as it is, with personal data masked, or not at all where its
    field is one of people or none that is known."""
    if field == DOCUMENT_TYPE:
        return value
    from muniment.documents.pii import PERSON, personal, placeholder

    rules = _rules().get(field)
    if rules is None:
        return _UNKNOWN
    classes = [PERSON if rule.finder else personal(rule) for rule in rules]  # whom a finder finds may be a person
    if pii_class := next(filter(None, classes), None):
        return placeholder(pii_class)
    if any(_is_canonical(rule, value) for rule in rules if not _is_free(rule)):
        return value
    return _screened(value) if any(_is_free(rule) for rule in rules) else _UNKNOWN


def _screened(value: str) -> str:
    """Free text with the personal data that can be recognised in it masked."""
    from muniment.documents.layout import Sheet, Word
    from muniment.documents.pii import detect, mask

    line = tuple(Word(word, 10.0 * at, 0.0, 10.0 * at + 9.0, 10.0) for at, word in enumerate(value.split()))
    sheet = Sheet(1, 10.0 * len(line) + 10.0, 10.0, "text", None, (line,))
    [found] = detect([sheet], [], typed=False)
    return mask(sheet.text, found)
