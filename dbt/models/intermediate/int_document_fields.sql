-- A sum that does not fit eleven digits is a misreading, and must not stop the build. Other dollars are not comparable.
select
    fields.*,
    documents.document_type,
    case
        when fields.kind = 'money'
            and coalesce(fields.currency, 'CAD') = 'CAD'
            and fields.normalised ~ '^-?\d{1,11}(\.\d+)?$'
            then fields.normalised::numeric(14, 2)
    end as amount
from {{ ref('stg_fields') }} as fields
inner join {{ ref('int_current_documents') }} as documents on documents.document_id = fields.document_id
