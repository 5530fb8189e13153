"""Layouts of every type that were held out once: reading was measured on them too often for them to be news."""

from collections.abc import Mapping

from muniment.sample.forms.bargain import TERMS
from muniment.sample.forms.lending import COVENANTS
from muniment.sample.typeset import (
    Clauses,
    Heading,
    Layout,
    Pairs,
    Para,
    Rule,
    Signatures,
    Space,
    Style,
    Table,
)

_TITLE = (
    Layout(
        "owner_letter",
        Style(face="serif", size=11, margin=74),
        (
            Heading("Certificate of Title", 1.6),
            Para("Registered under title number {title_number} on {registration_date}"),
            Pairs(
                (
                    ("LINC", "{linc}"),
                    ("Short legal", "{short_legal}"),
                    ("Municipality", "{municipality}"),
                    ("Consideration", "{consideration}"),
                ),
                "leaders",
            ),
            Para("Registered owners: {registered_owner}, of {owner_address}."),
            Para("The land is held in fee simple subject to encumbrances {mortgage_number} and {caveat_number}."),
            Para("Registrar. File {matter_number}"),
        ),
    ),
    Layout(
        "panel",
        Style(face="sans", size=10, margin=58, values="bold"),
        (
            Heading("ALBERTA LAND TITLES", 1.0),
            Heading("Land title certificate", 1.7),
            Table(
                head=("Title no.", "LINC no.", "Registered (date)", "Value declared"),
                rows=(("{title_number}", "{linc}", "{registration_date}", "{consideration}"),),
                widths=(0.26, 0.24, 0.26, 0.24),
            ),
            Pairs(
                (
                    ("Legal description of the parcel", "{short_legal}"),
                    ("Name(s) of registered owner(s)", "{registered_owner}"),
                    ("Mailing address", "{owner_address}"),
                    ("Municipality", "{municipality}"),
                    ("File", "{matter_number}"),
                ),
                "columns",
                split=0.36,
            ),
            Para("Encumbrances, liens and interests", "bold"),
            Para("{caveat_number} caveat in favour of {caveator}, {caveat_on}"),
        ),
    ),
)

_CONTRACT = (
    Layout(
        "condo_resale",
        Style(face="sans", size=9.5, margin=56),
        (
            Heading("Residential Purchase Contract", 1.5),
            Para("Resale condominium or house"),
            Table(
                head=("The seller(s)", "The buyer(s)"),
                rows=(("{seller}", "{buyer}"),),
                widths=(0.5, 0.5),
            ),
            Pairs(
                (
                    ("Address of the property", "{property_address}"),
                    ("Legal description", "{short_legal}"),
                    ("Price in dollars", "{purchase_price}"),
                    ("Deposit to be paid", "{deposit}"),
                    ("Completion day (noon)", "{completion_date}"),
                    ("Contract made on", "{contract_date}"),
                    ("Conveyancer's file", "{matter_number}"),
                ),
                "ruled",
                split=0.34,
            ),
            Clauses(TERMS),
        ),
        footer="Page {page} of {pages}||Initials ____",
    ),
    Layout(
        "letter_offer",
        Style(face="serif", size=12, margin=80),
        (
            Heading("Agreement to Purchase Real Property", 1.3),
            Para("This agreement dated {contract_date} is between {seller} (the sellers) and {buyer} (the buyers)."),
            Para("The sellers own the house at {property_address}, legally described as {short_legal}."),
            Para(
                "The sellers agree to sell it to the buyers for the purchase price of {purchase_price}, towards which "
                "the buyers pay a deposit of {deposit} on signing. The closing date will be {completion_date}, and "
                "possession passes on that day."
            ),
            Clauses(TERMS),
            Para("Reference: {matter_number}"),
        ),
    ),
)

_TRANSFER = (
    Layout(
        "sentences",
        Style(face="sans", size=11, margin=70),
        (
            Heading("Transfer of land", 1.5),
            Para("The transferor is {transferor}."),
            Para("The transferee is {transferee}, {tenure}."),
            Para("The land is {short_legal}, title number {title_number}, LINC {linc}."),
            Para("The consideration is {consideration}."),
            Para("The transferor transfers the estate in fee simple to the transferee."),
            Para("Signed at Aldergate on {transfer_date}. Law firm file number {matter_number}."),
            Signatures(("Transferor", "Witness")),
        ),
    ),
    Layout(
        "recital",
        Style(face="serif", size=11.5, margin=76),
        (
            Heading("TRANSFER OF LAND", 1.4, centred=True),
            Para(
                "WHEREAS {transferor} (the Transferor) is the registered owner in fee simple of the land described as "
                "{short_legal} under Certificate of Title No. {title_number} (LINC {linc}); NOW THEREFORE in "
                "consideration of the sum of {consideration} the Transferor transfers the land to {transferee} (the "
                "Transferee)."
            ),
            Para("Dated {transfer_date}."),
            Signatures(("Transferor", "Witness")),
        ),
        footer="|{firm} file {matter_number}|",
    ),
)

_MORTGAGE = (
    Layout(
        "bank_form",
        Style(face="sans", size=9, margin=54),
        (
            Heading("Mortgage", 2.0),
            Para("Fixed rate, Province of Alberta"),
            Pairs(
                (
                    ("(a) Mortgagor", "{mortgagor}"),
                    ("(b) Mortgagee", "{mortgagee}"),
                    ("(c) Land", "{short_legal}"),
                    ("(d) Principal amount", "{principal}"),
                    ("(e) Interest rate per annum", "{interest_rate}"),
                    ("(f) Mortgage dated", "{mortgage_date}"),
                    ("(g) Term", "{term}"),
                    ("(h) File number", "{matter_number}"),
                    ("(i) Social insurance number", "{mortgagor_sin}"),
                ),
                "columns",
                split=0.34,
            ),
            Rule(),
            Clauses(COVENANTS),
        ),
    ),
    Layout(
        "recital",
        Style(face="serif", size=11.5, margin=76),
        (
            Heading("Mortgage of Freehold Property", 1.4, centred=True),
            Para(
                "By this mortgage, dated {mortgage_date}, {mortgagor} (the borrower and mortgagor) mortgages to "
                "{mortgagee} (the lender and mortgagee) the land legally described as {short_legal}, to secure a loan "
                "in the principal amount of {principal} with interest at {interest_rate} per annum."
            ),
            Clauses(COVENANTS),
        ),
        header="||Solicitors' file {matter_number}",
    ),
)

_TAX = (
    Layout(
        "town",
        Style(face="serif", size=12, margin=76),
        (
            Heading("{municipality!u}", 1.3, centred=True),
            Heading("Municipal Tax Certificate", 1.2, centred=True),
            Para("Date: {certificate_date}"),
            Para("File: {matter_number}"),
            Para("Tax roll number {roll_number}"),
            Para("Legal description {short_legal}"),
            Space(6),
            Pairs(
                (
                    ("Current taxes levied", "{tax_levy}"),
                    ("Tax arrears and penalties", "{tax_arrears}"),
                    ("Total taxes outstanding", "{total_owing}"),
                ),
                "columns",
                split=0.5,
            ),
            Para("Certified pursuant to statute by the chief administrative officer of the municipality."),
        ),
    ),
    Layout(
        "prose",
        Style(face="sans", size=10.5, margin=74, values="bold"),
        (
            Heading("Tax Certificate", 1.6),
            Para("{municipality}"),
            Para(
                "This certifies that, according to the records of the municipality as at {certificate_date}, roll "
                "number {roll_number} ({short_legal}) carries a current tax levy of {tax_levy} and tax arrears of "
                "{tax_arrears}."
            ),
            Para("Issued to {firm} for its file {matter_number}. Assessment: {assessed_value}."),
        ),
    ),
)

_SURVEY = (
    Layout(
        "form",
        Style(size=10, margin=62),
        (
            Heading("ALBERTA LAND SURVEYOR'S REAL PROPERTY REPORT", 1.2),
            Pairs(
                (
                    ("Surveyor's firm", "{surveyor}"),
                    ("Survey completed on", "{survey_date}"),
                    ("Legal description of property", "{short_legal}"),
                    ("Municipal address of property", "{property_address}"),
                    ("File no.", "{matter_number}"),
                ),
                "inline",
            ),
            Para("Improvements and boundaries are as shown. There are no encroachments."),
        ),
    ),
    Layout(
        "prose",
        Style(face="serif", size=11.5, margin=78),
        (
            Heading("REAL PROPERTY REPORT", 1.4, centred=True),
            Para("prepared by {surveyor}", centred=True),
            Para(
                "We certify that on {survey_date} we surveyed {short_legal}, municipally known as {property_address}, "
                "and that the improvements lie within its boundaries."
            ),
            Para("Alberta Land Surveyor"),
        ),
        footer="Client file {matter_number}||",
    ),
)

_STATEMENT = (
    Layout(
        "columns",
        Style(face="sans", size=10, margin=60, values="bold"),
        (
            Heading("Statement of Adjustments", 1.7),
            Para("as at {adjustment_date}"),
            Para("{seller} (seller) and {buyer} (buyer), {property_address}"),
            Table(
                head=("Description", "Amount"),
                rows=(
                    ("Contract purchase price", "{purchase_price}"),
                    ("Deposit, paid on signing", "{deposit}"),
                    ("Property tax adjustment in favour of buyer", "{tax_adjustment}"),
                    ("Balance due on closing", "{balance_due}"),
                ),
                widths=(0.64, 0.36),
                right=(1,),
                ruled=False,
                totals=1,
            ),
            Para("Matter {matter_number}. Errors and omissions excepted."),
        ),
    ),
    Layout(
        "credits",
        Style(face="typewriter", size=9.5, margin=58),
        (
            Heading("PURCHASER'S STATEMENT OF ADJUSTMENTS", 1.2),
            Para("FILE NUMBER: {matter_number}"),
            Para("ADJUSTMENT DATE: {adjustment_date}"),
            Table(
                head=("ITEM", "CREDIT VENDOR", "CREDIT PURCHASER"),
                rows=(
                    ("PURCHASE PRICE", "{purchase_price}", ""),
                    ("DEPOSIT", "", "{deposit}"),
                    ("TAXES ({tax_days} DAYS)", "", "{tax_adjustment}"),
                    ("BALANCE DUE ON CLOSING", "", "{balance_due}"),
                ),
                widths=(0.48, 0.26, 0.26),
                right=(1, 2),
            ),
        ),
    ),
)

_CAVEAT = (
    Layout(
        "notice",
        Style(face="serif", size=12, margin=80),
        (
            Heading("CAVEAT", 1.5, centred=True),
            Para("Registered number: {registration_number}", centred=True),
            Para("Date registered: {registration_date}", centred=True),
            Para(
                "{caveator}, the caveator, having an interest in the lands described as {short_legal} (title "
                "{title_number}, LINC {linc}), forbids the registrar to register any transfer of them."
            ),
            Para("Solicitor's file: {matter_number}"),
        ),
    ),
    Layout(
        "certified",
        Style(face="serif", size=11.5, margin=76, values="bold"),
        (
            Heading("Caveat", 1.6, centred=True),
            Para("Registered as instrument number {registration_number} on {registration_date}", centred=True),
            Pairs(
                (
                    ("Caveator", "{caveator}"),
                    ("Land affected", "{short_legal}"),
                    ("LINC", "{linc}"),
                    ("Existing certificate of title", "{title_number}"),
                    ("Reference number", "{matter_number}"),
                ),
                "columns",
                split=0.36,
            ),
            Para("The caveator forbids registration contrary to the interest that it claims."),
        ),
    ),
)

_DISCHARGE = (
    Layout(
        "short",
        Style(face="serif", size=12, margin=80),
        (
            Heading("DISCHARGE OF MORTGAGE", 1.4, centred=True),
            Para("Mortgagee: {mortgagee}"),
            Para("Mortgage registered as: {instrument_number}"),
            Para("Title number: {title_number}"),
            Para("The mortgagee discharges the mortgage. The registrar is asked to cancel the registration."),
            Para("Dated this {discharge_date}."),
            Para("File no. {matter_number}"),
        ),
    ),
    Layout(
        "acknowledgement",
        Style(face="sans", size=10.5, margin=70, values="bold"),
        (
            Heading("Discharge of a Mortgage", 1.6),
            Pairs(
                (
                    ("Instrument number", "{instrument_number}"),
                    ("Affecting title", "{title_number}"),
                    ("Mortgagee", "{mortgagee}"),
                    ("Signed on", "{discharge_date}"),
                    ("Reference", "{matter_number}"),
                ),
                "boxed",
            ),
            Para("The mortgagee acknowledges payment in full by {mortgagor}."),
        ),
    ),
)

_ESTOPPEL = (
    Layout(
        "grid",
        Style(face="sans", size=10, margin=60),
        (
            Heading("ESTOPPEL CERTIFICATE", 1.6),
            Table(
                head=("Condominium plan no.", "Unit no.", "Certificate date"),
                rows=(("{condominium_plan}", "{unit_number}", "{certificate_date}"),),
                widths=(0.4, 0.2, 0.4),
            ),
            Table(
                head=("Monthly contribution", "Arrears"),
                rows=(("{monthly_contribution}", "{arrears}"),),
                widths=(0.5, 0.5),
            ),
            Para("The condominium corporation certifies the above to {firm}, file {matter_number}."),
        ),
    ),
    Layout(
        "prose",
        Style(face="serif", size=11.5, margin=78),
        (
            Heading("Condominium Estoppel Certificate", 1.3, centred=True),
            Para("Condominium Corporation No. {condominium_plan}"),
            Para(
                "In respect of unit {unit_number} the corporation certifies, as of {certificate_date}, that the "
                "monthly contributions are {monthly_contribution} and that the arrears are {arrears}."
            ),
            Para("Our reference: {matter_number}"),
        ),
    ),
)

_UNDERTAKING = (
    Layout(
        "letterhead",
        Style(face="serif", size=11.5, margin=76),
        (
            Heading("{firm}", 1.3, centred=True),
            Para("Barristers & Solicitors, {firm_address}", centred=True),
            Rule(),
            Para("Date: {undertaking_date}"),
            Para("To: {addressee}"),
            Para("Our file: {matter_number}"),
            Para("Dear counsel:"),
            Para("Enclosed please find our trust cheque in the amount of {trust_amount}. We hereby undertake:"),
            Clauses(("to register the transfer at once;", "to hold all other sums in trust;", "to report to you.")),
            Para("Yours truly,"),
        ),
    ),
    Layout(
        "memo",
        Style(face="sans", size=10.5, margin=70, values="bold"),
        (
            Heading("Letter of Undertaking", 1.6),
            Pairs(
                (
                    ("Addressed to", "{addressee}"),
                    ("Date of undertaking", "{undertaking_date}"),
                    ("Sum in trust", "{trust_amount}"),
                    ("File reference", "{matter_number}"),
                ),
                "columns",
                split=0.32,
            ),
            Para("The firm of {firm}, solicitors, undertakes to release the funds only on registration."),
        ),
    ),
)

RARE: Mapping[str, tuple[Layout, ...]] = {
    "certificate_of_title": _TITLE,
    "purchase_contract": _CONTRACT,
    "transfer_of_land": _TRANSFER,
    "mortgage": _MORTGAGE,
    "tax_certificate": _TAX,
    "real_property_report": _SURVEY,
    "statement_of_adjustments": _STATEMENT,
    "caveat": _CAVEAT,
    "discharge": _DISCHARGE,
    "estoppel_certificate": _ESTOPPEL,
    "letter_of_undertaking": _UNDERTAKING,
}
