select
    payment_id,
    matter_number,
    paid_at,
    amount,
    direction,
    purpose,
    method,
    source_object_id,
    source_line,
    window_start,
    window_key,
    run_id
from {{ source('lake', 'payments') }}
