select
    document_id,
    object_id,
    key,
    sha256,
    document_type,
    type_confidence,
    nullif(matter_number, '') as named_matter_number,
    pages,
    pages_recognised,
    characters,
    processor,
    coalesce(repaired, false) as repaired,
    active_content,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'documents') }}
