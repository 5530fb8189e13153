{{ config(indexes=[{'columns': ['window_start'], 'unique': true}]) }}

-- Measures what reading gave window by window, so it reads the lake's pages as they are.
with read as (
    select
        window_start,
        window_key,
        count(distinct document_id) as documents,
        count(*) as pages,
        count(*) filter (where source = 'text') as pages_from_text,
        count(*) filter (where source = 'layer') as pages_from_layer,
        count(*) filter (where source = 'ocr') as pages_recognised,
        count(*) filter (where source = 'none') as pages_without_text,
        avg(ocr_confidence) as ocr_confidence,
        coalesce(sum(hidden_characters), 0) as hidden_characters,
        count(distinct document_id) filter (where hidden_characters > 0) as documents_with_hidden_text
    from {{ source('lake', 'pages') }}
    group by window_start, window_key
),

refusals as (
    select window_start, window_key, reason, count(*) as refusals
    from {{ ref('stg_quarantine') }}
    where scope = 'object' and stage = 'parse'
    group by window_start, window_key, reason
),

refused as (
    select
        window_start,
        window_key,
        sum(refusals)::bigint as documents_refused,
        jsonb_object_agg(reason, refusals) as refusal_reasons
    from refusals
    group by window_start, window_key
),

subjects as (
    select window_start, window_key from read
    union
    select window_start, window_key from refused
)

select
    subjects.window_start,
    subjects.window_key,
    coalesce(read.documents, 0) as documents,
    coalesce(read.pages, 0) as pages,
    coalesce(read.pages_from_text, 0) as pages_from_text,
    coalesce(read.pages_from_layer, 0) as pages_from_layer,
    coalesce(read.pages_recognised, 0) as pages_recognised,
    coalesce(read.pages_without_text, 0) as pages_without_text,
    read.ocr_confidence::numeric(5, 4) as ocr_confidence,
    coalesce(read.hidden_characters, 0)::bigint as hidden_characters,
    coalesce(read.documents_with_hidden_text, 0) as documents_with_hidden_text,
    coalesce(refused.documents_refused, 0) as documents_refused,
    coalesce(refused.refusal_reasons, '{}') as refusal_reasons
from subjects
left join read on read.window_start = subjects.window_start
left join refused on refused.window_start = subjects.window_start
