select
    left_type,
    left_entity,
    left_context,
    right_type,
    right_entity,
    right_context,
    score,
    method,
    evidence,
    decided_by,
    status
from {{ source('linkage', 'entity_links') }}
