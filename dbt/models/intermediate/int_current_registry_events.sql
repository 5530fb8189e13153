{{ current_rows(ref('stg_registry_events'), ['event_id']) }}
