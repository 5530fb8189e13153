with entries as (
    select
        *,
        case direction when 'in' then amount else 0 end as money_in,
        case direction when 'out' then amount else 0 end as money_out,
        sum(case direction when 'in' then amount else -amount end)
            over (partition by matter_number order by paid_at, direction, payment_id) as balance
    from {{ ref('int_current_payments') }}
),

ledgers as (
    select
        matter_number,
        count(*)::integer as payments,
        sum(money_in)::numeric(16, 2) as received,
        sum(money_out)::numeric(16, 2) as paid_out,
        sum(money_in - money_out)::numeric(16, 2) as balance,
        min(balance)::numeric(16, 2) as lowest_balance,
        coalesce(sum(money_in) filter (where purpose = 'deposit'), 0)::numeric(16, 2) as deposit_received,
        {{ alberta_date('min(paid_at)') }} as first_paid_on,
        {{ alberta_date('max(paid_at)') }} as last_paid_on
    from entries
    group by matter_number
)

select
    ledgers.matter_number,
    matters.matter_number is not null as matter_is_known,
    matters.status as matter_status,
    ledgers.payments,
    ledgers.received,
    ledgers.paid_out,
    ledgers.balance,
    ledgers.lowest_balance,
    ledgers.lowest_balance < 0 as was_overdrawn,
    ledgers.deposit_received,
    matters.deposit as deposit_agreed,
    ledgers.first_paid_on,
    ledgers.last_paid_on
from ledgers
left join {{ ref('int_current_matters') }} as matters on matters.matter_number = ledgers.matter_number
