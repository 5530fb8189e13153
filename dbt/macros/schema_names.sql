{# Schemas are named exactly as the project says, without the prefix of the target that dbt puts there by default. Only
   marts go elsewhere for the target `candidate`: they are published from there when all are built and tested. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name == 'marts' and target.name == 'candidate' -%}
        candidate
    {%- else -%}
        {{ custom_schema_name or target.schema }}
    {%- endif -%}
{%- endmacro %}
