{# The newest row of each record in a staging relation `rows_of`, told by the columns `key`. A record that several
   files deliver is the one of the file delivered last; within a file, the one on the last line. #}
{% macro current_rows(rows_of, key) %}
select distinct on ({{ key | join(', ') }}) delivered.*
from {{ rows_of }} as delivered
left join {{ ref('int_deliveries') }} as delivery using (source_object_id)
order by
    {{ key | join(', ') }},
    delivery.delivered_sequence desc nulls last,
    delivery.modified_at desc nulls last,
    delivery.source_key desc nulls last,
    delivered.source_line desc
{% endmacro %}
