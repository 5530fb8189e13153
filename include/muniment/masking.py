"""The masked form of personal data in records. Finding personal data in documents belongs to `documents.pii`."""

import pyarrow as pa
import pyarrow.compute as pc

from muniment.contract import Contract


def mask(batch: pa.RecordBatch, contract: Contract) -> pa.RecordBatch:
    """The batch with every personal value replaced by its class, such as `[PERSON]`; nulls stay null."""
    for column in contract.personal:
        index = batch.schema.get_field_index(column.name)
        values = batch.column(index)
        label = pa.scalar(f"[{str(column.pii).upper()}]", values.type)
        masked = pc.if_else(pc.is_valid(values), label, pa.scalar(None, values.type))
        batch = batch.set_column(index, batch.schema.field(index), masked)
    return batch
