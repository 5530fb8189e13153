select
    document_id,
    object_id,
    key,
    sha256,
    document_type as read_type,
    type_confidence,
    nullif(matter_number, '') as named_matter_number,
    pages,
    pages_recognised,
    characters,
    processor,
    coalesce(string_to_array(missing_fields, ', '), '{}') as missing_fields,
    runner_up,
    runner_up_confidence,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'documents') }}
