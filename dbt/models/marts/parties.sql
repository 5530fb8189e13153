{{ config(indexes=[{'columns': ['matter_number']}, {'columns': ['person']}]) }}

-- A name is a party of the file or record that it stands in; whether two parties are one person is for the links to say.
with mentions as (
    select entity, context, source_type, source
    from {{ ref('stg_mentions') }}
    where
        (source_type = 'document' and source in (select document_id from {{ ref('int_current_documents') }}))
        or (source_type = 'matter' and source in (select matter_number from {{ ref('int_current_matters') }}))
),

roles as (
    select distinct source as entity, document_id, role
    from {{ ref('stg_relationships') }}
    where relation = 'party_to' and source_type = 'person'
),

sides as (
    select left_entity as entity, left_context as context, status, score from {{ ref('stg_entity_links') }}
    union all
    select right_entity, right_context, status, score from {{ ref('stg_entity_links') }}
),

links as (
    select
        entity,
        context,
        (count(*) filter (where status = 'linked'))::integer as linked,
        (count(*) filter (where status = 'possible'))::integer as possible,
        max(score) as best_score
    from sides
    group by entity, context
)

select
    mentions.entity as person,
    mentions.context,
    case when mentions.context not like 'document:%' then split_part(mentions.context, ':', 2) end as matter_number,
    split_part(mentions.context, ':', 1) = 'client' as is_client,
    coalesce(
        array_agg(distinct roles.role order by roles.role) filter (where roles.role is not null), '{}'
    ) as roles,
    coalesce(
        array_agg(distinct mentions.source order by mentions.source) filter (where mentions.source_type = 'document'),
        '{}'
    ) as document_ids,
    coalesce(max(links.linked), 0) as linked,
    coalesce(max(links.possible), 0) as possible,
    max(links.best_score) as best_score
from mentions
left join roles on roles.entity = mentions.entity and roles.document_id = mentions.source
left join links on links.entity = mentions.entity and links.context = mentions.context
group by mentions.entity, mentions.context
