"""Papers about the property itself: tax certificate, real property report with its plan, condominium estoppel
certificate."""

from collections.abc import Mapping, Sequence

from muniment.sample.facts import Matter, Unit
from muniment.sample.forms.form import Form, common
from muniment.sample.spelling import Printed, Value
from muniment.sample.typeset import (
    Caption,
    Clauses,
    Figure,
    Heading,
    Layout,
    PageBreak,
    Pairs,
    Para,
    Rule,
    Signatures,
    Space,
    Stroke,
    Style,
    Table,
)


def _tax_values(matter: Matter) -> Mapping[str, Value | None]:
    land = matter.parcel
    return common(matter) | {
        "roll_number": land.roll_number,
        "tax_levy": land.tax_levy,
        "tax_arrears": land.tax_arrears,
        "total_owing": land.tax_levy + land.tax_arrears,
        "assessed_value": land.assessed_value,
        "property_class": land.property_class,
        "certificate_date": matter.certified_on,
        "owner": matter.owners,
        "tax_year": str(matter.certified_on.year),
    }


_TAX_NOTES = (
    "Penalties are added to unpaid current taxes on the first day of July and to arrears on the first day of January.",
    "Supplementary levies for improvements finished during the year may follow and are not part of this certificate.",
    "Utility accounts in the owner's name that remain unpaid may be added to the tax roll.",
    "The municipality is bound by this certificate only towards the person who applied for it and paid the fee.",
)

TAX_CERTIFICATE = Form(
    "tax_certificate",
    "Tax Certificate",
    _tax_values,
    (
        Layout(
            "civic",
            Style(size=10.5),
            (
                Heading("{municipality!u}", 1.4, centred=True),
                Heading("TAX CERTIFICATE", 1.2, centred=True),
                Space(6),
                Pairs(
                    (
                        ("Issued by", "{municipality}"),
                        ("Roll Number", "{roll_number}"),
                        ("Legal Description", "{short_legal}"),
                        ("Civic Address", "{property_address}"),
                        ("Assessed Owner", "{owner}"),
                        ("Certificate Date", "{certificate_date}"),
                        ("Requested by", "{firm}, Your File: {matter_number}"),
                    )
                ),
                Table(
                    head=("Account", "Amount"),
                    rows=(
                        ("{tax_year} assessment ({property_class})", "{assessed_value}"),
                        ("Current tax levy", "{tax_levy}"),
                        ("Tax arrears", "{tax_arrears}"),
                        ("Total outstanding", "{total_owing}"),
                    ),
                    widths=(0.62, 0.38),
                    right=(1,),
                    totals=1,
                ),
                Para(
                    "I certify that the amounts shown stand on the tax roll of the municipality at the "
                    "date of this certificate."
                ),
                Clauses(_TAX_NOTES),
                Signatures(("Collector of taxes",)),
            ),
            footer="|Revenue and taxation|Page {page} of {pages}",
        ),
        Layout(
            "cards",
            Style(face="sans", size=10, values="bold"),
            (
                Heading("Certificate of taxes", 1.8),
                Rule(1.5),
                Pairs(
                    (
                        ("Municipality", "{municipality}"),
                        ("Roll number", "{roll_number}"),
                        ("Legal description", "{short_legal}"),
                        ("Property address", "{property_address}"),
                        ("Date of certificate", "{certificate_date}"),
                        ("Our File", "{matter_number}"),
                        ("Levy for the year", "{tax_levy}"),
                        ("Arrears of taxes", "{tax_arrears}"),
                    ),
                    "above",
                ),
                Clauses(_TAX_NOTES),
                Signatures(("Assessment and taxation clerk",)),
            ),
            header="{municipality}||Tax certificate",
        ),
        Layout(
            "letter",
            Style(face="serif", size=12, margin=80),
            (
                Para("{municipality}", "bold"),
                Para("Office of the treasurer", "italic"),
                Space(10),
                Para("{certificate_date}"),
                Para("{firm}\n{firm_address}"),
                Para("Tax certificate, roll number {roll_number}. File No. {matter_number}", "bold"),
                Para(
                    "In answer to your request we certify that the property described as {short_legal}, "
                    "known as {property_address}, was levied {tax_levy} in taxes for {tax_year}, and that"
                    " arrears of {tax_arrears} stand against it today."
                ),
                Clauses(_TAX_NOTES),
                Para("Yours faithfully,"),
                Signatures(("Treasurer",)),
            ),
        ),
    ),
)


def _report_values(matter: Matter) -> Mapping[str, Value | None]:
    return common(matter) | {
        "surveyor": matter.surveyor,
        "survey_date": matter.surveyed_on,
        "owner": matter.owners,
        "frontage": f"{12 + matter.index % 9}.{matter.index * 7 % 100:02d}",
        "depth": f"{33 + matter.index % 7}.{matter.index * 13 % 100:02d}",
        "job": f"{matter.surveyed_on.year % 100}-{1000 + matter.index * 17}",
    }


def _plan(values: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    """A lot between a street and a lane, with a house, a garage, a fence and a right of way."""
    return (
        *_polygon(((0.22, 0.08), (0.79, 0.06), (0.81, 0.86), (0.2, 0.88)), 1.6),
        *_polygon(((0.3, 0.42), (0.7, 0.41), (0.7, 0.7), (0.55, 0.7), (0.55, 0.76), (0.31, 0.76)), 1.1),
        *_polygon(((0.58, 0.12), (0.74, 0.12), (0.74, 0.28), (0.58, 0.28)), 1.1),
        Stroke(0.21, 0.145, 0.79, 0.13, 0.6, dashed=True),
        Stroke(0.2, 0.3, 0.22, 0.1, 0.4, dashed=True),
        Stroke(0.02, 0.94, 0.98, 0.93, 0.6),
        Stroke(0.02, 0.02, 0.98, 0.01, 0.6),
        Stroke(0.93, 0.28, 0.93, 0.12, 1.0),
        Stroke(0.93, 0.12, 0.915, 0.16, 1.0),
        Stroke(0.93, 0.12, 0.945, 0.16, 1.0),
        Caption(0.93, 0.1, "N"),
        Caption(0.5, 0.98, "STREET"),
        Caption(0.5, 0.05, "LANE"),
        Caption(0.5, 0.57, "HOUSE"),
        Caption(0.66, 0.21, "GARAGE"),
        Caption(0.5, 0.85, "{frontage} m"),
        Caption(0.17, 0.5, "{depth} m", 90),
        Caption(0.84, 0.5, "{depth} m", 90),
        Caption(0.38, 0.125, "3.0 m utility right of way"),
        Caption(0.26, 0.6, "1.52", 90),
        Caption(0.75, 0.55, "1.24", 90),
    )


def _polygon(corners: Sequence[tuple[float, float]], width: float) -> tuple[Stroke, ...]:
    ends = (*corners[1:], corners[0])
    return tuple(Stroke(*start, *end, width) for start, end in zip(corners, ends, strict=True))


_OPINIONS = (
    "The plan shows the improvements as they stood on the day of the survey, with their distances from the boundaries.",
    "Improvements lie wholly within the boundaries of the property, except eaves and fences where the "
    "plan says otherwise.",
    "No visible encroachments by improvements on adjoining land exist, and none were seen coming from it.",
    "No improvements stand on a registered right of way or easement affecting the extent of the property.",
    "Distances are in metres and decimals; those between buildings and boundaries are taken at right "
    "angles to the nearest boundary and to the exterior of the foundation unless noted.",
    "Property boundaries are based on monuments found in place and the plan of record. A search of title "
    "was made within ten days of the survey.",
)

REAL_PROPERTY_REPORT = Form(
    "real_property_report",
    "Real Property Report",
    _report_values,
    (
        Layout(
            "opinion_first",
            Style(size=10.5),
            (
                Heading("ALBERTA LAND SURVEYOR'S REAL PROPERTY REPORT", 1.25, centred=True),
                Pairs(
                    (
                        ("Surveyor", "{surveyor}"),
                        ("Date of survey", "{survey_date}"),
                        ("Legal description", "{short_legal}"),
                        ("Property address", "{property_address}"),
                        ("Certificate of title", "{title_number}"),
                        ("Registered owner", "{owner}"),
                        ("File No.", "{matter_number}"),
                    ),
                    "columns",
                    split=0.28,
                ),
                Heading("Certification"),
                Para(
                    "I hereby certify that this report was prepared and performed under my personal "
                    "supervision, and that:"
                ),
                Clauses(_OPINIONS),
                Signatures(("Alberta land surveyor",)),
                PageBreak(),
                Heading("Plan showing improvements", 1.1, centred=True),
                Figure(_plan, 520),
                Para("Scale approximately 1:250. Distances in metres.", "italic", centred=True),
            ),
            header="{surveyor}||Job {job}",
        ),
        Layout(
            "plan_sheet",
            Style(face="sans", size=9),
            (
                Heading("REAL PROPERTY REPORT", 1.6),
                Figure(_plan, 430),
                Pairs(
                    (
                        ("LEGAL DESCRIPTION", "{short_legal}"),
                        ("CIVIC ADDRESS", "{property_address}"),
                        ("SURVEYED BY", "{surveyor}"),
                        ("SURVEY DATE", "{survey_date}"),
                        ("YOUR FILE", "{matter_number}"),
                        ("JOB", "{job}"),
                    ),
                    "ruled",
                    split=0.25,
                ),
                PageBreak(),
                Heading("Surveyor's opinion"),
                Clauses(_OPINIONS),
                Signatures(("Alberta land surveyor", "Permit stamp")),
            ),
            footer="{surveyor}||Sheet {page} of {pages}",
        ),
        Layout(
            "narrative",
            Style(face="serif", size=11.5, margin=76),
            (
                Heading("{surveyor}", 1.5),
                Heading("Real Property Report", 1.2),
                Para(
                    "At the request of {firm} (File No. {matter_number}) we surveyed the property "
                    "described as {short_legal}, with the municipal address {property_address}, on "
                    "{survey_date}. Our plan follows this page."
                ),
                Clauses(_OPINIONS),
                Signatures(("For {surveyor}",)),
                PageBreak(),
                Figure(_plan, 560),
            ),
            footer="|{page}|",
        ),
    ),
)


def _estoppel_values(matter: Matter) -> Mapping[str, Value | None]:
    legal = matter.parcel.legal
    unit = legal if isinstance(legal, Unit) else None
    return common(matter) | {
        "condominium_plan": unit and unit.plan,
        "unit_number": unit and unit.unit,
        "monthly_contribution": matter.contribution,
        "arrears": matter.contribution_arrears,
        "certificate_date": matter.certified_on,
        "owner": matter.owners,
        "reserve": matter.contribution * 412,
        "manager": matter.brokerage.replace("Realty", "Property Management").replace(
            "Real Estate", "Property Management"
        ),
    }


_ESTOPPEL_NOTES = (
    "Contributions are payable in advance on the first day of each month. Interest is charged on what is "
    "more than thirty days late, at the rate which the bylaws set.",
    "No special levy has been decided on or is under notice, other than those that are listed in the "
    "minutes delivered with this certificate.",
    "The corporation is not party to any action, and no judgment against it is unsatisfied.",
    "The corporation insures the buildings and the common property for replacement value; the owner "
    "insures improvements, contents and the deductible that may be charged back to the unit.",
    "The corporation is estopped as against a buyer or mortgagee, who relies on it in good faith, from "
    "denying the accuracy of this certificate.",
)

ESTOPPEL_CERTIFICATE = Form(
    "estoppel_certificate",
    "Estoppel Certificate",
    _estoppel_values,
    (
        Layout(
            "certificate",
            Style(face="serif", size=12, margin=76),
            (
                Heading("ESTOPPEL CERTIFICATE", 1.5, centred=True),
                Para("Condominium Corporation No. {condominium_plan}", "bold", centred=True),
                Para(
                    "The corporation certifies that, as at {certificate_date}, the contribution for unit "
                    "{unit_number} of Condominium Plan {condominium_plan}, owned by {owner}, is "
                    "{monthly_contribution} per month, and that arrears of {arrears} are owing."
                ),
                Clauses(_ESTOPPEL_NOTES),
                Para("The reserve fund stands at {reserve}."),
                Signatures(("Director of the corporation", "Managing agent: {manager}")),
            ),
            header="||Your File: {matter_number}",
        ),
        Layout(
            "form",
            Style(size=10.5, values="bold"),
            (
                Heading("{manager}", 1.2),
                Heading("Condominium estoppel certificate", 1.5),
                Pairs(
                    (
                        ("Condominium Plan", "{condominium_plan}"),
                        ("Unit Number", "{unit_number}"),
                        ("Owner", "{owner}"),
                        ("Address", "{property_address}"),
                        ("Monthly Contribution", "{monthly_contribution}"),
                        ("Arrears", "{arrears}"),
                        ("Reserve fund", "{reserve}"),
                        ("Date of Certificate", "{certificate_date}"),
                        ("File No.", "{matter_number}"),
                    ),
                    "ruled",
                ),
                Clauses(_ESTOPPEL_NOTES),
                Signatures(("Authorised signatory",)),
            ),
        ),
    ),
)
