select
    roll_number,
    assessment_year,
    linc,
    municipality,
    property_class,
    assessed_value,
    tax_levy,
    source_object_id,
    source_line,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'assessments') }}
