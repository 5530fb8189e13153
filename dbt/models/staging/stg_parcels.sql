select
    linc,
    short_legal,
    nullif(ats_description, '') as ats_description,
    title_number,
    nullif(municipality, '') as municipality,
    area_ha,
    source_object_id,
    source_line,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'parcels') }}
