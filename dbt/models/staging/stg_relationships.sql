select
    document_id,
    relation,
    target_type,
    target,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'relationships') }}
