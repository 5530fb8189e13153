{{ config(indexes=[{'columns': ['window_start', 'table_name'], 'unique': true}]) }}

-- Measures the lake's tables as they are, so it reads the sources and not their staging views.
{%- set tables = [
    'documents', 'pages', 'fields', 'chunks', 'cells', 'entities', 'relationships',
    'matters', 'parcels', 'assessments', 'payments', 'registry_events', 'corrections',
] %}
{%- set confidence = {'documents': 'type_confidence', 'pages': 'ocr_confidence', 'fields': 'confidence'} %}

with landed as (
    select
        window_start,
        window_key,
        'objects' as table_name,
        count(*) as objects_registered,
        count(*) filter (where state = 'published') as objects_published,
        count(*) filter (where state = 'duplicate') as objects_duplicate,
        count(*) filter (where state = 'quarantined') as objects_quarantined
    from {{ ref('stg_objects') }}
    group by window_start, window_key
),

stored as (
    {%- for name in tables %}
    {%- set critical = critical_columns(name) %}
    select
        window_start,
        window_key,
        '{{ name }}' as table_name,
        count(*) as rows_published,
        avg(num_nonnulls({{ critical | join(', ') }})::numeric / {{ critical | length }}) as completeness,
        {{ "avg((source = 'ocr')::integer)" if name == 'pages' else 'null::numeric' }} as ocr_share,
        {{ 'avg(' ~ confidence[name] ~ ')' if name in confidence else 'null::double precision' }} as mean_confidence
    from {{ source('lake', name) }}
    group by window_start, window_key
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

refusals as (
    select
        window_start,
        window_key,
        case scope when 'object' then 'objects' else coalesce(table_name, 'unknown') end as table_name,
        reason,
        count(*) as refusals
    from {{ ref('stg_quarantine') }}
    group by 1, 2, 3, 4
),

refused as (
    select
        window_start,
        window_key,
        table_name,
        sum(refusals)::bigint as quarantined,
        jsonb_object_agg(reason, refusals) as quarantine_reasons
    from refusals
    group by window_start, window_key, table_name
),

subjects as (
    select window_start, window_key, table_name from landed
    union
    select window_start, window_key, table_name from stored
    union
    select window_start, window_key, table_name from refused
)

select
    subjects.window_start,
    subjects.window_key,
    subjects.table_name,
    landed.objects_registered,
    landed.objects_published,
    landed.objects_duplicate,
    landed.objects_quarantined,
    case when subjects.table_name <> 'objects' then coalesce(stored.rows_published, 0) end as rows_published,
    case when subjects.table_name <> 'objects' then coalesce(refused.quarantined, 0) end as rows_quarantined,
    case
        when subjects.table_name <> 'objects'
            then (coalesce(stored.rows_published, 0)::numeric
                / (coalesce(stored.rows_published, 0) + coalesce(refused.quarantined, 0)))::numeric(5, 4)
    end as accepted_share,
    stored.completeness::numeric(5, 4) as completeness,
    stored.ocr_share::numeric(5, 4) as ocr_share,
    stored.mean_confidence::numeric(5, 4) as mean_confidence,
    coalesce(refused.quarantine_reasons, '{}') as quarantine_reasons
from subjects
left join landed on landed.window_start = subjects.window_start and landed.table_name = subjects.table_name
left join stored on stored.window_start = subjects.window_start and stored.table_name = subjects.table_name
left join refused on refused.window_start = subjects.window_start and refused.table_name = subjects.table_name
