-- The latest good version of each landing key is its current one, whatever came after it was refused.
with good as (
    select distinct on (key) *
    from {{ ref('stg_objects') }}
    where state in ('published', 'duplicate')
    order by key, register_sequence desc, object_id desc
),

refused as (
    select distinct on (key) *
    from {{ ref('stg_objects') }}
    where state = 'quarantined'
    order by key, register_sequence desc, object_id desc
)

select
    good.key,
    good.object_id,
    good.document_id,
    good.register_sequence,
    refused.object_id as refused_object_id,
    refused.reason as refused_reason,
    refused.window_key as refused_window_key,
    refused.register_sequence as refused_sequence
from good
left join refused on refused.key = good.key and refused.register_sequence > good.register_sequence
