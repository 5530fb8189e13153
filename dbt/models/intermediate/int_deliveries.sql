-- A landing key that returns to a content it had before delivers that content anew. The same content under another
-- name does not: a stray copy of an old file must not undo a later correction.
select
    original.object_id as source_object_id,
    original.key as source_key,
    original.modified_at,
    max(repeated.register_sequence) as delivered_sequence
from {{ ref('stg_objects') }} as original
inner join {{ ref('stg_objects') }} as repeated
    on repeated.key = original.key and repeated.sha256 = original.sha256 and repeated.state <> 'quarantined'
where original.state = 'published' and original.kind <> 'pdf'
group by original.object_id, original.key, original.modified_at
