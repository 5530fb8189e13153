{{ current_rows(ref('stg_payments'), ['payment_id']) }}
