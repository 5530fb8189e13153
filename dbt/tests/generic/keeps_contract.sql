{# What a contract says of every row of its table: `required` columns have values, and `key` tells the rows of one
   window apart. One test a table rather than one a column, because each test is a query and a round trip. #}
{% test keeps_contract(model, required, key) %}
{{ config(fail_calc = 'coalesce(sum(faulty_rows), 0)') }}

select 'a required value is missing' as fault, count(*) as faulty_rows
from {{ model }}
where num_nulls({{ required | join(', ') }}) > 0

union all

select 'the key is not unique in its window', count(*)
from (
    select 1 from {{ model }} group by {{ key | join(', ') }}, window_start having count(*) > 1
) as repeated
{% endtest %}
