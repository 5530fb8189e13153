select
    entity_type,
    entity,
    context,
    source_type,
    source
from {{ source('linkage', 'mentions') }}
