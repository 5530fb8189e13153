{{ current_rows(ref('stg_matters'), ['matter_number']) }}
