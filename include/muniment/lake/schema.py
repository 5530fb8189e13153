"""Shapes of Iceberg tables: the schema a contract asks for, and a table brought to it. No row is touched here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from muniment.contract import LINEAGE, Column, Contract
from muniment.errors import MunimentError
from muniment.evolution import as_text, from_text

if TYPE_CHECKING:
    import pyarrow as pa
    from pyiceberg.partitioning import PartitionSpec
    from pyiceberg.schema import Schema
    from pyiceberg.table import Table
    from pyiceberg.table.name_mapping import NameMapping
    from pyiceberg.table.update.schema import UpdateSchema
    from pyiceberg.types import NestedField


class LakeError(MunimentError):
    """A lake table that cannot be read or written."""


def iceberg_schema(contract: Contract) -> Any:
    """The Iceberg schema of a contract, with descriptions as field docs."""
    import pyarrow as pa
    from pyiceberg import types as t
    from pyiceberg.schema import Schema

    def convert(arrow: pa.DataType, element_id: int) -> t.IcebergType:
        if pa.types.is_decimal(arrow):
            return t.DecimalType(arrow.precision, arrow.scale)
        if pa.types.is_list(arrow):
            return t.ListType(element_id, t.FloatType(), element_required=False)
        return {
            pa.string(): t.StringType(),
            pa.date32(): t.DateType(),
            pa.timestamp("us", tz="UTC"): t.TimestamptzType(),
            pa.int64(): t.LongType(),
            pa.int32(): t.IntegerType(),
            pa.bool_(): t.BooleanType(),
            pa.float64(): t.DoubleType(),
        }[arrow]

    columns = contract.all_columns
    return Schema(
        *(
            t.NestedField(i, c.name, convert(c.arrow_type, len(columns) + i), required=c.required, doc=c.description)
            for i, c in enumerate(columns, start=1)
        )
    )


APPLIED = "muniment.applied"
"""Property of a table: the whole contract that was last brought to it."""


def applied_properties(contract: Contract) -> dict[str, str]:
    """What a table says of the contract that it follows."""
    return {"comment": contract.description, "muniment.contract": contract.version, APPLIED: as_text(contract)}


def applied(table: "Table", contract: Contract) -> Contract:
    """The contract that a table follows. One that does not say so, or not readably, is as it looks, with the rules of
    the contract given."""
    with suppress(ValueError, KeyError, TypeError):
        return from_text(table.properties[APPLIED])
    known = {name: column for column in contract.columns for name in (column.name, column.renamed_from)}
    own = [field for field in table.schema().fields if field.name not in {column.name for column in LINEAGE}]
    return replace(
        contract,
        version=table.properties.get("muniment.contract", contract.version),
        columns=tuple(_as_found(field, known.get(field.name)) for field in own),
    )


_TYPES = {"string": "text", "long": "bigint", "int": "integer"}


def _as_found(field: "NestedField", known: Column | None) -> Column:
    kind = str(field.field_type).replace(" ", "")
    kind = known.type if known and kind.startswith("list") else _TYPES.get(kind, kind)
    rules = known or Column(field.name, kind, "")
    return replace(
        rules, name=field.name, type=kind, required=field.required, description=field.doc or "", renamed_from=None
    )


def partition_spec(contract: Contract, schema: Any) -> "PartitionSpec":
    """How a new table lies on its store: by day or month of `window_start`."""
    from pyiceberg.partitioning import PartitionField, PartitionSpec
    from pyiceberg.transforms import parse_transform

    by, transform = schema.find_field("window_start").field_id, parse_transform(contract.partition)
    return PartitionSpec(PartitionField(by, 1000, transform, f"window_{contract.partition}"))


# --- a table brought to its contract ----------------------------------------------------------------------------------

Kind = Literal["add", "rename", "widen", "narrow", "relax", "require", "drop", "describe", "partition"]


@dataclass(frozen=True)
class Step:
    """One change of a table's shape: metadata only. `blocked` says why no table can take it."""

    kind: Kind
    column: str
    to: str = ""
    required: bool = False
    blocked: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.column}{f' to {self.to}' if self.to else ''}{' not null' if self.required else ''}"


Former = Mapping[str, tuple[str, ...]]
"""Other names under which files hold a column, by its name in the contract; empty where nothing was renamed."""


def former_names(table: "Table", contract: Contract) -> Former:
    """The names that the table's files may have for columns of the contract: a file has those of its time.

    The table remembers all that a field ever had. What a contract says of a renaming counts before the table follows.
    """
    if len(table.metadata.schemas) == 1 and not any(column.renamed_from for column in contract.columns):
        return {}
    borne, own = _borne(table), {column.name for column in contract.all_columns}
    found = {}
    for column in contract.columns:
        same = {column.name, column.renamed_from or column.name}
        found[column.name] = tuple(sorted(same.union(*(borne.get(name, ()) for name in same)) - own))
    return {name: others for name, others in found.items() if others}


def _borne(table: "Table") -> dict[str, set[str]]:
    """By each name that a column ever had, all that it had.

    A column that was dropped and came back is another field for Iceberg. Fields that bore one name are one column all
    the same, because a name never comes to mean another (see `_taken`).
    """
    fields = defaultdict[int, set[str]](set)
    for field in (field for schema in table.metadata.schemas for field in schema.fields):
        fields[field.field_id].add(field.name)
    found = dict[str, set[str]]()
    for names in fields.values():
        together = names.union(*(found.get(name, ()) for name in names))
        found |= dict.fromkeys(together, together)
    return found


def file_schema(contract: Contract, former: Former) -> "pa.Schema":
    """The contract's Arrow schema with columns for the former names. Arrow widens what older files hold as it reads."""
    import pyarrow as pa

    schema = contract.arrow_schema
    return pa.schema(
        [*schema, *(pa.field(old, schema.field(name).type) for name, names in former.items() for old in names)],
        metadata=schema.metadata,
    )


def expressions(names: Iterable[str], former: Former) -> dict[str, Any]:
    """Columns of the contract as Arrow computes them from a file: it has a column under one of its names."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    found = {name: [ds.field(one) for one in (name, *former.get(name, ()))] for name in names}
    return {name: pc.coalesce(*fields) if len(fields) > 1 else fields[0] for name, fields in found.items()}


def steps(table: "Table", contract: Contract) -> list[Step]:
    """What the table lacks to have the shape of the contract; rows are not looked at."""
    former = former_names(table, contract)
    there = {field.name: field for field in table.schema().fields}
    found = list[Step]()
    for field in iceberg_schema(contract).fields:
        old = there.pop(field.name, None)
        if old is None:
            source = next((name for name in former.get(field.name, ()) if name in there), None)
            old = there.pop(source) if source else None
            blocked = _taken(table, field, old)
            if old is None:
                found.append(Step("add", field.name, str(field.field_type), field.required, blocked))
                continue
            found.append(Step("rename", old.name, field.name, blocked=blocked))
        found += _of_field(old, field)
    found += [Step("drop", name) for name in there]
    if _partition(table) != contract.partition:
        found.append(Step("partition", "window_start", contract.partition))
    return found


def between(table: "Table", before: int, after: int) -> list[Step]:
    """What would make the table's schema of one number that of another; fields go by Iceberg's ids."""
    old = {field.field_id: field for field in table.schemas()[before].fields}
    found = list[Step]()
    for field in table.schemas()[after].fields:
        was = old.pop(field.field_id, None)
        if was is None:
            found.append(Step("add", field.name, str(field.field_type), field.required))
            continue
        found += [Step("rename", was.name, field.name)] if was.name != field.name else []
        found += _of_field(was, field)
    return [*found, *(Step("drop", field.name) for field in old.values())]


def _of_field(old: "NestedField", new: "NestedField") -> Iterator[Step]:
    if str(old.field_type) != str(new.field_type):
        if _promotes(old, new):
            yield Step("widen", old.name, str(new.field_type))
        else:
            blocked = "" if _promotes(new, old) else f"{old.field_type} cannot become {new.field_type}"
            yield Step("narrow", old.name, str(new.field_type), blocked=blocked)
    if old.required != new.required:
        yield Step("require" if new.required else "relax", old.name)
    if old.doc != new.doc:
        yield Step("describe", old.name)


def _promotes(old: "NestedField", new: "NestedField") -> bool:
    from pyiceberg.exceptions import ResolveError
    from pyiceberg.schema import promote

    try:
        promote(old.field_type, new.field_type)
    except (ResolveError, NotImplementedError):
        return False
    return True


def _taken(table: "Table", new: "NestedField", old: "NestedField | None") -> str:
    """Why the name of a column that comes cannot be used: older files hold something else under it.

    The files know columns by name. A column that was dropped may come back, with the values that the files have of it.
    """
    now = {field.field_id: field.name for field in table.schema().fields}
    same = old is None or new.name in _borne(table)[old.name]
    for field in (field for schema in table.metadata.schemas for field in schema.fields if field.name == new.name):
        if old is not None and field.field_id == old.field_id:
            continue
        if field.field_id in now:
            return f"{new.name} is what {now[field.field_id]} was called before: give it another name"
        if not same or not (str(field.field_type) == str(new.field_type) or _promotes(field, new)):
            return f"{new.name} was another column ({field.field_type}) before: give it another name"
    return ""


def revived(table: "Table", contract: Contract) -> set[str]:
    """Columns of the contract that were dropped and have come back, or are about to: files may hold values of them."""
    now, former = {field.field_id for field in table.schema().fields}, former_names(table, contract)
    gone = {f.name for schema in table.metadata.schemas for f in schema.fields if f.field_id not in now}
    return {c.name for c in contract.columns if not gone.isdisjoint({c.name, *former.get(c.name, ())})}


def _partition(table: "Table") -> str:
    return ",".join(str(field.transform) for field in table.spec().fields)


def reshape(table: "Table", contract: Contract, wanted: Iterable[Step]) -> None:
    """Take the steps in one commit."""
    from pyiceberg.table import TableProperties

    fields = {field.name: field for field in iceberg_schema(contract).fields}
    there = {field.name: field for field in table.schema().fields}
    wanted, former = list(wanted), former_names(table, contract)
    named = {step.column: step.to for step in wanted if step.kind == "rename"}
    with table.transaction() as transaction:
        # What may not be done without care was looked at before: see `migration`.
        with transaction.update_schema(allow_incompatible_changes=True) as update:
            for step in (step for step in wanted if step.kind != "partition"):
                _take(update, step, there.get(step.column), fields.get(named.get(step.column, step.column)))
        if any(step.kind == "partition" for step in wanted):
            with transaction.update_spec() as spec:
                for old in table.spec().fields:
                    spec.remove_field(old.name)
                spec.add_field("window_start", contract.partition, f"window_{contract.partition}")
        if former and (mapping := transaction.table_metadata.name_mapping()):
            followed = _mapped(mapping, transaction.table_metadata.schema(), former)
            transaction.set_properties({TableProperties.DEFAULT_NAME_MAPPING: followed.model_dump_json()})


def _mapped(mapping: "NameMapping", schema: "Schema", former: Former) -> "NameMapping":
    """The names under which other readers of Iceberg look for columns in files. Iceberg's own follow a renaming; those
    of a column that came back are still with the field that it was."""
    from pyiceberg.table.name_mapping import MappedField, NameMapping

    owner = {name: schema.find_field(now).field_id for now, names in former.items() for name in names}

    def names_of(field: MappedField) -> list[str]:
        kept = [name for name in field.names if owner.get(name, field.field_id) == field.field_id]
        return [*kept, *(name for name, number in owner.items() if number == field.field_id and name not in kept)]

    named = [(names_of(field), field) for field in mapping.root]
    return NameMapping([field.model_copy(update={"names": names}) for names, field in named if names])


def _take(update: "UpdateSchema", step: Step, old: "NestedField | None", new: "NestedField | None") -> None:
    if step.kind == "drop":
        update.delete_column(step.column)
    elif new is None:
        raise ValueError(f"{step} is no step of this contract")
    elif old is None:
        update.add_column(new.name, new.field_type, new.doc, required=new.required)
    elif step.kind == "rename":
        update.rename_column(old.name, new.name)
    elif step.kind in ("widen", "narrow"):
        update.update_column(old.name, field_type=new.field_type)
    elif step.kind in ("relax", "require"):
        update.update_column(old.name, required=new.required)
    else:
        update.update_column(old.name, doc=new.doc)


def with_columns(table: "Table", contract: Contract) -> "Table":
    """The table after adding the optional columns that the contract has and it lacks.

    LakeError when rows of the contract's shape would not fit for another reason.
    """
    wanted = [step for step in steps(table, contract) if not _may_wait(table, step)]
    barred = [step for step in wanted if step.kind != "add" or step.required or step.blocked]
    if barred:
        raise LakeError(
            f"{contract.table} cannot take rows of its contract yet, which asks to {'; '.join(map(str, barred))} "
            f"(version {contract.version}). See what that means: muniment contract migrate {contract.name}"
        )
    if wanted:
        reshape(table, contract, wanted)
    return table


def _may_wait(table: "Table", step: Step) -> bool:
    """Whether rows of the contract fit the table without the step."""
    if step.kind == "drop":
        return not table.schema().find_field(step.column).required
    return step.kind in ("require", "describe", "partition")
