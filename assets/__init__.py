"""Dagster: what exists, when, and what must hold before it counts.

An asset here reads its inputs, calls one function of `muniment`, and reports what came of it. The entry point is
`assets.definitions`.
"""

import warnings

from dagster import BetaWarning, PreviewWarning

# Single-run backfills are marked beta; the version is pinned and the snapshot test would show a change.
warnings.filterwarnings("ignore", category=BetaWarning)
warnings.filterwarnings("ignore", category=PreviewWarning)
