{# Schemas are named exactly as the project says, without the prefix of the target that dbt puts there by default. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
