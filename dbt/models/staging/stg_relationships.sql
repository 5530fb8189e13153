select
    document_id,
    relation,
    target_type,
    target,
    window_start,
    window_key,
    run_id,
    source_type,
    source,
    role,
    field,
    page,
    confidence
from {{ source('lake', 'relationships') }}
