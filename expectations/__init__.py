"""What must hold before rows are committed, judged by Great Expectations.

`suites` derives the structural expectations from the contracts and adds the domain's rules; `judge` runs them.
"""
