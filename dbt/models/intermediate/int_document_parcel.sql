{{ config(materialized='table', indexes=[{'columns': ['linc']}, {'columns': ['document_id']}]) }}

-- Titles and descriptions of every delivery count, because a document may name the title that a transfer replaced.
with clues as (
    select document_id, field as clue, normalised as value
    from {{ ref('int_document_fields') }}
    where field in ('linc', 'title_number', 'short_legal') and normalised is not null

    union

    select document_id, 'short_legal', string_agg(coalesce(normalised, value), ' ' order by field)
    from {{ ref('int_document_fields') }}
    where field in ('condominium_plan', 'unit_number') and ordinal = 1
    group by document_id
    having count(*) = 2
),

legal_clues as (
    select document_id, {{ legal_key('value') }} as legal from clues where clue = 'short_legal'
),

titles as (
    select title_number, linc from {{ ref('stg_parcels') }} where title_number is not null
    union
    select title_number, linc from {{ ref('stg_registry_events') }} where linc is not null
),

descriptions as (
    select {{ legal_key('short_legal') }} as legal, linc from {{ ref('stg_parcels') }}
    union
    select {{ legal_key('ats_description') }}, linc from {{ ref('stg_parcels') }} where ats_description is not null
),

matches as (
    select document_id, value as linc, 'linc' as evidence, 1 as strength
    from clues
    where
        clue = 'linc'
        and value in (select linc from {{ ref('stg_parcels') }} union select linc from {{ ref('stg_matters') }})

    union all

    select clues.document_id, titles.linc, 'title_number', 2
    from clues
    inner join titles on titles.title_number = clues.value
    where clues.clue = 'title_number'

    union all

    select legal_clues.document_id, descriptions.linc, 'short_legal', 3
    from legal_clues
    inner join descriptions on descriptions.legal = legal_clues.legal
),

ranked as (
    select *, rank() over (partition by document_id order by strength) as place from matches
)

select distinct document_id, linc, evidence, strength
from ranked
where place = 1
