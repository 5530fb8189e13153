with filed as (
    select matters.matter_number, matters.document_type, fields.value as legal
    from {{ ref('int_document_matter') }} as matters
    left join {{ ref('int_document_fields') }} as fields
        on fields.document_id = matters.document_id and fields.field = 'short_legal'
    where matters.is_counted

    union all

    select matters.matter_number, null, parcels.short_legal
    from {{ ref('int_current_matters') }} as matters
    inner join {{ ref('int_current_parcels') }} as parcels on parcels.linc = matters.linc
),

units as (
    select distinct matter_number
    from filed
    where document_type = 'estoppel_certificate' or {{ is_condominium('legal') }}
),

matters as (
    select
        matters.matter_number,
        matters.matter_type,
        case when units.matter_number is null then 'freehold' else 'condominium' end as property_type
    from {{ ref('int_current_matters') }} as matters
    left join units on units.matter_number = matters.matter_number
    where matters.status = 'open'
)

select
    matters.matter_number,
    matters.property_type,
    required.document_type,
    exists (
        select 1 from filed
        where filed.matter_number = matters.matter_number and filed.document_type = required.document_type
    ) as is_present
from matters
inner join {{ ref('required_documents') }} as required
    on required.matter_type = matters.matter_type and required.property_type in ('any', matters.property_type)
