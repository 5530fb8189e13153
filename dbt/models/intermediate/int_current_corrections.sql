-- The latest word on a value counts, whenever it was delivered; of two at one instant the one delivered last.
select distinct on (corrections.document_id, corrections.field, corrections.ordinal)
    corrections.*,
    corrections.value ~ '^\[[A-Z_]+\]$' as is_personal
from {{ ref('stg_corrections') }} as corrections
left join {{ ref('int_deliveries') }} as delivery using (source_object_id)
order by
    corrections.document_id,
    corrections.field,
    corrections.ordinal,
    corrections.reviewed_at desc,
    delivery.delivered_sequence desc nulls last,
    delivery.source_key desc nulls last,
    corrections.source_line desc
