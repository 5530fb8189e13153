"""Papers about a property as other municipalities, surveyors and condominium managers set them."""

from collections.abc import Mapping, Sequence

from muniment.sample.spelling import Printed
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


def _box(x0: float, y0: float, x1: float, y1: float, width: float = 0.8, dashed: bool = False) -> Sequence[Stroke]:
    return (
        Stroke(x0, y0, x1, y0, width, dashed),
        Stroke(x1, y0, x1, y1, width, dashed),
        Stroke(x1, y1, x0, y1, width, dashed),
        Stroke(x0, y1, x0, y0, width, dashed),
    )


def _sheet(values: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    """A corner lot, its buildings, and the surveyor's title block beneath."""
    return (
        *_box(0.0, 0.0, 1.0, 1.0, 1.6),
        Stroke(0.0, 0.72, 1.0, 0.72, 1.0),
        # the parcel, its front on an avenue below and a street to the left
        Stroke(0.25, 0.08, 0.72, 0.08, 1.6),
        Stroke(0.72, 0.08, 0.72, 0.6, 1.6),
        Stroke(0.72, 0.6, 0.3, 0.6, 1.6),
        Stroke(0.3, 0.6, 0.25, 0.55, 1.6),
        Stroke(0.25, 0.55, 0.25, 0.08, 1.6),
        Stroke(0.06, 0.66, 0.96, 0.66, 0.6),
        Stroke(0.18, 0.03, 0.18, 0.62, 0.6),
        Stroke(0.27, 0.08, 0.27, 0.56, 0.5, True),
        # house with verandah, shed, deck
        *_box(0.36, 0.28, 0.62, 0.48, 1.1),
        *_box(0.42, 0.48, 0.56, 0.53, 0.7, True),
        *_box(0.44, 0.22, 0.58, 0.28, 0.7),
        *_box(0.61, 0.1, 0.7, 0.17, 1.0),
        Caption(0.49, 0.37, "TWO STOREY HOUSE"),
        Caption(0.49, 0.395, "vinyl siding"),
        Caption(0.49, 0.51, "verandah"),
        Caption(0.51, 0.255, "deck"),
        Caption(0.655, 0.14, "shed"),
        Caption(0.49, 0.62, "{frontage}"),
        Caption(0.745, 0.34, "{depth}", 90),
        Caption(0.315, 0.37, "1.83"),
        Caption(0.67, 0.37, "2.05"),
        Caption(0.49, 0.573, "6.10"),
        Caption(0.5, 0.69, "AVENUE"),
        Caption(0.12, 0.32, "STREET", 90),
        Caption(0.22, 0.3, "0.9 m overhead line", 90),
        Stroke(0.88, 0.2, 0.88, 0.08, 1.2),
        Stroke(0.88, 0.08, 0.87, 0.11, 1.2),
        Stroke(0.88, 0.08, 0.89, 0.11, 1.2),
        Caption(0.88, 0.06, "NORTH"),
        Caption(0.87, 0.26, "SCALE 1 : 250"),
        Caption(0.87, 0.29, "distances in metres"),
        Caption(0.87, 0.33, "found iron post  o"),
        Caption(0.87, 0.36, "fence  - x - x -"),
        Caption(0.87, 0.39, "eaves to fascia"),
        # title block
        Stroke(0.36, 0.72, 0.36, 1.0, 0.8),
        Stroke(0.36, 0.8, 1.0, 0.8, 0.8),
        Stroke(0.36, 0.88, 1.0, 0.88, 0.8),
        Stroke(0.68, 0.88, 0.68, 1.0, 0.8),
        Stroke(0.36, 0.94, 1.0, 0.94, 0.8),
        Caption(0.68, 0.745, "LEGAL DESCRIPTION"),
        Caption(0.68, 0.776, "{short_legal}"),
        Caption(0.68, 0.825, "CIVIC ADDRESS"),
        Caption(0.68, 0.857, "{property_address}"),
        Caption(0.52, 0.901, "DATE OF SURVEY"),
        Caption(0.52, 0.926, "{survey_date}"),
        Caption(0.84, 0.901, "JOB NO."),
        Caption(0.84, 0.926, "{job}"),
        Caption(0.52, 0.96, "CLIENT FILE"),
        Caption(0.52, 0.985, "{matter_number}"),
        Caption(0.84, 0.96, "DRAWN / CHECKED"),
        Caption(0.84, 0.985, "sheet 1 of 2"),
        Caption(0.18, 0.752, "ALBERTA LAND SURVEYOR'S"),
        Caption(0.18, 0.777, "REAL PROPERTY REPORT"),
        Caption(0.18, 0.835, "{surveyor}"),
        Caption(0.18, 0.86, "Professional land surveyors"),
        Caption(0.18, 0.9, "This sheet is not complete without sheet 2"),
        Caption(0.18, 0.925, "and an original signature and seal."),
        Stroke(0.04, 0.972, 0.32, 0.972, 0.6),
        Caption(0.18, 0.99, "Alberta Land Surveyor"),
    )


def _sketch(values: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    return (
        Stroke(0.05, 0.95, 0.95, 0.95, 0.5),
        *_box(0.3, 0.06, 0.7, 0.86, 1.5),
        *_box(0.38, 0.4, 0.62, 0.68, 1.0),
        *_box(0.54, 0.1, 0.66, 0.24, 1.0),
        Stroke(0.3, 0.3, 0.7, 0.3, 0.4, True),
        Caption(0.5, 0.55, "dwelling"),
        Caption(0.6, 0.18, "garage"),
        Caption(0.5, 0.92, "{frontage}"),
        Caption(0.26, 0.45, "{depth}"),
        Caption(0.5, 0.99, "(not to scale - see plan)"),
        Caption(0.42, 0.28, "3.5 m UR/W"),
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
    Layout(
        "tax_municipal_letter",
        Style("serif", 11.0, 1.36, 70.0, "bold"),
        (
            Heading("{municipality!u}", 1.6, True),
            Para(
                "Corporate Services - Taxation and Assessment\nMunicipal Building, 4901 Centre Street",
                "italic",
                centred=True,
            ),
            Rule(1.0),
            Space(8),
            Para("{certificate_date}"),
            Para("{firm}\n{firm_address}"),
            Para("Your file: {matter_number}\nReceipt for fee: 118204 ($35.00)"),
            Heading("STATEMENT OF PROPERTY TAXES", 1.2, True),
            Para(
                "In answer to your request under the Municipal Government Act, we certify the standing of the tax "
                "account "
                "for the parcel assessed to {owner} and described in the assessment roll as {short_legal}, situate at "
                "{property_address}. It is entered as Roll {roll_number}."
            ),
            Para(
                "Property taxes imposed for the year {tax_year} amount to {tax_levy}. Taxes of earlier years that "
                "remain "
                "unpaid, penalties included, amount to {tax_arrears}. In all, {total_owing} stands owing on the "
                "account today."
            ),
            Para(
                "Current taxes are payable on or before June 30. A penalty of 6% is added on July 1, and a further "
                "12% on "
                "January 1, to whatever is then unpaid."
            ),
            Para(
                "The assessed value for taxation is {assessed_value} ({property_class}). No local improvement is "
                "charged "
                "against the parcel. Utility accounts are kept separately and are not covered by this statement."
            ),
            Para("Errors and omissions excepted. Not valid unless it bears the corporate seal."),
            Space(10),
            Signatures(("for the Designated Officer, Taxation", "(seal)")),
        ),
        footer="|Page {page} of {pages}|",
    ),
    Layout(
        "tax_account_screen",
        Style("typewriter", 9.2, 1.34, 48.0, "regular"),
        (
            Heading("TAX INFORMATION CERTIFICATE", 1.45),
            Para("ISSUED BY THE {municipality!u} THROUGH ITS ONLINE CERTIFICATE DESK"),
            Rule(1.0),
            Table(
                (),
                (
                    ("CERT NO.", "TC-26-01187", "DATE OF CERT.", "{certificate_date!u}"),
                    ("REQUESTED BY", "{firm!u}", "CUSTOMER REF.", "{matter_number}"),
                    ("ROLL", "{roll_number}", "CLASS", "{property_class!u}"),
                ),
                (0.18, 0.34, 0.2, 0.28),
                ruled=False,
            ),
            Rule(0.5),
            Pairs(
                (
                    ("LEGAL", "{short_legal!u}"),
                    ("CIVIC ADDRESS", "{property_address!u}"),
                    ("ASSESSED PERSON", "{owner!u}"),
                    ("LINC", "{linc}"),
                ),
                "columns",
                split=0.24,
            ),
            Heading("RATES {tax_year}", 1.0),
            Table(
                ("AUTHORITY", "ASSESSMENT", "MILL RATE"),
                (
                    ("MUNICIPAL", "{assessed_value}", "6.4410"),
                    ("ALBERTA SCHOOL FOUNDATION", "{assessed_value}", "2.5180"),
                    ("SENIORS FOUNDATION", "{assessed_value}", "0.1065"),
                ),
                (0.46, 0.3, 0.24),
                right=(1, 2),
            ),
            Heading("POSITION OF ACCOUNT", 1.0),
            Table(
                ("", "AMOUNT"),
                (
                    ("CURRENT YEAR TAXES LEVIED", "{tax_levy}"),
                    ("TAXES IN ARREARS (PRIOR YEARS AND PENALTIES)", "{tax_arrears}"),
                    ("LOCAL IMPROVEMENTS OUTSTANDING", "NIL"),
                    ("TAX RECOVERY NOTIFICATION ON TITLE", "NO"),
                    ("TAX INSTALMENT PLAN", "NOT ENROLLED"),
                    ("ACCOUNT BALANCE", "{total_owing}"),
                ),
                (0.7, 0.3),
                right=(1,),
                totals=1,
            ),
            Heading("BILLING HISTORY", 1.0),
            Table(
                ("YEAR", "BILL", "PREVIOUS YEARS' LEVY"),
                (("2025", "250044817", "3,908.12"), ("2024", "240043902", "3,771.60")),
                (0.2, 0.4, 0.4),
                right=(2,),
                ruled=False,
            ),
            Para("*** END OF CERTIFICATE ***", centred=True),
            Para(
                "THE ABOVE REFLECTS PAYMENTS POSTED TO THE CLOSE OF THE PREVIOUS BUSINESS DAY. A CERTIFICATE BINDS THE "
                "MUNICIPALITY ONLY IN RESPECT OF THE ROLL NAMED IN IT. SUPPLEMENTARY ASSESSMENTS MAY FOLLOW."
            ),
        ),
        footer="FORM TX-09||{page} OF {pages}",
    ),
    Layout(
        "town_office",
        Style(face="serif", size=11.2, margin=68),
        (
            Heading("{municipality!u}", 1.5, centred=True),
            Para("Municipal Office - Assessment and Taxation", "italic", centred=True),
            Rule(),
            Table(
                (),
                (
                    (
                        "{firm}\n{firm_address}",
                        "Date issued: {certificate_date}\nYour file: {matter_number}\nFee: $35.00 paid",
                    ),
                ),
                (0.64, 0.36),
                ruled=False,
            ),
            Heading("CERTIFICATE OF TAXES", 1.25, centred=True),
            Para(
                "As asked for under the Municipal Government Act, this office certifies the state of the tax "
                "account of "
                "the property below at the close of business on the date of issue."
            ),
            Pairs(
                (
                    ("Roll #", "{roll_number}"),
                    ("Legal", "{short_legal}"),
                    ("Civic address", "{property_address}"),
                    ("Assessed to", "{owner}"),
                ),
                "columns",
                split=0.22,
            ),
            Pairs(
                (
                    ("{tax_year} taxes levied (municipal, school and seniors' lodge)", "{tax_levy}"),
                    ("Arrears from earlier years, with penalties", "{tax_arrears}"),
                    ("Local improvements still to be charged", "none"),
                    ("TOTAL TO CLEAR THE ACCOUNT", "{total_owing}"),
                ),
                "leaders",
            ),
            Para(
                "A penalty of 6% goes on unpaid current taxes on July 1 and of 12% on all arrears on January 1. "
                "Accounts "
                "on the monthly instalment plan must be cancelled in writing by the owner when the property is sold."
            ),
            Para("Water and sewer charges are billed apart; ask for a final reading two days ahead."),
            Signatures(("Tax clerk",)),
            Para(
                "Errors and omissions excepted. Not valid without the seal of the municipality.", "italic", centred=True
            ),
        ),
        footer="",
    ),
    Layout(
        "roll_inquiry",
        Style(face="typewriter", size=9.4, leading=1.3, margin=50),
        (
            Para("{municipality!u}", "bold"),
            Para("TAX CERTIFICATE NO. 318/26", "bold"),
            Rule(),
            Pairs(
                (
                    ("ROLL", "{roll_number}"),
                    ("CERTIFIED", "{certificate_date}"),
                    ("TITLE", "{title_number}"),
                    ("LINC", "{linc}"),
                    ("CLASS", "{property_class!u}"),
                    ("ASSESSMENT", "{assessed_value}"),
                ),
                "abreast",
            ),
            Pairs(
                (("LEGAL", "{short_legal}"), ("SITUS", "{property_address!u}"), ("OWNER", "{owner!u}")),
                "columns",
                split=0.16,
            ),
            Table(
                ("TAX YEAR", "LEVY", "ARREARS", "CREDITS", "BALANCE"),
                (("{tax_year}", "{tax_levy}", "{tax_arrears}", "0.00", "{total_owing}"),),
                (0.16, 0.22, 0.2, 0.18, 0.24),
                right=(1, 2, 3, 4),
            ),
            Table(
                ("OTHER CHARGES", "EXPIRES", "YEARLY AMOUNT"),
                (
                    ("LOCAL IMPROVEMENT - ROAD OIL", "-", "NIL"),
                    ("WASTE TRANSFER SITE", "2031-12-31", "64.00"),
                    ("TAX RECOVERY NOTICE", "-", "NONE FILED"),
                ),
                (0.5, 0.2, 0.3),
                right=(2,),
            ),
            Para("LAST PAYMENT RECEIVED 2025-06-27. PRE-AUTHORIZED PLAN: NO. LATE PENALTY 8 % JULY 1, 10 % JANUARY 1."),
            Para("REQUESTED BY: {firm!u}\nREFERENCE: {matter_number}"),
            Rule(),
            Para(
                "I CERTIFY THAT THE ABOVE IS TAKEN FROM THE TAX ROLL. AMENDED AND SUPPLEMENTARY NOTICES MAY BE SENT "
                "LATER "
                "IN THE YEAR. INTEREST IS ADDED ON THE FIRST OF EACH MONTH WHILE ANYTHING IS OVERDUE."
            ),
            Signatures(("COLLECTOR OF TAXES",)),
        ),
        header="TXR410||RUN 08:42",
        footer="END OF REPORT||{page}",
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


def _ring(corners: Sequence[tuple[float, float]]) -> Sequence[Stroke]:
    return [Stroke(*one, *two) for one, two in zip(corners, (*corners[1:], corners[0]), strict=True)]


def _plan_with_certificate(values: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    """A lot plan at the left, the surveyor's certificate set in lines at the right."""
    lot = ((0.06, 0.1), (0.54, 0.1), (0.54, 0.86), (0.06, 0.86))
    house = ((0.18, 0.34), (0.42, 0.34), (0.42, 0.58), (0.32, 0.58), (0.32, 0.64), (0.18, 0.64))
    garage = ((0.36, 0.13), (0.5, 0.13), (0.5, 0.25), (0.36, 0.25))
    panel = ((0.6, 0.02), (1.0, 0.02), (1.0, 0.98), (0.6, 0.98))
    certificate = (
        "SURVEYOR'S CERTIFICATE",
        "",
        "I hereby certify that this report, with the plan",
        "and the related survey, was made under my",
        "personal supervision and in keeping with the",
        "standards of practice of the Association, and",
        "in my opinion:",
        "1. the plan shows the lot and the improvements",
        "on it, and what is registered against title;",
        "2. the improvements are entirely within the",
        "boundaries of the lot, unless noted;",
        "3. no building of a neighbour encroaches.",
        "",
        "Date of survey:",
        "{survey_date}",
        "",
        "________________________",
        "Alberta Land Surveyor",
        "{surveyor}",
        "",
        "Copyright reserved. Valid only with",
        "an original signature and seal.",
    )
    return (
        *(stroke for ring in (lot, house, garage, panel) for stroke in _ring(ring)),
        Stroke(0.02, 0.92, 0.58, 0.92, 0.6, dashed=True),
        Stroke(0.06, 0.16, 0.3, 0.16, 0.5, dashed=True),
        Caption(0.3, 0.97, "ROADWAY"),
        Caption(0.3, 0.46, "DWELLING"),
        Caption(0.3, 0.49, "on concrete foundation"),
        Caption(0.43, 0.2, "GARAGE"),
        Caption(0.3, 0.9, "{frontage}"),
        Caption(0.05, 0.5, "{depth}", angle=90),
        Caption(0.24, 0.76, "lawn"),
        Caption(0.17, 0.15, "3.0 U.R.W."),
        *(Caption(0.8, 0.07 + 0.042 * order, line) for order, line in enumerate(certificate) if line),
    )


def _small_plan(values: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    """A parcel with a house and a shed, its street along the top."""
    parcel = ((0.2, 0.14), (0.78, 0.14), (0.82, 0.9), (0.2, 0.9))
    house = ((0.36, 0.28), (0.66, 0.28), (0.66, 0.56), (0.36, 0.56))
    shed = ((0.68, 0.76), (0.78, 0.76), (0.78, 0.86), (0.68, 0.86))
    return (
        *(stroke for ring in (parcel, house, shed) for stroke in _ring(ring)),
        Stroke(0.1, 0.05, 0.9, 0.05, 0.5, dashed=True),
        Caption(0.5, 0.1, "STREET"),
        Caption(0.5, 0.2, "{frontage} m"),
        Caption(0.51, 0.43, "1 storey house, stucco"),
        Caption(0.73, 0.81, "shed"),
        Caption(0.18, 0.52, "{depth} m", angle=90),
        Caption(0.28, 0.43, "1.52 clear"),
        Caption(0.73, 0.43, "1.60 clear"),
        Caption(0.44, 0.87, "wood fence on line, +/- 0.05"),
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
    Layout(
        "rpr_plan_sheet",
        Style("sans", 9.6, 1.3, 40.0),
        (
            Figure(_sheet, 628.0),
            PageBreak(),
            Heading("CERTIFICATION", 1.2),
            Para(
                "The field work and this report were done under my supervision and in accordance with the manual "
                "of standard "
                "practice of the association. In my opinion, as at the date of survey:"
            ),
            Clauses(
                (
                    "the plan shows the improvements as they stood, and their relation to the boundaries of the "
                    "parcel;",
                    "the improvements lie entirely within the boundaries, except as noted on the plan;",
                    "no visible encroachment from a neighbouring parcel, nor any registered right of way other "
                    "than those "
                    "drawn, affects the extent of the parcel.",
                )
            ),
            Para("The title was searched before the survey. Title number: {title_number}."),
            Para(
                "This report and the plan attached were prepared for {owner} and for no one else. It speaks only of "
                "the day of the survey, and may not be relied on for what is built later."
            ),
        ),
        footer="{surveyor}||Copyright, all rights reserved",
    ),
    Layout(
        "rpr_surveyors_report",
        Style("serif", 10.8, 1.36, 68.0, "regular", "({})"),
        (
            Heading("{surveyor!u}", 1.5),
            Para("Legal surveys - Construction layout - Mapping", "italic"),
            Rule(1.4),
            Table(
                (),
                (
                    ("To", "{firm}, for {owner}"),
                    ("Reference", "your file {matter_number}; our job {job}"),
                    ("Subject", "Real Property Report: {property_address}"),
                ),
                (0.18, 0.82),
                ruled=False,
            ),
            Rule(0.5),
            Heading("Surveyor's report", 1.2),
            Para(
                "We surveyed the parcel of land described as {short_legal} on {survey_date}, and report as follows on "
                "the location of what is built there."
            ),
            Figure(_sketch, 190.0),
            Clauses(
                (
                    "Registered interests affecting the extent of the parcel: a utility right of way 3.5 metres "
                    "wide across the "
                    "rear, as drawn.",
                    "The dwelling stands 6.05 metres from the front boundary and 1.52 metres from the nearer side "
                    "boundary. "
                    "Eaves project 0.61 metres.",
                    "The fence along the easterly boundary wanders by up to 0.14 metres, on both sides of the line.",
                    "The detached garage is clear of the right of way.",
                    "Dimensions are in metres and are measured to the outside of foundation walls. Frontage "
                    "{frontage}, "
                    "depth {depth}.",
                )
            ),
            Table(
                ("Check", "Finding"),
                (
                    ("Posts found at all corners", "Three of four; one re-established"),
                    ("Encroachments", "None"),
                    ("Municipal compliance", "To be applied for by the owner"),
                ),
                (0.4, 0.6),
            ),
            Para(
                "Copies may be made only with our written leave. A later change to the improvements is not "
                "reflected here; ask us for an update."
            ),
            Signatures(("Alberta Land Surveyor (seal)",)),
        ),
        footer="Job {job}||{page} of {pages}",
    ),
    Layout(
        "certificate_at_side",
        Style(face="sans", size=9.6, margin=40),
        (
            Heading("ALBERTA LAND SURVEYOR'S REAL PROPERTY REPORT", 1.35, centred=True),
            Figure(_plan_with_certificate, 400),
            Pairs(
                (
                    ("LEGAL DESCRIPTION OF PROPERTY", "{short_legal}"),
                    ("ADDRESS", "{property_address}"),
                    ("CLIENT AND CLIENT'S FILE", "{firm}  {matter_number}"),
                    ("TITLE INFORMATION", "C. of T. {title_number}, {owner}"),
                ),
                "boxed",
            ),
            Para(
                "Legend: distances are in metres and decimals of a metre. Found iron posts are shown thus: (o). "
                "Eaves are "
                "measured to the fascia. Fences are within 0.2 of the line unless a distance is written. Bylaw 1187 "
                "of 12 "
                "June 2018 governs side yards."
            ),
            Table(
                ("Drawn", "Checked", "Scale", "Job", "Revision"),
                (("draughting office", "field office", "1:250", "{job}", "0"),),
                (0.22, 0.22, 0.18, 0.2, 0.18),
            ),
        ),
        footer="{surveyor}||Sheet {page} of {pages}",
    ),
    Layout(
        "report_then_plan",
        Style(face="serif", size=11, margin=66, numbering="{})"),
        (
            Heading("{surveyor!u}", 1.4),
            Para("Land surveys - condominium plans - real property reports", "italic"),
            Rule(),
            Table((), (("Job {job}", "For: {firm}", "Ref. {matter_number}"),), (0.25, 0.45, 0.3), ruled=False),
            Heading("REAL PROPERTY REPORT", 1.3, centred=True),
            Para("Re: {short_legal}\n{property_address}\nOwner by the title: {owner}", "bold", indent=20),
            Para(
                "We went upon this property and completed the field work on {survey_date}. Part one of the report "
                "is this "
                "page; part two is the plan overleaf, and neither should be read without the other."
            ),
            Para("In our professional opinion:"),
            Clauses(
                (
                    "the plan gives the place of every visible improvement with respect to the boundaries;",
                    "nothing on this property crosses a boundary, and no right of way is built upon;",
                    "the title that we consulted, {title_number}, carries the interests which the plan names.",
                )
            ),
            Para(
                "The report was made for the owner, a buyer and their lender and lawyers in one transaction. "
                "Improvements "
                "change; a copy that bears an old date should be brought up to date before anyone relies on it. A "
                "stamp "
                "of compliance from the municipality, if there is one, is on the plan."
            ),
            Signatures(("Alberta Land Surveyor (seal)",)),
            PageBreak(),
            Heading("PART TWO - PLAN", 1.1, centred=True),
            Figure(_small_plan, 400),
            Para("{short_legal}, in the {municipality}", centred=True),
            Para(
                "Scale 1:300. All distances in metres. Bearings assumed. Ties to foundation, not to siding.", "italic"
            ),
        ),
        footer="|{page}|",
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
    Layout(
        "estoppel_managers_letter",
        Style("sans", 10.2, 1.4, 70.0, "regular"),
        (
            Heading("{manager}", 1.4),
            Para("Agents for condominium corporations across the Capital Region", "italic"),
            Rule(0.8),
            Para("{certificate_date}"),
            Para("{firm}\n{firm_address}"),
            Para("Attention: {lawyer}"),
            Para(
                "Re:  ESTOPPEL CERTIFICATE\nCondominium Corporation No. {condominium_plan}\n"
                "Legal Unit {unit_number}\n{property_address}\nOwner: {owner}\nYour file: {matter_number}",
                "bold",
                indent=36,
            ),
            Para(
                "Under the Condominium Property Act we certify, on behalf of the Corporation, that at the date of "
                "this letter:"
            ),
            Clauses(
                (
                    "The contribution levied on the unit is {monthly_contribution} a month, due on the first day "
                    "of each month.",
                    "Contributions, special levies, fines and interest owing and unpaid in respect of the unit total "
                    "{arrears}.",
                    "No special levy has been approved that is not included above.",
                    "The capital replacement reserve fund stood at {reserve} at the end of the last fiscal year.",
                    "The Corporation is insured for $18,400,000.00, with a deductible of $25,000.00 for water damage.",
                    "The Corporation is not a party to any legal action, and no work order is outstanding.",
                    "One titled parking stall goes with the unit. Pets need the approval of the board.",
                )
            ),
            Para(
                "This certificate was given for a fee of $200.00 and may be relied upon by the person who asked "
                "for it and "
                "by that person's lender. It expires when the next contribution falls due."
            ),
            Para("Yours truly,"),
            Para("{manager!u}\nper the Board of Directors"),
            Signatures(("Authorised signatory",)),
        ),
        footer="",
    ),
    Layout(
        "estoppel_questionnaire",
        Style("serif", 10.0, 1.3, 50.0, "bold"),
        (
            Heading("Condominium Information Certificate", 1.6),
            Para("completed by the corporation at the request of a purchaser, owner or mortgagee"),
            Table(
                ("Plan no.", "Unit", "Issued", "Requester's reference"),
                (("{condominium_plan}", "{unit_number}", "{certificate_date}", "{matter_number}"),),
                (0.22, 0.14, 0.32, 0.32),
            ),
            Pairs(
                (
                    ("Registered owner", "{owner}"),
                    ("Municipal address", "{property_address}"),
                    ("Managed by", "{manager}"),
                ),
                "ruled",
                split=0.26,
            ),
            Table(
                ("Item", "Question", "Answer"),
                (
                    ("1", "Are there by-laws in force other than those in the Act?", "Yes, copy attached (44 pages)"),
                    ("2", "What does the owner contribute to common expenses each month?", "{monthly_contribution}"),
                    ("3", "On what day is it payable?", "First of the month"),
                    (
                        "4",
                        "Is any amount owed to the corporation by the owner of the unit, and if so how much?",
                        "{arrears}",
                    ),
                    ("5", "What interest is charged on late payments?", "18% a year"),
                    ("6", "Balance of the reserve fund at the last year end", "{reserve}"),
                    ("7", "When was the last reserve fund study done?", "2023; next due 2028"),
                    ("8", "Has a special levy been proposed or passed?", "None"),
                    ("9", "Is the corporation aware of any claim against it?", "None"),
                    ("10", "Parking and storage assigned to the unit", "Stall 61, locker 12 (exclusive use)"),
                    ("11", "Move-in fee, refundable", "$250.00"),
                ),
                (0.08, 0.56, 0.36),
            ),
            Para(
                "The corporation is estopped as against the requester from denying what this certificate states "
                "about items 2 "
                "to 5."
            ),
            Para("The corporate seal of the condominium corporation was affixed in the presence of:"),
            Signatures(("Director", "Director or manager")),
        ),
        header="CONDOMINIUM PROPERTY ACT||For the file of {firm}",
        footer="Certificate no. 26-0331||{page} of {pages}",
    ),
    Layout(
        "manager_letter",
        Style(face="sans", size=10.2, leading=1.38, margin=64),
        (
            Heading("{manager}", 1.4),
            Para("Agents for the owners' corporation", "italic"),
            Rule(),
            Para("{certificate_date}"),
            Para("{firm}\n{firm_address}"),
            Para("BY E-MAIL: {firm_email}"),
            Para("Your file number: {matter_number}"),
            Pairs(
                (
                    ("Re", "Unit {unit_number}, Condominium Plan No. {condominium_plan}"),
                    ("Owner(s)", "{owner}"),
                    ("Civic address", "{property_address}"),
                )
            ),
            Heading("ESTOPPEL CERTIFICATE", 1.0),
            Para("In reply to your request, and on the authority of the board, we certify as follows."),
            Para(
                "Contributions. The contribution that this unit must pay toward the common expenses is "
                "{monthly_contribution} a month, due on the first. It covers heat, water, management and the reserve "
                "fund, and parking where a stall is leased."
            ),
            Para(
                "Arrears. On the date of this letter the owner is behind with the contributions by {arrears}, interest "
                "included. Post-dated payments that have not cleared are not counted."
            ),
            Para(
                "Reserve fund. It held {reserve} at the last month's end. The study of the fund was last renewed in "
                "2023 "
                "and the plan that follows from it foresees no special levy."
            ),
            Para(
                "Claims. No action by or against the corporation is known to us. The insurance certificate comes to "
                "you "
                "from the broker, and the policy runs to November 1, 2026, with a water deductible of $25,000.00."
            ),
            Para(
                "Our fee of $210.00 for this certificate has been paid. The corporation cannot later deny what is "
                "certified here against a person who relied on it."
            ),
            Para("Yours truly,"),
            Signatures(("Property administrator",)),
        ),
        footer="{manager}||{page} of {pages}",
    ),
    Layout(
        "questions_answered",
        Style(face="sans", size=9.6, margin=52),
        (
            Heading("ESTOPPEL CERTIFICATE", 1.5, centred=True),
            Para("Condominium Property Act, s. 39 - information on contributions", centred=True),
            Table(
                ("CONDOMINIUM PLAN NO.", "UNIT NO.", "DATE OF CERTIFICATE", "REQUESTER'S FILE"),
                (("{condominium_plan}", "{unit_number}", "{certificate_date}", "{matter_number}"),),
                (0.28, 0.16, 0.32, 0.24),
            ),
            Table(
                ("Question", "Answer"),
                (
                    ("Who is entered as owner?", "{owner}"),
                    ("How is the unit described on its title?", "{short_legal}"),
                    ("What is the monthly condominium contribution for the unit?", "{monthly_contribution}"),
                    ("When is it paid?", "In advance, on the first day of the month"),
                    ("How much in contributions is unpaid today (arrears)?", "{arrears}"),
                    ("What interest runs on unpaid contributions?", "18% a year, by bylaw"),
                    ("What is in the capital replacement reserve fund?", "{reserve}"),
                    ("Is a special assessment approved or pending?", "No"),
                    ("Are there judgments against the corporation?", "None"),
                    ("Is parking or storage assigned?", "One stall, exclusive use by the plan"),
                    ("Who manages the corporation?", "{manager}"),
                ),
                (0.52, 0.48),
            ),
            Para(
                "The corporation has had this certificate completed for the requester, {firm}, and for the buyer and "
                "lender whom it acts for. Anyone else should ask for another. It speaks from its date and is not "
                "brought "
                "up to date by telephone."
            ),
            Signatures(("On behalf of the corporation (seal)", "Title or office")),
        ),
        header="||Order 26-EST-0771",
        footer="The fee for a rush certificate is $105.00 more.||{page}/{pages}",
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
