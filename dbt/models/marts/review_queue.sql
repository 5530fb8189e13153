{{ config(indexes=[{'columns': ['confidence']}, {'columns': ['document_id']}]) }}

-- Each value of a current document that no reviewer has looked at, and each type of document.
with unseen as (
    select
        document_id, field, ordinal, kind, value, case when pii_class is null then normalised end as normalised, page,
        confidence, checks,
        window_start, window_key, run_id
    from {{ ref('int_document_fields') }}
    where not is_corrected

    union all

    select
        documents.document_id, 'document_type', 1, 'text', documents.document_type, documents.document_type, 1,
        documents.type_confidence, null, documents.window_start, documents.window_key, documents.run_id
    from {{ ref('int_current_documents') }} as documents
    where
        documents.document_id not in (
            select document_id from {{ ref('int_current_corrections') }} where field = 'document_type'
        )
)

select
    unseen.document_id,
    documents.keys[1] as key,
    documents.document_type,
    unseen.field,
    unseen.ordinal,
    unseen.kind,
    unseen.value,
    unseen.normalised,
    unseen.page,
    unseen.confidence,
    unseen.checks,
    unseen.window_start,
    unseen.window_key,
    unseen.run_id
from unseen
inner join {{ ref('int_current_documents') }} as documents on documents.document_id = unseen.document_id
