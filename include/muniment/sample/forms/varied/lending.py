"""Mortgages and discharges as other lenders set them."""

from collections.abc import Mapping

from muniment.sample.forms.lending import COVENANTS
from muniment.sample.typeset import Clauses, Heading, Layout, Pairs, Para, Signatures, Style, Table

_RELEASE_TERMS = (
    "Everything that the mortgage secured has been paid or satisfied.",
    "The registrar may cancel the memorandum of it.",
)

_MORTGAGE = (
    Layout(
        "boxes",
        Style(size=9.5),
        (
            Heading("RESIDENTIAL MORTGAGE", 1.5),
            Pairs(
                (
                    ("BORROWER(S)", "{mortgagor}"),
                    ("LENDER", "{mortgagee}"),
                    ("PRINCIPAL SUM", "{principal}"),
                    ("ANNUAL INTEREST RATE", "{interest_rate}"),
                    ("DATE OF MORTGAGE", "{mortgage_date}"),
                    ("TERM", "{term}"),
                    ("MORTGAGED PROPERTY", "{short_legal}"),
                    ("BORROWER'S TELEPHONE", "{mortgagor_phone}"),
                    ("SOCIAL INSURANCE NUMBER", "{mortgagor_sin}"),
                    ("SOLICITOR'S FILE NO.", "{matter_number}"),
                ),
                "boxed",
            ),
            Para(
                "In this mortgage the borrower is the mortgagor and the lender is the mortgagee, per annum rates apply."
            ),
            Clauses(COVENANTS),
            Signatures(("Borrower", "Witness")),
        ),
    ),
    Layout(
        "statutory",
        Style(face="serif", size=12, margin=78),
        (
            Heading("MORTGAGE", 1.5, centred=True),
            Para("THIS MORTGAGE is dated {mortgage_date}", centred=True),
            Para("BETWEEN"),
            Para("{mortgagor} (hereinafter called the Mortgagor)", indent=40),
            Para("AND"),
            Para("{mortgagee} (hereinafter called the Mortgagee)", indent=40),
            Para(
                "WHEREAS the Mortgagor owns an estate in fee simple in the land described as {short_legal}; in "
                "consideration of the principal sum of {principal} advanced by the Mortgagee, the Mortgagor covenants "
                "to repay that sum with interest at a rate of {interest_rate} per year, and charges the land with it."
            ),
            Clauses(COVENANTS),
            Para("Reference: {matter_number}"),
            Signatures(("Mortgagor", "For the Mortgagee")),
        ),
    ),
    Layout(
        "summary_box",
        Style(face="sans", size=9, margin=56),
        (
            Heading("Residential Mortgage Agreement", 1.7),
            Pairs(
                (
                    ("Borrower name(s)", "{mortgagor}"),
                    ("Lender name", "{mortgagee}"),
                    ("Total amount borrowed", "{principal}"),
                    ("Annual interest rate (fixed)", "{interest_rate}"),
                    ("Agreement date", "{mortgage_date}"),
                    ("Maturity", "{term} from the adjustment date"),
                    ("Legal description of the mortgaged premises", "{short_legal}"),
                    ("Solicitor reference", "{matter_number}"),
                    ("Borrower SIN", "{mortgagor_sin}"),
                    ("Borrower phone", "{mortgagor_phone}"),
                ),
                "ruled",
                split=0.42,
            ),
            Para("The borrower is called the mortgagor and the lender the mortgagee in what follows.", "italic"),
            Clauses(COVENANTS),
        ),
    ),
    Layout(
        "indenture",
        Style(face="serif", size=12, margin=80, numbering="({})"),
        (
            Heading("THIS INDENTURE OF MORTGAGE", 1.3, centred=True),
            Para("made this {mortgage_date}", centred=True),
            Para("BETWEEN:", "bold"),
            Para('{mortgagor}, of Aldergate, in the Province of Alberta (the "Mortgagor")', indent=36),
            Para("OF THE FIRST PART", centred=True),
            Para('{mortgagee} (the "Mortgagee")', indent=36),
            Para("OF THE SECOND PART", centred=True),
            Para(
                "WITNESSES THAT the Mortgagee has lent to the Mortgagor the sum of {principal}, repayable with "
                "interest computed at the rate of {interest_rate} per annum, and that the Mortgagor charges with it "
                "the lands and premises being {short_legal}."
            ),
            Clauses(COVENANTS),
        ),
        footer="|Law office file {matter_number}|",
    ),
    Layout(
        "credit_union",
        Style(face="sans", size=9.5, margin=60, values="bold"),
        (
            Heading("{mortgagee}", 1.3),
            Heading("Collateral Mortgage of Land", 1.4),
            Table(
                head=("Mortgagor(s)", "Land mortgaged"),
                rows=(("{mortgagor}", "{short_legal}"),),
                widths=(0.42, 0.58),
            ),
            Table(
                head=("Principal", "Rate of interest per annum", "Term", "Date"),
                rows=(("{principal}", "{interest_rate}", "{term}", "{mortgage_date}"),),
                widths=(0.26, 0.3, 0.18, 0.26),
            ),
            Para("The mortgagee is {mortgagee}. Reference {matter_number}."),
            Clauses(COVENANTS),
            Heading("Identification"),
            Pairs((("S.I.N.", "{mortgagor_sin}"), ("E-mail", "{mortgagor_email}"), ("Cell", "{mortgagor_phone}"))),
        ),
    ),
    Layout(
        "private_lender",
        Style(face="typewriter", size=10, margin=68),
        (
            Heading("MORTGAGE AGREEMENT", 1.3, centred=True),
            Para("Our reference {matter_number}"),
            Para("1. Parties", "bold"),
            Para("The mortgagor is {mortgagor}."),
            Para("The mortgagee is {mortgagee}."),
            Para("2. Loan", "bold"),
            Para("The mortgagee lends {principal} for {term} at a fixed interest rate of {interest_rate} a year."),
            Para("3. Security", "bold"),
            Para("The loan is secured on {short_legal}."),
            Para("4. Covenants", "bold"),
            Clauses(COVENANTS),
            Para("Signed on {mortgage_date} by the mortgagor."),
        ),
    ),
)

_RARE_MORTGAGE = (
    Layout(
        "lenders_schedule_of_terms",
        Style(face="sans", size=9, margin=52),
        (
            Heading("{mortgagee!u}", 1.2),
            Heading("RESIDENTIAL MORTGAGE — ALBERTA", 1.6),
            Para("Schedule of mortgage terms", "bold"),
            Pairs(
                (
                    ("Borrower(s) (Mortgagor)", "{mortgagor}"),
                    ("Lender (Mortgagee)", "{mortgagee}"),
                    ("Mortgaged property: legal description", "{short_legal}"),
                    ("Civic address", "{property_address}"),
                    ("Principal sum advanced", "{principal}"),
                    ("Interest rate", "{interest_rate} per annum, calculated half-yearly, not in advance"),
                    ("Date of this mortgage", "{mortgage_date}"),
                    ("Length of term", "{term}"),
                    ("Amortization period", "{amortisation}"),
                    ("Borrower's date of birth", "{mortgagor_born}"),
                    ("Borrower's S.I.N.", "{mortgagor_sin}"),
                    ("Borrower's e-mail and telephone", "{mortgagor_email}, {mortgagor_phone}"),
                ),
                "ruled",
                split=0.36,
            ),
            Clauses(
                (
                    "You charge the property with payment of the principal sum, interest and all other sums secured.",
                    "You will insure the buildings against fire and pay the taxes as they fall due.",
                    "If you default, the whole of the debt becomes payable at our option.",
                )
            ),
            Signatures(("Borrower", "Witness")),
        ),
        header="Standard form mortgage||Solicitor reference: {matter_number}",
    ),
    Layout(
        "firstly_secondly",
        Style(face="serif", size=11.5, margin=80, leading=1.4),
        (
            Heading("MORTGAGE", 1.6, centred=True),
            Para("(The Land Titles Act)", "italic", centred=True),
            Para(
                "{mortgagor} (hereinafter called the “Mortgagor”), being registered as owner of an estate in fee "
                "simple "
                "in possession in that piece of land described as {short_legal}, IN CONSIDERATION of the sum of "
                "{principal} lent to the Mortgagor by {mortgagee} (hereinafter called the “Mortgagee”), the receipt of "
                "which is acknowledged, covenants with the Mortgagee:"
            ),
            Para(
                "FIRSTLY, that the Mortgagor will pay to the Mortgagee the above sum with interest thereon at the "
                "rate of "
                "{interest_rate} per annum, calculated semi-annually not in advance, over a term of {term}.",
                indent=24,
            ),
            Para("SECONDLY, that the Mortgagor will pay all taxes and keep the buildings insured.", indent=24),
            Para(
                "AND for the better securing of repayment the Mortgagor hereby mortgages to the Mortgagee all estate "
                "and "
                "interest in the said land."
            ),
            Para("IN WITNESS WHEREOF the Mortgagor has executed this mortgage on {mortgage_date}."),
            Signatures(("Mortgagor", "Witness")),
            Para("Prepared by {firm}, {firm_address}; our file {matter_number}."),
        ),
    ),
)

_DISCHARGE = (
    Layout(
        "prose",
        Style(face="serif", size=12, margin=80),
        (
            Heading("DISCHARGE OF MORTGAGE", 1.3, centred=True),
            Para("To the registrar. Reference: {matter_number}."),
            Para(
                "{mortgagee} hereby acknowledges that it has received all money due under the mortgage granted by "
                "{mortgagor} and registered in your office on {registered_on} as registration number "
                "{instrument_number}, standing against title number {title_number}, and that the mortgage is wholly "
                "discharged."
            ),
            Clauses(_RELEASE_TERMS),
            Para("Dated at the City of Aldergate, this {discharge_date}."),
            Signatures(("Authorised officer",)),
        ),
    ),
    Layout(
        "boxes",
        Style(size=10),
        (
            Heading("PARTIAL OR FULL DISCHARGE", 1.0),
            Heading("Discharge of Registered Mortgage", 1.4),
            Pairs(
                (
                    ("LENDER", "{mortgagee}"),
                    ("BORROWER", "{mortgagor}"),
                    ("MORTGAGE NUMBER", "{instrument_number}"),
                    ("AFFECTED TITLE NUMBER", "{title_number}"),
                    ("DATED", "{discharge_date}"),
                    ("YOUR FILE", "{matter_number}"),
                ),
                "boxed",
            ),
            Clauses(_RELEASE_TERMS),
            Para("The lender, as mortgagee, asks the registrar to discharge instrument number {instrument_number}."),
        ),
    ),
    Layout(
        "bank_letter",
        Style(face="sans", size=10.5, margin=74),
        (
            Heading("{mortgagee}", 1.3),
            Heading("FULL DISCHARGE OF MORTGAGE", 1.1),
            Para("Our customer: {mortgagor}. Your reference: {matter_number}."),
            Para(
                "The mortgage registered at the land titles office under number {instrument_number}, on title "
                "{title_number}, has been repaid. {mortgagee}, the mortgagee, releases and discharges it."
            ),
            Para("Signed and sealed at Aldergate on {discharge_date}."),
            Signatures(("Manager, mortgage administration",)),
        ),
    ),
    Layout(
        "registry_form",
        Style(face="typewriter", size=10),
        (
            Heading("DISCHARGE", 1.3, centred=True),
            Pairs(
                (
                    ("NAME OF MORTGAGEE", "{mortgagee}"),
                    ("NAME OF MORTGAGOR", "{mortgagor}"),
                    ("MORTGAGE REGISTRATION NUMBER", "{instrument_number}"),
                    ("CERTIFICATE OF TITLE", "{title_number}"),
                    ("EXECUTED ON", "{discharge_date}"),
                    ("LAWYER'S FILE", "{matter_number}"),
                ),
                "columns",
                split=0.5,
            ),
            Para("THE MORTGAGEE DISCHARGES THE MORTGAGE DESCRIBED ABOVE AND ASKS THE REGISTRAR TO CANCEL IT."),
        ),
    ),
    Layout(
        "trust_company",
        Style(face="serif", size=11.5, margin=78, values="bold"),
        (
            Heading("DISCHARGE OF MORTGAGE", 1.3, centred=True),
            Para("Land Titles, Alberta", centred=True),
            Para(
                "WE, {mortgagee}, the mortgagee under the mortgage dated {registered_on} and registered as instrument "
                "{instrument_number} against title number {title_number}, DO HEREBY DISCHARGE the said mortgage in "
                "full."
            ),
            Para("IN WITNESS WHEREOF we have executed this discharge on {discharge_date}."),
            Signatures(("Authorized signatory", "Witness")),
            Para("Law firm file: {matter_number}"),
        ),
    ),
    Layout(
        "payout_form",
        Style(size=10, margin=62),
        (
            Heading("Mortgage Discharge", 1.7),
            Pairs(
                (
                    ("Name of lender (mortgagee)", "{mortgagee}"),
                    ("Name of borrower (mortgagor)", "{mortgagor}"),
                    ("Registration no. of mortgage", "{instrument_number}"),
                    ("Land title no.", "{title_number}"),
                    ("Discharge date", "{discharge_date}"),
                    ("Your file no.", "{matter_number}"),
                ),
                "above",
            ),
            Para("The mortgage is paid in full and the registrar is asked to discharge it."),
        ),
    ),
)

_RARE_DISCHARGE = (
    Layout(
        "acknowledgement_of_payment",
        Style(face="serif", size=12, margin=78, leading=1.45),
        (
            Para("LAND TITLES ACT", centred=True),
            Heading("DISCHARGE", 1.5, centred=True),
            Para(
                "{mortgagee} does hereby acknowledge to have received all the money due or to become due under the "
                "mortgage "
                "made by {mortgagor} in its favour, which was registered in the Land Titles Office as instrument "
                "number "
                "{instrument_number} on {registered_on} against Certificate of Title {title_number}, and that the "
                "same is "
                "wholly discharged."
            ),
            Para("IN WITNESS WHEREOF the mortgagee has executed this discharge on {discharge_date}."),
            Signatures(("{mortgagee}, per authorized signatory", "Witness")),
            Para("Return to: {firm}, {firm_address} (file {matter_number})"),
        ),
    ),
    Layout(
        "request_to_the_registrar",
        Style(face="sans", size=10, margin=60),
        (
            Heading("Discharge of Registered Mortgage", 1.5),
            Para("Request to the Registrar of Land Titles, Alberta"),
            Pairs(
                (
                    ("Name of mortgagee", "{mortgagee}"),
                    ("Name of mortgagor(s)", "{mortgagor}"),
                    ("Mortgage registration number", "{instrument_number}"),
                    ("Mortgage registered on", "{registered_on}"),
                    ("Title(s) to be cleared", "{title_number}"),
                    ("Date of this discharge", "{discharge_date}"),
                    ("Law firm file", "{matter_number}"),
                ),
                "beneath",
            ),
            Para(
                "The debt having been satisfied in full, the mortgagee discharges the mortgage as to all of the land."
            ),
            Signatures(("Authorized officer",)),
        ),
    ),
)

DRAWN: Mapping[str, tuple[Layout, ...]] = {
    "mortgage": _MORTGAGE,
    "discharge": _DISCHARGE,
}

RARE: Mapping[str, tuple[Layout, ...]] = {
    "mortgage": _RARE_MORTGAGE,
    "discharge": _RARE_DISCHARGE,
}
