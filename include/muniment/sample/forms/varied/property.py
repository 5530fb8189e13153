"""Papers about a property as other municipalities, surveyors and condominium managers set them."""

from collections.abc import Mapping, Sequence

from muniment.sample.spelling import Printed
from muniment.sample.typeset import (
    Caption,
    Clauses,
    Figure,
    Heading,
    Layout,
    Pairs,
    Para,
    Rule,
    Signatures,
    Space,
    Stroke,
    Style,
    Table,
)

_TAX_TERMS = (
    "Amounts are those on the roll at the close of business on the day before this certificate.",
    "Local improvement charges are levied each year until the bylaw that made them is spent.",
    "No person may rely on this certificate who has not paid for it.",
)

_SURVEY_TERMS = (
    "The improvements shown are those found on the ground on the day named.",
    "No improvement encroaches on a neighbour, a road or a right of way unless the plan says so.",
    "Boundaries were re-established from monuments of the plan of record.",
)

_ESTOPPEL_TERMS = (
    "No special assessment has been made that is not disclosed with this certificate.",
    "The corporation maintains insurance as its bylaws require.",
    "The corporation may not deny what is certified here to a person who relies on it.",
)


def _plan(values: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    """A lot and its dwelling."""
    lines = [(0.2, 0.1, 0.8, 0.1), (0.8, 0.1, 0.8, 0.86), (0.8, 0.86, 0.2, 0.86), (0.2, 0.86, 0.2, 0.1)]
    house = [(0.34, 0.32, 0.66, 0.32), (0.66, 0.32, 0.66, 0.66), (0.66, 0.66, 0.34, 0.66), (0.34, 0.66, 0.34, 0.32)]
    return [
        *(Stroke(*line, width=1.2) for line in lines),
        *(Stroke(*line) for line in house),
        Stroke(0.1, 0.95, 0.9, 0.95, dashed=True),
        Caption(0.5, 0.49, "DWELLING"),
        Caption(0.5, 0.08, "{frontage}"),
        Caption(0.17, 0.5, "{depth}", 90),
        Caption(0.5, 0.99, "STREET"),
    ]


_TAX = (
    Layout(
        "leaders",
        Style(face="serif", size=11.5, margin=76),
        (
            Heading("{municipality}", 1.5, centred=True),
            Heading("PROPERTY TAX CERTIFICATE", 1.1, centred=True),
            Pairs(
                (
                    ("Tax roll no.", "{roll_number}"),
                    ("Date issued", "{certificate_date}"),
                    ("Legal", "{short_legal}"),
                    ("Your reference", "{matter_number}"),
                ),
                "columns",
            ),
            Pairs(
                (
                    ("Assessed value", "{assessed_value}"),
                    ("Current year taxes", "{tax_levy}"),
                    ("Outstanding arrears", "{tax_arrears}"),
                    ("Total amount payable", "{total_owing}"),
                ),
                "leaders",
            ),
            Clauses(_TAX_TERMS),
            Para("Certified correct by the taxation department of the municipality."),
        ),
    ),
    Layout(
        "boxes",
        Style(size=9.5),
        (
            Heading("STATEMENT OF TAX ACCOUNT", 1.4),
            Pairs(
                (
                    ("ROLL #", "{roll_number}"),
                    ("ISSUE DATE", "{certificate_date}"),
                    ("TAXING AUTHORITY", "{municipality}"),
                    ("FILE", "{matter_number}"),
                    ("LOCATION OF PROPERTY", "{property_address}"),
                    ("LEGAL DESCRIPTION OF PROPERTY", "{short_legal}"),
                ),
                "boxed",
            ),
            Table(
                head=("Tax levy", "Arrears", "Balance of account"),
                rows=(("{tax_levy}", "{tax_arrears}", "{total_owing}"),),
                widths=(0.33, 0.33, 0.34),
            ),
            Clauses(_TAX_TERMS),
            Para("Assessment and taxation services"),
        ),
    ),
    Layout(
        "online",
        Style(face="sans", size=10, values="bold"),
        (
            Heading("Property tax information certificate", 1.6),
            Para("{municipality}, tax and assessment division", "italic"),
            Rule(),
            Pairs(
                (
                    ("Account (roll) number", "{roll_number}"),
                    ("Certificate issued", "{certificate_date}"),
                    ("Property legal description", "{short_legal}"),
                    ("Property location", "{property_address}"),
                    ("Levied for the year", "{tax_levy}"),
                    ("Arrears at this date", "{tax_arrears}"),
                    ("Applicant's file", "{matter_number}"),
                    ("Assessment", "{assessed_value}"),
                ),
                "columns",
                split=0.4,
            ),
            Para("Penalties may be added to what remains unpaid. The certificate binds the municipality."),
            Signatures(("For the municipal treasurer",)),
        ),
    ),
    Layout(
        "counter_slip",
        Style(face="typewriter", size=10, margin=64),
        (
            Heading("{municipality!u}", 1.2),
            Para("TAX CERTIFICATE", "bold"),
            Pairs(
                (
                    ("ROLL", "{roll_number}"),
                    ("DATE", "{certificate_date}"),
                    ("REF", "{matter_number}"),
                    ("CLASS", "{property_class}"),
                ),
                "abreast",
            ),
            Para("LEGAL: {short_legal}"),
            Space(6),
            Table(
                head=("DESCRIPTION", "YEAR", "AMOUNT"),
                rows=(
                    ("MUNICIPAL AND SCHOOL TAX LEVY", "{tax_year}", "{tax_levy}"),
                    ("TAX ARREARS INCLUDING PENALTIES", "PRIOR", "{tax_arrears}"),
                    ("TOTAL DUE", "", "{total_owing}"),
                ),
                widths=(0.56, 0.16, 0.28),
                right=(2,),
                totals=1,
            ),
            Para("Certified by the assessor."),
        ),
    ),
    Layout(
        "county",
        Style(face="serif", size=11, margin=72),
        (
            Heading("{municipality}", 1.4),
            Para("Taxation Department", "italic"),
            Rule(),
            Heading("Certificate of Outstanding Taxes", 1.3, centred=True),
            Pairs(
                (
                    ("Assessment roll", "{roll_number}"),
                    ("Legal land location", "{short_legal}"),
                    ("Rural address", "{property_address}"),
                    ("Issued to", "{firm}, your file {matter_number}"),
                ),
                "columns",
                split=0.3,
            ),
            Para(
                "The tax roll shows a levy for {tax_year} of {tax_levy} and arrears in the sum of {tax_arrears}, "
                "including penalties, as of the date of this certificate."
            ),
            Para("Issued at the county office on {certificate_date}."),
            Signatures(("Tax clerk",)),
        ),
    ),
    Layout(
        "city",
        Style(size=9.5, margin=58),
        (
            Heading("TAX CERTIFICATE", 1.6),
            Pairs(
                (
                    ("Roll no.", "{roll_number}"),
                    ("Certificate issued on", "{certificate_date}"),
                    ("Municipality", "{municipality}"),
                    ("Client reference", "{matter_number}"),
                ),
                "boxed",
                columns=4,
            ),
            Pairs((("Property", "{property_address}"), ("Legal description", "{short_legal}")), "columns", split=0.25),
            Table(
                head=("Tax year", "Taxes levied", "Arrears", "Total"),
                rows=(("{tax_year}", "{tax_levy}", "{tax_arrears}", "{total_owing}"),),
                widths=(0.2, 0.28, 0.26, 0.26),
                right=(1, 2, 3),
            ),
            Para("Assessed value {assessed_value}, {property_class}. Certified correct."),
        ),
    ),
)

_RARE_TAX = (
    Layout(
        "branch_boxes",
        Style(face="sans", size=10, margin=60),
        (
            Heading("{municipality}", 1.5),
            Para("Assessment and Taxation Branch"),
            Heading("TAX CERTIFICATE", 1.3, centred=True),
            Pairs(
                (
                    ("Issued to", "{firm}"),
                    ("Date issued", "{certificate_date}"),
                    ("Customer reference", "{matter_number}"),
                    ("Tax account roll", "{roll_number}"),
                    ("Legal", "{short_legal}"),
                    ("Property address", "{property_address}"),
                    ("Assessed person(s)", "{owner}"),
                    ("Current assessment ({property_class})", "{assessed_value}"),
                ),
                "boxed",
            ),
            Table(
                head=("Tax account details", "Amount ($)"),
                rows=(
                    ("{tax_year} property tax levy", "{tax_levy}"),
                    ("Arrears of taxes", "{tax_arrears}"),
                ),
                widths=(0.66, 0.34),
                right=(1,),
            ),
            Para(
                "This certificate is issued under section 350 of the Municipal Government Act. Errors and omissions "
                "excepted."
            ),
            Signatures(("Authorized signature",)),
        ),
    ),
    Layout(
        "letter_with_columns",
        Style(face="serif", size=11.5, margin=78),
        (
            Para("{firm}\n{firm_address}"),
            Para("Re: tax information request, your file {matter_number}", "bold"),
            Heading("CERTIFICATE OF TAXES", 1.3),
            Para(
                "I hereby certify that the tax roll of the {municipality} shows the following in respect of the "
                "parcel named below, as of {certificate_date}:"
            ),
            Pairs(
                (
                    ("Roll #", "{roll_number}"),
                    ("Legal land description", "{short_legal}"),
                    ("Owner", "{owner}"),
                    ("Taxes levied for {tax_year}", "{tax_levy}"),
                    ("Arrears outstanding from prior years", "{tax_arrears}"),
                ),
                "columns",
                split=0.46,
            ),
            Para("A penalty of 6% is added to current taxes that remain unpaid after June 30."),
            Signatures(("Tax clerk",)),
        ),
    ),
)

_SURVEY = (
    Layout(
        "cover_letter",
        Style(face="serif", size=11.5, margin=78),
        (
            Heading("Alberta Land Surveyor's Real Property Report", 1.2),
            Pairs((("To", "{firm}"), ("Your File", "{matter_number}"), ("Prepared by", "{surveyor}"))),
            Para(
                "Legal description of property: {short_legal}. Municipal address: {property_address}. The field "
                "survey was performed on {survey_date} by a land surveyor of this firm."
            ),
            Clauses(_SURVEY_TERMS),
            Signatures(("Alberta land surveyor",)),
        ),
    ),
    Layout(
        "title_block",
        Style(size=9),
        (
            Heading("REAL PROPERTY REPORT", 1.5, centred=True),
            Pairs(
                (
                    ("SURVEYOR", "{surveyor}"),
                    ("DATE OF FIELD SURVEY", "{survey_date}"),
                    ("LEGAL", "{short_legal}"),
                    ("ADDRESS", "{property_address}"),
                    ("CLIENT FILE", "{matter_number}"),
                    ("JOB NUMBER", "{job}"),
                ),
                "boxed",
            ),
            Clauses(_SURVEY_TERMS),
        ),
    ),
    Layout(
        "surveyors_letter",
        Style(face="serif", size=11, margin=76),
        (
            Heading("{surveyor}", 1.4, centred=True),
            Para("Professional land surveyors", "italic", centred=True),
            Heading("REAL PROPERTY REPORT", 1.2, centred=True),
            Para("Client: {firm}, file {matter_number}"),
            Para("Legal description: {short_legal}"),
            Para("Civic address: {property_address}"),
            Para("Date of title search and survey: {survey_date}"),
            Heading("CERTIFICATION"),
            Clauses(
                (
                    "This report and its plan were prepared from a survey under my supervision.",
                    "The improvements lie within the boundaries of the parcel, save as the plan shows.",
                    "No visible encroachments affect the property.",
                )
            ),
            Signatures(("Alberta Land Surveyor",)),
        ),
    ),
    Layout(
        "drawing_block",
        Style(size=9, margin=54),
        (
            Heading("ALBERTA LAND SURVEYOR'S REAL PROPERTY REPORT", 1.4),
            Table(
                head=("PARCEL", "MUNICIPAL ADDRESS"),
                rows=(("{short_legal}", "{property_address}"),),
                widths=(0.44, 0.56),
            ),
            Table(
                head=("FIELD SURVEY COMPLETED", "SURVEYED BY", "FILE NO.", "JOB NO."),
                rows=(("{survey_date}", "{surveyor}", "{matter_number}", "{job}"),),
                widths=(0.28, 0.36, 0.18, 0.18),
            ),
            Para("Improvements and their distances to the boundaries are shown on the sheet that follows."),
        ),
    ),
    Layout(
        "side_panel",
        Style(face="sans", size=9.5, margin=60, values="bold"),
        (
            Heading("Real Property Report", 1.8),
            Pairs(
                (
                    ("Lot surveyed", "{short_legal}"),
                    ("Address", "{property_address}"),
                    ("Date surveyed", "{survey_date}"),
                    ("Surveyor", "{surveyor}"),
                    ("Ordered by", "{firm}"),
                    ("Their file", "{matter_number}"),
                ),
                "above",
                columns=3,
            ),
            Para("Legend: distances in metres. Improvements are shown as they stand within the boundaries."),
            Para("The undersigned Alberta Land Surveyor certifies that no improvement encroaches."),
            Signatures(("A.L.S.",)),
        ),
    ),
    Layout(
        "statement_of_opinion",
        Style(face="typewriter", size=9.5),
        (
            Heading("ALBERTA LAND SURVEYOR'S REAL PROPERTY REPORT", 1.1, centred=True),
            Para("LEGAL DESCRIPTION OF PROPERTY: {short_legal}"),
            Para("MUNICIPAL ADDRESS OF PROPERTY: {property_address}"),
            Para("FILE NUMBER: {matter_number}"),
            Space(8),
            Para(
                "I certify that this report was performed under my supervision, and that the field survey was carried "
                "out on {survey_date}. The improvements are within the boundaries and do not encroach."
            ),
            Para("{surveyor}"),
            Para("Alberta Land Surveyors"),
        ),
    ),
)

_RARE_SURVEY = (
    Layout(
        "association_certification",
        Style(face="sans", size=9, margin=56),
        (
            Heading("ALBERTA LAND SURVEYOR'S REAL PROPERTY REPORT", 1.4, centred=True),
            Para("TO: {firm}, re {owner}, file {matter_number}"),
            Para("RE: {short_legal}", "bold"),
            Para("CIVIC ADDRESS: {property_address}", "bold"),
            Figure(_plan, 190),
            Para("CERTIFICATION", "bold"),
            Para(
                "I hereby certify that this report, which includes the attached plan and related survey, was "
                "prepared and "
                "performed under my personal supervision and in accordance with the Manual of Standard Practice of the "
                "Alberta Land Surveyors' Association, and that in my opinion:"
            ),
            Clauses(
                (
                    "the plan illustrates the boundaries of the property and the improvements as of {survey_date}, "
                    "the date of "
                    "the survey;",
                    "the improvements are entirely within the boundaries of the property;",
                    "no visible encroachments exist on the property from any improvement on an adjoining property.",
                )
            ),
            Signatures(("Alberta Land Surveyor",)),
            Para("© {surveyor}. Distances are in metres."),
        ),
        footer="Job {job}||Page {page}",
    ),
    Layout(
        "drawing_over_title_block",
        Style(face="sans", size=9.5, margin=48, values="bold"),
        (
            Figure(_plan, 300),
            Heading("REAL PROPERTY REPORT", 1.5),
            Table(
                head=("Legal", "Address", "Surveyed"),
                rows=(("{short_legal}", "{property_address}", "{survey_date}"),),
                widths=(0.38, 0.4, 0.22),
            ),
            Pairs(
                (
                    ("Surveyed by", "{surveyor}"),
                    ("Registered owner", "{owner}"),
                    ("Scale", "1:250"),
                    ("Job number", "{job}"),
                    ("Client file", "{matter_number}"),
                ),
                "abreast",
            ),
            Para(
                "Note: all eaves are dimensioned to the line of the fascia. Fences are within 0.20 m of the boundary."
            ),
        ),
    ),
)

_ESTOPPEL = (
    Layout(
        "letter",
        Style(face="serif", size=11.5, margin=78),
        (
            Heading("{manager}", 1.3),
            Para("Dated {certificate_date}"),
            Para("{firm}"),
            Heading("Estoppel Certificate"),
            Para(
                "Re: Condominium Plan No. {condominium_plan}, Unit No. {unit_number}. Your file {matter_number}", "bold"
            ),
            Para(
                "On behalf of the condominium corporation we certify that the monthly contribution of {owner} for the "
                "unit is {monthly_contribution}, and that arrears of {arrears} are outstanding."
            ),
            Clauses(_ESTOPPEL_TERMS),
            Para("Yours truly,"),
        ),
    ),
    Layout(
        "boxes",
        Style(size=10),
        (
            Heading("ESTOPPEL CERTIFICATE", 1.4),
            Para("issued by the board of the condominium corporation", "italic"),
            Pairs(
                (
                    ("PLAN NUMBER", "{condominium_plan}"),
                    ("LEGAL UNIT", "{unit_number}"),
                    ("OWNER(S)", "{owner}"),
                    ("CONDOMINIUM CONTRIBUTIONS PER MONTH", "{monthly_contribution}"),
                    ("ARREARS OWING", "{arrears}"),
                    ("RESERVE FUND BALANCE", "{reserve}"),
                    ("CERTIFICATE DATE", "{certificate_date}"),
                    ("FILE REFERENCE", "{matter_number}"),
                ),
                "boxed",
            ),
            Clauses(_ESTOPPEL_TERMS),
        ),
    ),
    Layout(
        "managers_form",
        Style(face="sans", size=9.5, margin=58),
        (
            Heading("Condominium Estoppel Certificate", 1.6),
            Para("{manager}, on behalf of the Owners of Condominium Plan No. {condominium_plan}", "italic"),
            Table(
                head=("Unit", "Monthly fee", "Fees in arrears"),
                rows=(("{unit_number}", "{monthly_contribution}", "{arrears}"),),
                widths=(0.2, 0.4, 0.4),
            ),
            Para("Civic address of the unit: {property_address}. Unit factor: 118."),
            Para(
                "The reserve fund holds {reserve}. No special assessment is pending. Condominium contributions are "
                "due on the first of each month."
            ),
            Para("Certified by the corporation as of {certificate_date}. Requested under file {matter_number}."),
        ),
    ),
    Layout(
        "board_letter",
        Style(face="serif", size=11.5, margin=78),
        (
            Para("{certificate_date}"),
            Para("{firm}\nFile: {matter_number}"),
            Heading("ESTOPPEL CERTIFICATE", 1.2, centred=True),
            Para("Unit {unit_number}, Condominium Corporation No. {condominium_plan}", "bold", centred=True),
            Para(
                "The board certifies that the owner's contribution to the common expenses of the condominium is "
                "{monthly_contribution} each month, payable on the first day, and that {arrears} is presently in "
                "arrears."
            ),
            Para("The corporation is estopped from denying this against a purchaser or mortgagee."),
            Signatures(("Secretary of the board",)),
        ),
    ),
    Layout(
        "corporation",
        Style(face="serif", size=11, margin=74),
        (
            Heading("THE OWNERS: CONDOMINIUM PLAN {condominium_plan}", 1.1, centred=True),
            Heading("ESTOPPEL CERTIFICATE", 1.4, centred=True),
            Pairs(
                (
                    ("Unit no.", "{unit_number}"),
                    ("Owner of record", "{owner}"),
                    ("Monthly condominium contribution", "{monthly_contribution}"),
                    ("Contributions in arrears", "{arrears}"),
                    ("Reserve fund", "{reserve}"),
                    ("Reference", "{matter_number}"),
                ),
                "columns",
                split=0.46,
            ),
            Para("The corporation certifies the above at {certificate_date} and is bound by it."),
            Signatures(("For the board",)),
        ),
    ),
    Layout(
        "cards",
        Style(size=10, margin=60),
        (
            Heading("Estoppel certificate for a condominium unit", 1.5),
            Pairs(
                (
                    ("Condominium plan", "{condominium_plan}"),
                    ("Unit", "{unit_number}"),
                    ("Contribution per month", "{monthly_contribution}"),
                    ("Arrears at issue", "{arrears}"),
                    ("Issued on", "{certificate_date}"),
                    ("Lawyer's file", "{matter_number}"),
                ),
                "boxed",
                columns=3,
            ),
            Para("Issued by {manager} for the corporation under its bylaws."),
        ),
    ),
)

_RARE_ESTOPPEL = (
    Layout(
        "managers_clauses",
        Style(face="sans", size=10, margin=64),
        (
            Heading("{manager}", 1.2),
            Para("as agent for Condominium Corporation No. {condominium_plan}"),
            Heading("ESTOPPEL CERTIFICATE", 1.4, centred=True),
            Para("Condominium Property Act, section 39", "italic", centred=True),
            Para("Unit {unit_number}, Condominium Plan {condominium_plan}. Owner: {owner}."),
            Para(
                "At the request of {firm} (file {matter_number}) the Corporation certifies that, as at "
                "{certificate_date}:"
            ),
            Clauses(
                (
                    "The contribution levied on the unit is {monthly_contribution} per month, due on the first of "
                    "each month.",
                    "Contributions in arrears for the unit amount to {arrears}.",
                    "The capital replacement reserve fund stands at {reserve}.",
                    "The Corporation is not party to any legal action.",
                )
            ),
            Signatures(("For the Board",)),
        ),
    ),
    Layout(
        "disclosure_grid",
        Style(face="serif", size=11, margin=70, values="bold"),
        (
            Heading("Condominium Estoppel Certificate", 1.4),
            Pairs(
                (
                    ("Condo plan", "{condominium_plan}"),
                    ("Legal unit", "{unit_number}"),
                    ("Municipal address", "{property_address}"),
                    ("Unit owner(s)", "{owner}"),
                    ("Monthly condo fee (contribution)", "{monthly_contribution}"),
                    ("Fees in arrears", "{arrears}"),
                    ("Reserve fund balance", "{reserve}"),
                    ("Certificate issued", "{certificate_date}"),
                    ("Requested by / file", "{firm} / {matter_number}"),
                ),
                "ruled",
                split=0.4,
            ),
            Para("Issued under the seal of the corporation by {manager}."),
        ),
    ),
)

DRAWN: Mapping[str, tuple[Layout, ...]] = {
    "tax_certificate": _TAX,
    "real_property_report": _SURVEY,
    "estoppel_certificate": _ESTOPPEL,
}

RARE: Mapping[str, tuple[Layout, ...]] = {
    "tax_certificate": _RARE_TAX,
    "real_property_report": _RARE_SURVEY,
    "estoppel_certificate": _RARE_ESTOPPEL,
}
