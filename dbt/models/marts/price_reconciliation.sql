{{ config(indexes=[{'columns': ['matter_number']}, {'columns': ['contract_document_id']}]) }}

with prices as (
    select
        documents.document_id,
        documents.document_type,
        documents.current_sequence,
        documents.window_start,
        documents.window_key,
        documents.run_id,
        matters.matter_number,
        fields.value as printed,
        fields.amount,
        fields.page,
        fields.confidence,
        case
            when fields.checks ~ '\mdoes_not_add_up\M' then false
            when fields.checks ~ '\madds_up\M' then true
        end as adds_up
    from {{ ref('int_current_documents') }} as documents
    left join {{ ref('int_document_matter') }} as matters
        on matters.document_id = documents.document_id and matters.is_counted
    left join {{ ref('int_document_fields') }} as fields
        on fields.document_id = documents.document_id and fields.field = 'purchase_price' and fields.ordinal = 1
    where documents.document_type in ('purchase_contract', 'statement_of_adjustments')
),

contracts as (
    select * from prices where document_type = 'purchase_contract'
),

statements as (
    select distinct on (matter_number) *
    from prices
    where document_type = 'statement_of_adjustments'
    order by matter_number, current_sequence desc, document_id
),

records as (
    select * from {{ ref('int_current_matters') }}
    where matter_type in ('purchase', 'sale') or matter_number in (select matter_number from contracts)
)

select
    records.matter_number,
    records.matter_type,
    records.status,
    records.purchase_price as record_price,
    contracts.amount as contract_price,
    contracts.amount - records.purchase_price as difference,
    contracts.amount = records.purchase_price as agrees,
    case
        when contracts.document_id is null then 'no_contract'
        when records.matter_number is null then 'no_matter'
        when contracts.amount is null then 'price_not_read'
        when records.purchase_price is null then 'no_record_price'
        when contracts.amount = records.purchase_price then 'agrees'
        else 'differs'
    end as verdict,
    contracts.document_id as contract_document_id,
    contracts.printed as contract_printed,
    contracts.page as contract_page,
    contracts.confidence as contract_confidence,
    contracts.window_start as contract_window_start,
    contracts.window_key as contract_window_key,
    contracts.run_id as contract_run_id,
    statements.amount as statement_price,
    statements.amount = records.purchase_price as statement_agrees,
    statements.document_id as statement_document_id,
    statements.page as statement_page,
    statements.confidence as statement_confidence,
    statements.adds_up as statement_adds_up,
    statements.window_key as statement_window_key,
    statements.run_id as statement_run_id,
    records.source_object_id as record_object_id,
    records.source_line as record_line,
    records.window_start as record_window_start,
    records.window_key as record_window_key,
    records.run_id as record_run_id
from records
full outer join contracts on contracts.matter_number = records.matter_number
left join statements on statements.matter_number = records.matter_number
