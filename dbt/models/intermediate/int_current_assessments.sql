{{ current_rows(ref('stg_assessments'), ['roll_number', 'assessment_year']) }}
