select
    event_id,
    registered_at,
    title_number,
    linc,
    instrument_number,
    instrument_type,
    matter_number,
    source_object_id,
    source_line,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'registry_events') }}
