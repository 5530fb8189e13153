select
    matter_number,
    matter_type,
    property_address,
    linc,
    purchase_price,
    deposit,
    opened_on,
    closing_on,
    nullif(responsible_lawyer, '') as responsible_lawyer,
    status,
    source_object_id,
    source_line,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'matters') }}
