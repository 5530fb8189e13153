-- Days are counted from the latest window in the warehouse, so that building the same data again gives the same rows.
with calendar as (
    select {{ alberta_date('max(window_start)') }} as as_of from {{ ref('stg_objects') }}
),

checklists as (
    select
        matter_number,
        property_type,
        array_agg(document_type order by document_type) as required_documents,
        array_agg(document_type order by document_type) filter (where is_present) as present_documents,
        array_agg(document_type order by document_type) filter (where not is_present) as missing_documents,
        avg(is_present::integer)::numeric(5, 4) as readiness
    from {{ ref('int_matter_checklist') }}
    group by matter_number, property_type
),

documents as (
    select matter_number, array_agg(document_id order by document_id) as document_ids
    from {{ ref('int_document_matter') }}
    where is_counted
    group by matter_number
)

select
    matters.matter_number,
    matters.matter_type,
    checklists.property_type,
    matters.responsible_lawyer,
    matters.linc,
    matters.opened_on,
    matters.closing_on,
    calendar.as_of,
    matters.closing_on - calendar.as_of as days_to_closing,
    checklists.required_documents,
    coalesce(checklists.present_documents, '{}') as present_documents,
    coalesce(checklists.missing_documents, '{}') as missing_documents,
    checklists.readiness,
    case
        when checklists.readiness = 1 then 'ready'
        when matters.closing_on < calendar.as_of then 'overdue'
        when matters.closing_on - calendar.as_of <= 7 then 'due'
        else 'open'
    end as standing,
    coalesce(documents.document_ids, '{}') as document_ids,
    matters.source_object_id,
    matters.source_line,
    matters.window_start,
    matters.window_key,
    matters.run_id
from {{ ref('int_current_matters') }} as matters
inner join checklists on checklists.matter_number = matters.matter_number
left join documents on documents.matter_number = matters.matter_number
cross join calendar
