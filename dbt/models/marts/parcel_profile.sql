{{ config(indexes=[{'columns': ['title_number']}]) }}

-- A parcel may be assessed under several rolls in a year; their values add up.
with rolls as (
    select *, rank() over (partition by linc order by assessment_year desc) as place
    from {{ ref('int_current_assessments') }}
    where linc is not null
),

assessments as (
    select
        linc,
        assessment_year,
        count(*)::integer as assessed_rolls,
        sum(assessed_value)::numeric(16, 2) as assessed_value,
        sum(tax_levy)::numeric(16, 2) as tax_levy
    from rolls
    where place = 1
    group by linc, assessment_year
),

events as (
    select distinct on (linc) *
    from {{ ref('int_current_registry_events') }}
    where linc is not null
    order by linc, registered_at desc, event_id desc
),

documents as (
    select
        parcels.linc,
        array_agg(parcels.document_id order by parcels.document_id) as document_ids
    from {{ ref('int_document_parcel') }} as parcels
    group by parcels.linc
),

certificates as (
    select distinct on (parcels.linc)
        parcels.linc,
        documents.document_id,
        titles.normalised as title_number,
        titles.page,
        titles.confidence
    from {{ ref('int_document_parcel') }} as parcels
    inner join {{ ref('int_current_documents') }} as documents on documents.document_id = parcels.document_id
    left join {{ ref('int_document_fields') }} as titles
        on titles.document_id = documents.document_id and titles.field = 'title_number' and titles.ordinal = 1
    where documents.document_type = 'certificate_of_title'
    order by parcels.linc, documents.current_sequence desc, documents.document_id
),

matters as (
    select linc, array_agg(matter_number order by matter_number) as matter_numbers
    from {{ ref('int_current_matters') }}
    where linc is not null
    group by linc
)

select
    parcels.linc,
    parcels.short_legal,
    parcels.ats_description,
    {{ is_condominium('parcels.short_legal') }} as is_condominium,
    parcels.municipality,
    parcels.area_ha,
    parcels.title_number,
    certificates.title_number as certificate_title_number,
    certificates.title_number = parcels.title_number as certificate_agrees,
    certificates.document_id as certificate_document_id,
    certificates.page as certificate_page,
    certificates.confidence as certificate_confidence,
    assessments.assessment_year,
    assessments.assessed_rolls,
    assessments.assessed_value,
    assessments.tax_levy,
    events.event_id as latest_event_id,
    events.instrument_type as latest_instrument_type,
    events.instrument_number as latest_instrument_number,
    events.registered_at as latest_registered_at,
    {{ alberta_date('events.registered_at') }} as latest_registered_on,
    coalesce(matters.matter_numbers, '{}') as matter_numbers,
    coalesce(documents.document_ids, '{}') as document_ids,
    parcels.source_object_id,
    parcels.source_line,
    parcels.window_start,
    parcels.window_key,
    parcels.run_id
from {{ ref('int_current_parcels') }} as parcels
left join assessments on assessments.linc = parcels.linc
left join events on events.linc = parcels.linc
left join certificates on certificates.linc = parcels.linc
left join matters on matters.linc = parcels.linc
left join documents on documents.linc = parcels.linc
