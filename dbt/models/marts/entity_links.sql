{{ config(indexes=[{'columns': ['left_entity']}, {'columns': ['right_entity']}]) }}

select * from {{ ref('stg_entity_links') }}
