"""The lake: Iceberg tables over one store. `tables` writes and reads them by window, `schema` shapes them, `query` asks
them in SQL. What the rows mean is decided before (staging, gate); what is made of them, after (warehouse, search)."""

from muniment.lake.schema import LakeError, iceberg_schema
from muniment.lake.tables import Committed, Held, Lake, Moment, Pinned, State

__all__ = ["Committed", "Held", "Lake", "LakeError", "Moment", "Pinned", "State", "iceberg_schema"]
