"""What a form is: a document type, the values it states, and the layouts it comes in. The forms themselves
are beside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from muniment.sample import facts
from muniment.sample.facts import Matter, Quarter, Unit
from muniment.sample.spelling import Value
from muniment.sample.typeset import Layout

FIELDS: Mapping[str, tuple[str, ...]] = {
    "certificate_of_title": (
        "linc", "title_number", "short_legal", "registered_owner", "registration_date", "consideration",
        "municipality",
    ),
    "purchase_contract": (
        "property_address", "short_legal", "buyer", "seller", "purchase_price", "deposit",
        "completion_date", "contract_date",
    ),
    "transfer_of_land": (
        "title_number", "linc", "short_legal", "transferor", "transferee", "consideration", "transfer_date",
    ),
    "mortgage": (
        "short_legal", "mortgagor", "mortgagee", "principal", "interest_rate", "mortgage_date",
    ),
    "tax_certificate": (
        "roll_number", "municipality", "short_legal", "tax_levy", "tax_arrears", "certificate_date",
    ),
    "real_property_report": (
        "short_legal", "property_address", "surveyor", "survey_date",
    ),
    "statement_of_adjustments": (
        "purchase_price", "deposit", "tax_adjustment", "balance_due", "adjustment_date",
    ),
    "caveat": (
        "linc", "title_number", "short_legal", "caveator", "registration_number", "registration_date",
    ),
    "discharge": (
        "instrument_number", "mortgagee", "title_number", "discharge_date",
    ),
    "estoppel_certificate": (
        "condominium_plan", "unit_number", "monthly_contribution", "arrears", "certificate_date",
    ),
    "letter_of_undertaking": (
        "addressee", "trust_amount", "undertaking_date",
    ),
}  # fmt: skip
"""The fields that a reader is expected to find on each type; matter_number may stand on any."""
SOMETIMES = ("term", "amortisation")
"""Further fields, which only some layouts of a type print."""


@dataclass(frozen=True)
class Form:
    """A document type: `values` names everything its templates may print, `layouts` its looks, `rare` further ones that
    no practice draws, `held_out` those that no reader was written with."""

    document_type: str
    title: str
    values: Callable[[Matter], Mapping[str, Value | None]]
    layouts: tuple[Layout, ...]
    rare: tuple[Layout, ...] = ()
    held_out: tuple[Layout, ...] = ()


def common(matter: Matter) -> dict[str, Value | None]:
    """Values that any form may print. None stands for what this matter does not have."""
    land = matter.parcel
    condominium = isinstance(land.legal, Unit)
    return {
        "matter_number": matter.number,
        "firm": facts.FIRM,
        "firm_address": facts.FIRM_ADDRESS,
        "firm_phone": facts.FIRM_PHONE,
        "firm_email": facts.FIRM_EMAIL,
        "lawyer": matter.lawyer,
        "other_firm": matter.other_firm,
        "property_address": land.address,
        "short_legal": land.legal,
        "linc": land.linc,
        "title_number": land.title,
        "municipality": land.municipality,
        "exception": None if condominium else "EXCEPTING THEREOUT ALL MINES AND MINERALS",
        "area": f"{land.area_ha} hectares",
        "ats": None if isinstance(land.legal, Quarter) else land.ats,
    }
