{# Schemas are named exactly as the project says, without the prefix of the target that dbt puts there by default. Only
   marts go elsewhere for the target `candidate`: they are published from there when all are built and tested. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name == 'marts' and target.name == 'candidate' -%}
        candidate
    {%- else -%}
        {{ custom_schema_name or target.schema }}
    {%- endif -%}
{%- endmacro %}

{# Marts that readers see are never built in place: not by somebody who runs dbt by hand either. #}
{% macro only_candidates_are_built() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed') and target.name != 'candidate' -%}
        {{ exceptions.raise_compiler_error('Readers see the marts of this target. Build with: --target candidate') }}
    {%- endif -%}
{%- endmacro %}
