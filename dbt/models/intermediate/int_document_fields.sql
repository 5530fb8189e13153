-- What a reviewer says wins over what was read, which stays in the lake as it was. A correction without a value takes
-- the field away; one of a field that was not read adds it, whose kind may not be known: it may be a sum. A sum that
-- does not fit eleven digits is a misreading, and must not stop the build; other dollars are not comparable.
with kinds as (
    select distinct on (field) field, kind
    from {{ ref('stg_fields') }}
    group by field, kind
    order by field, count(*) desc, kind
),

said as (
    select
        coalesce(fields.document_id, corrections.document_id) as document_id,
        coalesce(fields.field, corrections.field) as field,
        coalesce(fields.ordinal, corrections.ordinal) as ordinal,
        coalesce(fields.kind, kinds.kind) as read_kind,
        coalesce(corrections.value, fields.value) as value,
        case
            when corrections.document_id is null then fields.normalised
            when not corrections.is_personal then corrections.value
        end as normalised,
        case when corrections.document_id is null or corrections.is_personal then fields.pii_class end as pii_class,
        fields.page,
        fields.x0,
        fields.y0,
        fields.x1,
        fields.y1,
        case when corrections.document_id is null then fields.confidence else 1 end as confidence,
        fields.extractor,
        fields.currency,
        case when corrections.document_id is null then fields.checks end as checks,
        corrections.document_id is not null as is_corrected,
        fields.value as read_value,
        fields.confidence as read_confidence,
        corrections.reviewer,
        corrections.reviewed_at,
        corrections.source_object_id as correction_object_id,
        corrections.source_line as correction_line,
        coalesce(corrections.window_start, fields.window_start) as window_start,
        coalesce(corrections.window_key, fields.window_key) as window_key,
        coalesce(corrections.run_id, fields.run_id) as run_id
    from {{ ref('stg_fields') }} as fields
    full outer join {{ ref('int_current_corrections') }} as corrections
        on
            corrections.document_id = fields.document_id
            and corrections.field = fields.field
            and corrections.ordinal = fields.ordinal
    left join kinds on kinds.field = corrections.field
    where
        (corrections.document_id is null or corrections.value is not null)
        and coalesce(corrections.field, '') <> 'document_type'
)

select
    said.*,
    coalesce(said.read_kind, 'text') as kind,
    documents.document_type,
    case
        when coalesce(said.read_kind, 'money') = 'money'
            and coalesce(said.currency, 'CAD') = 'CAD'
            and said.normalised ~ '^-?\d{1,11}(\.\d+)?$'
            then said.normalised::numeric(14, 2)
    end as amount
from said
inner join {{ ref('int_current_documents') }} as documents on documents.document_id = said.document_id
