select
    document_id,
    field,
    ordinal,
    value,
    reviewer,
    reviewed_at,
    source_object_id,
    source_line,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'corrections') }}
