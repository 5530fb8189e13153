{# Generated from include/contracts by `make contracts` (python -m muniment.generated). Do not edit. #}
{% macro critical_columns(table) -%}
{{ return({
    'assessments': ['roll_number', 'assessment_year', 'municipality', 'property_class', 'assessed_value'],
    'cells': ['document_id', 'page', 'table_number', 'row_number', 'column_number', 'text'],
    'chunks': ['document_id', 'ordinal', 'page', 'page_end', 'text', 'chunk_hash'],
    'corrections': ['document_id', 'field', 'ordinal', 'reviewer', 'reviewed_at'],
    'documents': ['document_id', 'object_id', 'key', 'sha256', 'document_type', 'pages', 'processor'],
    'entities': ['document_id', 'entity_type', 'entity', 'field', 'page'],
    'fields': ['document_id', 'field', 'ordinal', 'kind', 'value', 'page', 'extractor'],
    'matters': ['matter_number', 'matter_type', 'client_name', 'property_address', 'linc', 'opened_on', 'status'],
    'objects': ['object_id', 'key', 'sha256', 'size', 'modified_at', 'register_sequence', 'kind', 'state'],
    'pages': ['document_id', 'page', 'source'],
    'parcels': ['linc', 'short_legal', 'title_number', 'municipality'],
    'payments': ['payment_id', 'matter_number', 'paid_at', 'amount', 'direction', 'purpose', 'method'],
    'quarantine': ['quarantine_id', 'object_id', 'key', 'scope', 'stage', 'reason', 'message'],
    'registry_events': ['event_id', 'registered_at', 'title_number', 'linc', 'instrument_number', 'instrument_type'],
    'relationships': ['document_id', 'relation', 'target_type', 'target', 'source_type', 'source', 'field'],
}[table]) }}
{%- endmacro %}
