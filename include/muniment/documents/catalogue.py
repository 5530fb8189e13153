"""The catalogue of document types: what they are called, what speaks for them, and how forms label their values.

A type is a file of `include/catalogue/`; `_shared.yaml` holds the fields that several types have, and what names
people and other personal data on any document. This module reads and checks the files; `classify`, `fields` and `pii`
act on them. All expressions are regular ones without regard to case in which a space stands for any white space. The
first label of a list is the most telling. Prose names the value as `<form>` (a name of `values.FORMS`) and its
surroundings as an expression. What values of one document owe one another is declared here and judged by `checks`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from muniment.documents.values import FORMS
from muniment.documents.wording import Wording
from muniment.errors import MunimentError
from muniment.settings import CATALOGUE

OTHER = "other"
_SHARED = "_shared"
_STRICT = ConfigDict(extra="forbid")
_PLACEHOLDER = re.compile(r"<([a-z_]+)>")


class CatalogueError(MunimentError):
    """A file of the catalogue that cannot be used."""


def spaced(pattern: str) -> str:
    """The pattern with `\\s+` for each space, or `\\s` within a character class."""
    out, inside = [], False
    for order, character in enumerate(pattern):
        escaped = order > 0 and pattern[order - 1] == "\\"
        if character == "[" and not escaped:
            inside = True
        elif character == "]" and not escaped:
            inside = False
        optional = not inside and pattern[order + 1 : order + 2] == "?"
        space = r"\s" if inside else r"(?:\s+)" if optional else r"\s+"
        out.append(space if character == " " else character)
    return "".join(out)


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Wording:
    """A pattern of the catalogue."""
    return Wording(spaced(pattern), flags=re.IGNORECASE | re.DOTALL)


def _expression(pattern: str) -> str:
    try:
        _ = compiled(_PLACEHOLDER.sub("", pattern)).pattern
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
    unknown = [form for form in _PLACEHOLDER.findall(pattern) if form not in FORMS]
    if unknown:
        raise ValueError(f"<{unknown[0]}> is no form: take one of {', '.join(sorted(FORMS))}")
    return pattern


def _form(name: str) -> str:
    if name and name not in FORMS:
        raise ValueError(f"{name!r} is no form: take one of {', '.join(sorted(FORMS))}")
    return name


Read = TypeVar("Read")
Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
Expression = Annotated[str, AfterValidator(_expression)]
Weighted = tuple[Expression, Annotated[float, Field(gt=0, le=1)]]
Term = Annotated[str, Field(pattern="^[-±]?[a-z][a-z0-9_]*$")]
Kind = Literal[
    "text", "date", "money", "percent", "integer", "linc", "title_number", "legal", "person", "organisation", "address",
    "duration",
]  # fmt: skip


@dataclass(frozen=True)
class FieldRule:
    """A field, its kind in the contract, its form where that is narrower than the kind, and what leads to it. One that
    is `required` is missed where a document of the type has none; `otherwise` names the field that speaks for it then.
    What no label and no wording leads to is found by the `finder` of that name. A value with a `pii_class` is masked as
    personal data of that class. What belongs in the `opening` of a document counts less the further on it stands. A
    date may have to lie `after` that of another field, declared before it, and be computed by `adding` a duration to it
    where none is printed. What wordings `unlike` its own lead to is something else's, and no prose gives it."""

    __pydantic_config__ = _STRICT
    name: Name
    kind: Kind
    form: Annotated[str, AfterValidator(_form)] = ""
    labels: tuple[Expression, ...] = ()
    prose: tuple[Expression, ...] = ()
    required: bool = False
    otherwise: str = ""
    finder: Literal["", "parties"] = ""
    pii_class: Literal[""] | Name = ""
    opening: bool = False
    after: str = ""
    adding: str = ""
    unlike: tuple[Expression, ...] = ()

    def __post_init__(self) -> None:
        for template in (*self.prose, *self.unlike):
            if f"<{self.shape}>" not in template:
                raise ValueError(f"the prose {template!r} of {self.name} does not say where <{self.shape}> stands")

    @property
    def shape(self) -> str:
        """The name of the form that recognises the value."""
        return self.form or self.kind

    @property
    def personal(self) -> str:
        """The class of personal data that the value is; empty where it is none."""
        return self.pii_class or ("person" if self.kind == "person" else "")


@dataclass(frozen=True)
class CheckRules:
    """What the fields of one document owe one another. `sums` say by the field that holds a total what makes it: terms
    are taken off where they begin with `-`, and either added or taken off where with `±`. The dates or amounts of each
    of the `orders` do not fall. Numbers outside their `ranges` are hardly believed."""

    __pydantic_config__ = _STRICT
    sums: Mapping[Name, Annotated[tuple[Term, ...], Field(min_length=1)]] = field(default_factory=dict)
    orders: tuple[Annotated[tuple[Name, ...], Field(min_length=2)], ...] = ()
    ranges: Mapping[Name, tuple[float, float]] = field(default_factory=dict)

    def uses(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each field that a rule names, with the kinds that it may be of."""
        for total, terms in self.sums.items():
            yield from ((name, ("money",)) for name in (total, *(term.lstrip("-±") for term in terms)))
        for order in self.orders:
            yield from ((name, ("date", "money")) for name in order)
        yield from ((name, ("money", "percent", "integer")) for name in self.ranges)


@dataclass(frozen=True)
class TypeRule:
    """A document type. `exemplars` show how such papers begin; each must be taken for one. `headings` count by their
    weight where they are a heading, `phrases` wherever they stand; `cues` confirm, `against` speaks for something else.
    All of it is looked for on the first pages. The first of the `varieties` that its title speaks of is the document's.
    A `general` type is one that others are particular cases of."""

    __pydantic_config__ = _STRICT
    name: Name
    title: str
    description: str
    retention_days: Annotated[int, Field(gt=0)]
    exemplars: Annotated[tuple[str, ...], Field(min_length=1)]
    headings: tuple[Weighted, ...]
    cues: Annotated[tuple[Expression, ...], Field(min_length=1)]
    fields: tuple[FieldRule, ...]
    against: tuple[Expression, ...] = ()
    phrases: tuple[Weighted, ...] = ()
    general: bool = False
    varieties: Mapping[Name, Expression] = field(default_factory=dict)
    checks: CheckRules = field(default_factory=CheckRules)


@dataclass(frozen=True)
class Shared:
    """What types share: `fields` by name, those looked for `everywhere`; what names `people` on any document, and
    `parties` on a document of a known type; labels of other `personal` data, named by its class."""

    __pydantic_config__ = _STRICT
    fields: tuple[FieldRule, ...]
    everywhere: tuple[str, ...]
    people: FieldRule
    parties: FieldRule
    personal: tuple[FieldRule, ...]


@dataclass(frozen=True)
class Catalogue:
    """All types, by name, and what they share."""

    types: dict[str, TypeRule]
    shared: Shared

    def fields(self, document_type: str) -> tuple[FieldRule, ...]:
        """What to look for on a document of a type; where it is of none, what is looked for everywhere."""
        own = self.types[document_type].fields if document_type in self.types else ()
        names = {rule.name for rule in own}
        return (*own, *(r for r in self.shared.fields if r.name in self.shared.everywhere and r.name not in names))


@cache
def catalogue(folder: Path = CATALOGUE) -> Catalogue:
    """The catalogue of a folder; CatalogueError names the file, the place in it and what is wrong."""
    shared = _read(folder / f"{_SHARED}.yaml", TypeAdapter(Shared))
    by_name = {rule.name: rule for rule in shared.fields}
    unknown = set(shared.everywhere) - by_name.keys()
    if unknown:
        raise CatalogueError(
            f"{folder / _SHARED}.yaml: everywhere names {min(unknown)!r}, which is none of its fields."
        )
    types = {path.stem: _type(path, by_name) for path in _files(folder)}
    if not types:
        raise CatalogueError(f"{folder} declares no document type.")
    return Catalogue(types, shared)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*.yaml")) if path.stem != _SHARED)


def _type(path: Path, shared: dict[str, FieldRule]) -> TypeRule:
    rule = _read(path, TypeAdapter(TypeRule), shared)
    if rule.name != path.stem or rule.name == OTHER:
        raise CatalogueError(f"{path}: the type is named {rule.name!r}; name it {path.stem!r}, as the file is.")
    names = [field.name for field in rule.fields]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise CatalogueError(f"{path}: the field {min(twice)!r} is declared twice.")
    kinds = {field.name: field.kind for field in rule.fields}
    for name, fitting in rule.checks.uses():
        if kinds.get(name) not in fitting:
            raise CatalogueError(
                f"{path}: checks names {name!r}, which is no field of the kind {' or '.join(fitting)}."
            )
    named = {name for field in rule.fields for name in (field.otherwise, field.after, field.adding) if name}
    if unknown := named - set(names):
        raise CatalogueError(f"{path}: {min(unknown)!r} is named by a field and is none.")
    return rule


def _read(path: Path, adapter: TypeAdapter[Read], shared: Mapping[str, FieldRule] = MappingProxyType({})) -> Read:
    """The rules of a file, in which the name of a shared field stands for the field; more may be said of it there."""
    import yaml

    try:
        content: Any = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}") from error
    if isinstance(content, dict) and isinstance(content.get("fields"), list):
        content["fields"] = [_declared(one, shared) for one in content["fields"]]
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise CatalogueError(f"{path}: {place}: {first['msg']}") from error


def _declared(field: Any, shared: Mapping[str, FieldRule]) -> Any:
    """The rule for what a file says of a field."""
    if isinstance(field, str):
        return shared.get(field, field)
    if isinstance(field, dict) and "kind" not in field and field.get("name") in shared:
        return asdict(shared[field["name"]]) | field
    return field
