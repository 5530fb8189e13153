{# A legal description without its wording, so that `PLAN 0412345 BLOCK 12 LOT 34` and the land titles office's short
   form `0412345;12;34` are equal, and `NE-12-45-3-W4` equals `4;3;45;12;NE`. Null when nothing is left. #}
{% macro legal_key(legal) -%}
    nullif(trim(regexp_replace(regexp_replace(regexp_replace(
        upper({{ legal }}),
        '^\s*(\d)\s*;\s*(\d+)\s*;\s*(\d+)\s*;\s*(\d+)\s*;\s*([NS][EW])\s*$', '\5-\4-\3-\2-W\1'),
        '\m(CONDOMINIUM|CONDO|PLAN|BLOCK|BLK|LOT|UNIT)\M', ' ', 'g'),
        '[^0-9A-Z]+', ' ', 'g')), '')
{%- endmacro %}

{# Whether a legal description is of a condominium unit: it says so, or has the short form plan;unit. #}
{% macro is_condominium(legal) -%}
    ({{ legal }} ~* '\m(condominium|condo|unit)\M' or {{ legal }} ~ '^\s*\w+\s*;\s*\w+\s*$')
{%- endmacro %}
