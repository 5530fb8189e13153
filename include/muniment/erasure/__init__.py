"""Forgetting a person: their data goes from everything that an installation keeps, and what stays proves it.

`traces` says what of a text is the person, `scope` where that stands, `retention` what the law wants kept all the same.
What is to go is written down first as a `tombstone`, which holds no personal data; `work` does what tombstones say, now
and on whatever an older backup brings back; `proof` looks for what is left. How rows leave a table of the lake belongs
to `lake.cleansing`.
"""
