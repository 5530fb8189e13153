{# The calendar day in Alberta on which an instant falls. #}
{% macro alberta_date(instant) -%}
    ({{ instant }} at time zone 'America/Edmonton')::date
{%- endmacro %}
