"""The masked form of personal data in records. Finding personal data in documents belongs to `documents.pii`."""

import pyarrow as pa
import pyarrow.compute as pc

from muniment.contract import BY_FIELD, Contract


def mask(batch: pa.RecordBatch, contract: Contract) -> pa.RecordBatch:
    """The batch with every personal value replaced by its class, such as `[PERSON]`; nulls stay null."""
    for column in contract.personal:
        index = batch.schema.get_field_index(column.name)
        values = batch.column(index)
        if column.pii == BY_FIELD:
            masked = _masked_by_field(batch.column("field"), values)
        else:
            label = pa.scalar(f"[{str(column.pii).upper()}]", values.type)
            masked = pc.if_else(pc.is_valid(values), label, pa.scalar(None, values.type))
        batch = batch.set_column(index, batch.schema.field(index), masked)
    return batch


def _masked_by_field(fields: pa.Array, values: pa.Array) -> pa.Array:
    from muniment.corrections import masked

    pairs = zip(fields.to_pylist(), values.to_pylist(), strict=True)
    return pa.array([None if value is None else masked(field, value) for field, value in pairs], values.type)
