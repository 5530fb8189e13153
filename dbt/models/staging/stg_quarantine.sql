select
    quarantine_id,
    object_id,
    key,
    sha256,
    scope,
    stage,
    table_name,
    line,
    column_name,
    reason,
    message,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'quarantine') }}
