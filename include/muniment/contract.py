"""Data contracts: read once from `include/contracts`, and the schemas that follow from them.

What a contract *means* for one engine stands here (Arrow, Iceberg, PostgreSQL types). What an engine *does* with it
belongs to that engine's module: checks in `expectations/`, tables in `lake` and `warehouse`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from muniment.errors import MunimentError
from muniment.settings import CATALOGUE, PROJECT

if TYPE_CHECKING:
    import pyarrow as pa
    from open_data_contract_standard.model import (
        CustomProperty,
        DataQuality,
        OpenDataContractStandard,
        SchemaProperty,
    )

FOLDER = PROJECT / "include" / "contracts"

Origin = Literal["register", "documents", "records", "search"]
Partition = Literal["day", "month"]
Format = Literal["csv", "jsonl", "parquet"]


class ContractError(MunimentError):
    """A contract that cannot be read or breaks the rules of this platform."""


@dataclass(frozen=True)
class Column:
    """One column: its type as PostgreSQL names it and the rules that each value must keep.

    `renamed_from` is the name that it had in the version before; `since` the version that added it to rows that were
    there already, which is why it is optional though it may be part of the key.
    """

    name: str
    type: str
    description: str
    required: bool = False
    critical: bool = False
    pii: str | None = None
    pattern: str | None = None
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    valid: Mapping[str, float] | None = None
    renamed_from: str | None = None
    since: str | None = None

    @property
    def arrow_type(self) -> "pa.DataType":
        """The Arrow type; timestamps are microseconds in UTC."""
        import pyarrow as pa

        if self.type.startswith("decimal("):
            precision, scale = self.type.removeprefix("decimal(").rstrip(")").split(",")
            return pa.decimal128(int(precision), int(scale))
        if self.type.startswith("vector("):
            return pa.list_(pa.float32())
        return {
            "text": pa.string(),
            "date": pa.date32(),
            "timestamptz": pa.timestamp("us", tz="UTC"),
            "bigint": pa.int64(),
            "integer": pa.int32(),
            "boolean": pa.bool_(),
            "double": pa.float64(),
        }.get(self.type) or _no_type(self)

    @property
    def postgres_type(self) -> str:
        """The PostgreSQL type."""
        return {"double": "double precision"}.get(self.type, self.type.replace("decimal", "numeric"))


def _no_type(column: Column) -> "pa.DataType":
    raise ValueError(f"column {column.name} has the type {column.type!r}, which Muniment does not know")


BY_FIELD = "by_field"
"""The class of a column whose values are personal or not by the `field` that their row is about."""

LINEAGE = (
    Column("window_start", "timestamptz", "Start of the six-hour window that the row belongs to", required=True),
    Column("window_key", "text", "Key of that window: its start in Alberta's local time", required=True),
    Column("run_id", "text", "Run that first wrote the row as it is", required=True),
)


@dataclass(frozen=True)
class Thresholds:
    """Least shares, 0 to 1, that a batch must reach before it is committed."""

    completeness: float
    uniqueness: float
    validity: float


@dataclass(frozen=True)
class Contract:
    """One table. `namespace` is the lake namespace and warehouse schema that hold it; the lake's files are partitioned
    by the day or month of their window."""

    name: str
    version: str
    description: str
    granularity: str
    origin: Origin
    namespace: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    thresholds: Thresholds
    retention_days: int
    format: Format | None = None
    acceptance: float = 0.0
    partition: Partition = "day"

    @property
    def table(self) -> str:
        """Qualified name, the same in the lake and in the warehouse."""
        return f"{self.namespace}.{self.name}"

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of one window apart: a record may be delivered by several files."""
        return (*self.key, "source_object_id") if self.origin == "records" else self.key

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The contract's columns followed by the lineage columns that every table has."""
        return (*self.columns, *LINEAGE)

    @property
    def personal(self) -> tuple[Column, ...]:
        """Columns that hold personal data."""
        return tuple(column for column in self.columns if column.pii)

    @property
    def input_columns(self) -> tuple[Column, ...]:
        """Columns that a delivered file must have: all but those that say where a row came from."""
        return tuple(column for column in self.columns if not column.name.startswith("source_"))

    @cached_property
    def arrow_schema(self) -> "pa.Schema":
        """Arrow schema of all columns, with their descriptions as field metadata `doc`."""
        import pyarrow as pa

        return pa.schema(
            [
                pa.field(c.name, c.arrow_type, nullable=not c.required, metadata={"doc": c.description})
                for c in self.all_columns
            ],
            metadata={"doc": self.description, "contract": f"{self.name} {self.version}"},
        )

    @cached_property
    def loose_schema(self) -> "pa.Schema":
        """Arrow schema of the contract's own columns without their rules, for rows that are yet to be judged."""
        import pyarrow as pa

        return pa.schema([pa.field(c.name, c.arrow_type) for c in self.columns])

    @property
    def vault(self) -> "Contract | None":
        """The companion in the vault that keeps this table's personal columns in clear; None when it has none."""
        if not self.personal or self.namespace == "vault":
            return None
        kept = tuple(c for c in self.columns if c.name in self.row_key or c.pii)
        return replace(self, namespace="vault", columns=kept, description=f"Personal data of {self.name} in clear")


def read(path: Path, catalogue: Path = CATALOGUE) -> Contract:
    """The contract in an ODCS YAML file; ContractError says what is wrong in which file. A column whose `values` are
    `document_types` allows those of the catalogue."""
    from yaml import YAMLError, safe_load

    try:
        return _contract(_standard(safe_load(path.read_text("utf-8"))), catalogue)
    except OSError as error:
        raise ContractError(f"{path.name} cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError, AttributeError, YAMLError) as error:
        raise ContractError(f"{path.name} is not a contract that Muniment can use: {error}") from error


@cache
def contracts(folder: Path = FOLDER) -> Mapping[str, Contract]:
    """All contracts of a folder by table name, in name order."""
    found = [read(path) for path in sorted(folder.glob("*.odcs.yaml"))]
    if not found:
        raise ContractError(f"There is no contract (*.odcs.yaml) in {folder}.")
    return {contract.name: contract for contract in found}


def tables(folder: Path = FOLDER) -> Iterator[Contract]:
    """Every table of lake and warehouse: the contracts and their companions in the vault."""
    for contract in contracts(folder).values():
        yield contract
        if contract.vault:
            yield contract.vault


def of_origin(origin: Origin) -> list[Contract]:
    """The contracts whose rows come from `origin`."""
    return [contract for contract in contracts().values() if contract.origin == origin]


# --- from the standard's YAML -----------------------------------------------------------------------------------------

_OF_TABLE = ("origin", "namespace", "format", "acceptance", "partition")
_OF_COLUMN = ("pii", "values", "renamed_from", "since")
_TEXTS = {*_OF_TABLE, *_OF_COLUMN, "pattern"} - {"acceptance"}
_OPTIONS = ("pattern", "minimum", "maximum")
_METRICS = ("nullValues", "duplicateValues", "invalidValues")
_RANGE = ("minimum", "maximum")
_LOGICAL = {
    "text": ("string",),
    "date": ("date",),
    "timestamptz": ("timestamp",),
    "bigint": ("integer", "number"),
    "integer": ("integer", "number"),
    "boolean": ("boolean",),
    "double": ("number",),
    "decimal": ("number",),
    "vector": ("array", "vector"),
}
"""What the standard may call a column of each type."""


def _standard(given: object) -> "OpenDataContractStandard":
    """What a file says in the standard's terms; ValueError names everything that the standard or Muniment does not
    know, because a rule whose name is mistyped would be no rule."""
    from open_data_contract_standard.model import OpenDataContractStandard
    from pydantic import ValidationError

    if not isinstance(given, dict):
        raise ValueError("it does not consist of keys and values")
    own = {field.alias or name for name, field in OpenDataContractStandard.model_fields.items()}
    try:
        odcs = OpenDataContractStandard(**{key: value for key, value in given.items() if key in own})
    except ValidationError as error:
        told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise ValueError("; ".join(told)) from error
    if unknown := [*_unknown_keys(given, odcs.model_dump(by_alias=True)), *_misread(odcs)]:
        raise ValueError("; ".join(unknown))
    return odcs


def _unknown_keys(given: object, known: object, place: str = "") -> Iterator[str]:
    """The keys of a file, with their places in it, that are not in the standard's account of the same file."""
    if isinstance(given, dict) and isinstance(known, dict):
        for key, value in given.items():
            if key in known:
                yield from _unknown_keys(value, known[key], f"{place}.{key}" if place else key)
            else:
                near = get_close_matches(str(key), known, 1)
                yield f"unknown key {key!r} in {place or 'the file'}{f': {near[0]!r} is one' if near else ''}"
    elif isinstance(given, list) and isinstance(known, list):
        for number, (one, own) in enumerate(zip(given, known, strict=True), 1):
            named = (one.get("name") or one.get("property")) if isinstance(one, dict) else None
            yield from _unknown_keys(one, own, f"{place}.{named or number}")


def _misread(odcs: "OpenDataContractStandard") -> Iterator[str]:
    """What a file says that the standard allows and Muniment would take for nothing or for something else."""
    yield from _unknown("", "custom property", _custom(odcs.customProperties), _OF_TABLE)
    yield from _no_text("", _custom(odcs.customProperties))
    for schema in odcs.schema_ or ():
        if odcs.name not in (None, schema.name):
            yield f"its name is {odcs.name!r}, but that of its table {schema.name!r}"
        yield from _unknown("", "metric", (q.metric for q in schema.quality or () if q.metric), _METRICS)
        for number, p in enumerate(schema.properties or (), 1):
            yield from _misread_of_column(p, f"column {p.name}" if p.name else f"column number {number}")


def _misread_of_column(p: "SchemaProperty", place: str) -> Iterator[str]:
    custom, options = _custom(p.customProperties), p.logicalTypeOptions or {}
    if not p.name:
        yield f"{place} has no name"
    yield from _unknown(place, "custom property", custom, _OF_COLUMN)
    yield from _unknown(place, "option", options, _OPTIONS)
    yield from _no_text(place, custom | options)
    for quality in p.quality or ():
        yield from _unknown(place, "metric", [quality.metric] if quality.metric else [], ("invalidValues",))
        yield from _unknown(place, "argument", quality.arguments or {}, _RANGE)
    fitting = _LOGICAL.get((p.physicalType or "").partition("(")[0], ())
    if fitting and p.logicalType not in (None, *fitting):
        yield f"{place} is {p.physicalType}, whose logicalType is {fitting[0]}, not {p.logicalType}"


def _unknown(place: str, what: str, names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    where = f" of {place}" if place else ""
    for name in names:
        if name not in known:
            yield f"unknown {what} {name!r}{where}: Muniment knows {', '.join(known)}"


def _no_text(place: str, values: Mapping[str, Any]) -> Iterator[str]:
    where = f" of {place}" if place else ""
    for name, value in values.items():
        if name in _TEXTS and not isinstance(value, str | None):
            yield f"{name}{where} is {value!r}, which is no text: put it in quotes"


def _custom(properties: "Iterable[CustomProperty] | None") -> dict[str, Any]:
    """Custom properties that are Muniment's to read: the standard lets those of another tool name their vendor."""
    return {str(one.property): one.value for one in properties or () if one.vendor in (None, "muniment")}


def _contract(odcs: "OpenDataContractStandard", catalogue: Path) -> Contract:
    custom = _custom(odcs.customProperties)
    if absent := [name for name in ("origin", "namespace") if name not in custom]:
        raise ValueError(f"customProperties have no {' and no '.join(absent)}")
    schemas = odcs.schema_ or []
    if len(schemas) != 1:
        raise ValueError(f"schema must describe one table, but describes {len(schemas)}")
    [schema] = schemas
    properties = schema.properties or []
    keyed = sorted((p.primaryKeyPosition or 0, str(p.name)) for p in properties if p.primaryKey)
    return Contract(
        name=str(schema.name),
        version=str(odcs.version),
        description=schema.description or "",
        granularity=schema.dataGranularityDescription or "",
        origin=custom["origin"],
        namespace=custom["namespace"],
        columns=tuple(_column(p, catalogue) for p in properties),
        key=tuple(name for _, name in keyed),
        thresholds=_thresholds(schema.quality or ()),
        retention_days=_retention_days(odcs),
        format=custom.get("format"),
        acceptance=_number("acceptance", custom.get("acceptance") or 0),
        partition=custom.get("partition") or "day",
    )


def _thresholds(qualities: "Iterable[DataQuality]") -> Thresholds:
    """The least shares, from the greatest percentages that the metrics may reach; ValueError where one is not said."""
    most = {q.metric: q.mustBeLessOrEqualTo for q in qualities if q.unit in (None, "percent")}
    if absent := [metric for metric in _METRICS if most.get(metric) is None]:
        raise ValueError(f"the quality of the table has no mustBeLessOrEqualTo in percent for {', '.join(absent)}")
    return Thresholds(*(1 - float(most[metric] or 0) / 100 for metric in _METRICS))


_DAYS = dict.fromkeys(("d", "day", "days"), 1) | dict.fromkeys(("y", "yr", "year", "years"), 365)
"""How many days each unit of a retention is, by the names that the standard has for it."""


def _retention_days(odcs: "OpenDataContractStandard") -> int:
    """How long rows are kept, in days; ValueError unless it is said once, in days or years that make whole days."""
    found = [one for one in odcs.slaProperties or () if one.property == "retention"]
    if len(found) != 1:
        raise ValueError(f"slaProperties must name one retention, but name {len(found)}")
    value, unit = found[0].value, found[0].unit
    if unit not in _DAYS:
        told = f"has the unit {unit!r}, which Muniment does not know" if unit else "has no unit"
        raise ValueError(f"the retention {told}: write d for days or y for years of 365 days")
    days = _number("retention", value) * _DAYS[unit]
    if not days.is_integer():
        raise ValueError(f"the retention of {value} {unit} is no whole number of days")
    return int(days)


def _number(what: str, value: object) -> float:
    if not isinstance(value, bool):
        with suppress(ValueError, TypeError):
            return float(value)  # type: ignore[arg-type]
    raise ValueError(f"the {what} is {value!r}, which is no number")


def _column(p: "SchemaProperty", catalogue: Path) -> Column:
    custom = _custom(p.customProperties)
    options: dict[str, Any] = p.logicalTypeOptions or {}
    valid = [q.arguments for q in p.quality or () if q.metric == "invalidValues"]
    named = custom.get("values")
    if named not in (None, "document_types"):
        raise ValueError(f"column {p.name} takes its values from {named!r}, which Muniment does not know")
    column = Column(
        name=str(p.name),
        type=str(p.physicalType),
        description=p.description or "",
        required=bool(p.required),
        critical=bool(p.criticalDataElement or p.primaryKey),
        pii=custom.get("pii"),
        pattern=options.get("pattern"),
        allowed=_document_types(catalogue) if named == "document_types" else tuple(str(e.value) for e in p.enum or ()),
        minimum=options.get("minimum"),
        maximum=options.get("maximum"),
        valid=valid[0] if valid else None,
        renamed_from=custom.get("renamed_from"),
        since=custom.get("since"),
    )
    column.arrow_type  # noqa: B018 - a type that no engine has is an error of the contract, to be seen now
    return column


def _document_types(catalogue: Path) -> tuple[str, ...]:
    """The types of the catalogue, each a file of its name, and `other`. The files need not be read for that."""
    return (*sorted(path.stem for path in catalogue.glob("[!_]*.yaml")), "other")
