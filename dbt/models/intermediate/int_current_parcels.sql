{{ current_rows(ref('stg_parcels'), ['linc']) }}
