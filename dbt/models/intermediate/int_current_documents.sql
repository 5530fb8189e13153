{{ config(materialized='table', indexes=[{'columns': ['document_id'], 'unique': true}]) }}

-- The latest refusal speaks for the document when newer versions of several of its keys were refused.
with contents as (
    select key, sha256 from {{ ref('stg_objects') }} group by key, sha256
),

held as (
    select
        landing.document_id,
        array_agg(distinct landing.key order by landing.key) as keys,
        max(landing.register_sequence) as current_sequence,
        count(distinct contents.sha256)::integer as versions
    from {{ ref('int_landing_keys') }} as landing
    inner join contents on contents.key = landing.key
    where landing.document_id is not null
    group by landing.document_id
),

refused as (
    select distinct on (document_id) document_id, refused_object_id, refused_reason, refused_window_key
    from {{ ref('int_landing_keys') }}
    where document_id is not null and refused_object_id is not null
    order by document_id, refused_sequence desc, refused_object_id desc
)

select
    documents.*,
    coalesce(corrected.value, documents.read_type) as document_type,
    held.keys,
    held.current_sequence,
    held.versions,
    refused.refused_object_id,
    refused.refused_reason,
    refused.refused_window_key
from {{ ref('stg_documents') }} as documents
inner join held on held.document_id = documents.document_id
left join refused on refused.document_id = documents.document_id
left join {{ ref('int_current_corrections') }} as corrected
    on corrected.document_id = documents.document_id and corrected.field = 'document_type' and corrected.ordinal = 1
