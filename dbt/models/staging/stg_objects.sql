select
    object_id,
    key,
    sha256,
    size as bytes,
    modified_at,
    register_sequence,
    late as is_late,
    kind,
    state,
    document_id,
    table_name,
    rows_published,
    rows_quarantined,
    reason,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'objects') }}
