{{ config(indexes=[{'columns': ['matter_number']}, {'columns': ['document_type']}]) }}

with matters as (
    select document_id, matter_number, evidence, candidates
    from {{ ref('int_document_matter') }}
),

matched as (
    select
        document_id,
        max(candidates) as candidates,
        max(matter_number) filter (where candidates = 1) as matter_number,
        max(evidence) as evidence
    from matters
    group by document_id
),

reading as (
    select
        document_id,
        count(*)::integer as fields,
        avg(confidence)::numeric(5, 4) as mean_confidence,
        count(*) filter (where is_corrected)::integer as corrected_fields
    from {{ ref('int_document_fields') }}
    group by document_id
),

superseded as (
    select objects.document_id, array_agg(distinct objects.key order by objects.key) as keys
    from {{ ref('stg_objects') }} as objects
    inner join {{ ref('int_landing_keys') }} as landing on landing.key = objects.key
    where objects.document_id is distinct from landing.document_id and objects.document_id is not null
    group by objects.document_id
),

refusals as (
    select distinct on (object_id) object_id, message
    from {{ ref('stg_quarantine') }}
    where scope = 'object'
    order by object_id, quarantine_id
)

select
    documents.document_id,
    documents.document_type,
    documents.type_confidence,
    matched.matter_number,
    matched.evidence as matter_evidence,
    coalesce(matched.candidates, 0) as matter_candidates,
    documents.named_matter_number,
    documents.keys,
    coalesce(superseded.keys, '{}') as superseded_keys,
    documents.pages,
    documents.pages_recognised,
    documents.hidden_characters,
    coalesce(reading.fields, 0) as fields,
    reading.mean_confidence,
    documents.missing_fields,
    documents.versions,
    documents.refused_object_id is not null as newer_version_refused,
    documents.refused_object_id,
    documents.refused_reason,
    refusals.message as refused_message,
    documents.refused_window_key,
    documents.sha256,
    documents.object_id,
    documents.processor,
    documents.window_start,
    documents.window_key,
    documents.run_id,
    documents.read_type,
    coalesce(reading.corrected_fields, 0) as corrected_fields,
    documents.runner_up,
    documents.runner_up_confidence,
    documents.repaired,
    documents.active_content
from {{ ref('int_current_documents') }} as documents
left join matched on matched.document_id = documents.document_id
left join reading on reading.document_id = documents.document_id
left join superseded on superseded.document_id = documents.document_id
left join refusals on refusals.object_id = documents.refused_object_id
