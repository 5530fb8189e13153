{# No two rows agree in all of `columns`; nulls agree with each other. #}
{% test unique_together(model, columns) %}
select {{ columns | join(', ') }}, count(*) as repeats
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
