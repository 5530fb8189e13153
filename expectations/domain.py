"""Rules of conveyancing that no schema can say: how two columns of one row relate.

Rules of one column are in the contracts.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ordered:
    """`greater` is never below `lesser` where both have a value."""

    greater: str
    lesser: str


RULES: dict[str, tuple[Ordered, ...]] = {
    "matters": (Ordered("closing_on", "opened_on"), Ordered("purchase_price", "deposit")),
    "assessments": (Ordered("assessed_value", "tax_levy"),),
    "documents": (Ordered("pages", "pages_recognised"),),
    "fields": (Ordered("x1", "x0"), Ordered("y1", "y0")),
    "pii_findings": (Ordered("x1", "x0"), Ordered("y1", "y0")),
    "chunks": (Ordered("page_end", "page"),),
    "cells": (Ordered("x1", "x0"), Ordered("y1", "y0")),
}
