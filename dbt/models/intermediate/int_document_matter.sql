{{ config(materialized='table', indexes=[{'columns': ['matter_number']}, {'columns': ['document_id']}]) }}

-- The strongest evidence decides. What speaks of the land alone serves every matter about that land; what belongs to
-- one deal counts only when it can be of one matter, so that no contract is ever given to the wrong client.
with corrected as (
    select document_id from {{ ref('int_current_corrections') }} where field = 'matter_number'
),

named as (
    select document_id, normalised as matter_number
    from {{ ref('int_document_fields') }}
    where field = 'matter_number' and is_corrected

    union

    select document_id, named_matter_number
    from {{ ref('int_current_documents') }}
    where document_id not in (select document_id from corrected)

    union

    select document_id, target
    from {{ ref('stg_relationships') }}
    where target_type = 'matter' and document_id not in (select document_id from corrected)
),

matches as (
    select named.document_id, matters.matter_number, 'file_number' as evidence, 0 as strength
    from named
    inner join {{ ref('int_current_matters') }} as matters on matters.matter_number = named.matter_number

    union all

    select parcels.document_id, matters.matter_number, parcels.evidence, parcels.strength
    from {{ ref('int_document_parcel') }} as parcels
    inner join {{ ref('int_current_matters') }} as matters on matters.linc = parcels.linc
),

ranked as (
    select distinct *, rank() over (partition by document_id order by strength) as place from matches
),

best as (
    select *, count(*) over (partition by document_id)::integer as candidates from ranked where place = 1
)

select
    best.document_id,
    documents.document_type,
    best.matter_number,
    best.evidence,
    best.candidates,
    best.candidates = 1
    or documents.document_type in (
        'certificate_of_title', 'tax_certificate', 'real_property_report', 'estoppel_certificate', 'caveat'
    ) as is_counted
from best
inner join {{ ref('int_current_documents') }} as documents on documents.document_id = best.document_id
