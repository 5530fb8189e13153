"""A deterministic sample practice: an Alberta conveyancing office as files in a landing folder, and the truth
about them.

Nothing here is read by the platform itself; tests, benchmarks and the first run use it.
"""

from muniment.sample.practice import find_practice, write_changes, write_late, write_practice
from muniment.sample.scale import SampleError, Scale
from muniment.sample.truth import FieldTruth, ObjectTruth, RecordsTruth, Truth

__all__ = [
    "FieldTruth",
    "ObjectTruth",
    "RecordsTruth",
    "SampleError",
    "Scale",
    "Truth",
    "find_practice",
    "write_changes",
    "write_late",
    "write_practice",
]
