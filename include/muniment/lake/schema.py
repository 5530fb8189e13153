"""Shapes of Iceberg tables: the schema a contract asks for, and a table brought to it. No row is touched here."""

from typing import TYPE_CHECKING, Any

from muniment.contract import Contract
from muniment.errors import MunimentError

if TYPE_CHECKING:
    from pyiceberg.table import Table


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


def with_columns(table: "Table", contract: Contract) -> "Table":
    """The table after adding the optional columns that the contract has and it lacks."""
    schema, wanted = table.schema(), iceberg_schema(contract)
    known = {field.name: field for field in schema.fields}
    for field in wanted.fields:
        there = known.get(field.name)
        if field.required if there is None else str(there.field_type) != str(field.field_type):
            raise LakeError(
                f"{contract.table} cannot take the column {field.name} ({field.field_type}) of contract "
                f"{contract.version}: a table gains optional columns only. Give the contract a new name, or migrate."
            )
    if all(field.name in known for field in wanted.fields):
        return table
    with table.update_schema() as update:
        update.union_by_name(wanted)
    return table
