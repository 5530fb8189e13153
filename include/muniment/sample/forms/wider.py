"""Wider still: layouts with boxes, clauses and roles in running text, beside those of `further` and `elsewhere`."""

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
        "microfilm",
        Style(face="typewriter", size=10, margin=60),
        (
            Heading("CERTIFICATE OF TITLE NO. {title_number}", 1.1, centred=True),
            Para("LINC {linc}", centred=True),
            Para("THE REGISTRAR CERTIFIES THAT ON {registration_date!u}"),
            Para("{registered_owner!u}"),
            Para("OF {owner_address!u}"),
            Para("BECAME THE OWNER IN FEE SIMPLE, FOR A CONSIDERATION OF {consideration}, OF THE LAND IN"),
            Para("THE {municipality!u} DESCRIBED AS"),
            Para("{short_legal}"),
            Para("{exception}"),
            Rule(),
            Para("ENCUMBRANCES AND INTERESTS: MORTGAGE {mortgage_number}, CAVEAT {caveat_number}"),
            Para("SEARCH FOR {firm!u}, THEIR FILE {matter_number}"),
        ),
    ),
    Layout(
        "certified_copy",
        Style(face="serif", size=10.5, margin=70, values="bold"),
        (
            Para("PROVINCE OF ALBERTA", centred=True),
            Heading("Certified Copy of Certificate of Title", 1.5, centred=True),
            Pairs(
                (
                    ("TITLE NUMBER", "{title_number}"),
                    ("LINC NUMBER", "{linc}"),
                    ("DATE OF REGISTRATION", "{registration_date}"),
                    ("CONSIDERATION PAID", "{consideration}"),
                ),
                "boxed",
            ),
            Heading("The land"),
            Para("{short_legal}", indent=24),
            Para("{exception}", indent=24),
            Para("situated in the {municipality}, containing {area} more or less."),
            Heading("Registered owners"),
            Para("{registered_owner}, {tenure}", indent=24),
            Para("{owner_address}", indent=24),
            Heading("Encumbrances, liens and interests"),
            Table(
                head=("Number", "Day registered", "Nature"),
                rows=(
                    ("{mortgage_number}", "{registration_date}", "Mortgage, {old_lender}"),
                    ("{caveat_number}", "{caveat_on}", "Caveat, {caveator}"),
                ),
                widths=(0.24, 0.26, 0.5),
            ),
            Para("Given under my hand and seal of office, Registrar of Land Titles."),
            Para("Requested by {firm} (file {matter_number})", "italic"),
        ),
    ),
    Layout(
        "portal",
        Style(size=9.5),
        (
            Heading("Title details", 1.8),
            Pairs(
                (
                    ("LINC", "{linc}"),
                    ("Title", "{title_number}"),
                    ("Type of estate", "Fee simple"),
                    ("Customer reference", "{matter_number}"),
                    ("Municipality", "{municipality}"),
                    ("Consideration", "{consideration}"),
                    ("Registration date", "{registration_date}"),
                    ("Searched", "{searched_on}"),
                ),
                "above",
                columns=4,
            ),
            Heading("Owner(s)"),
            Para("{registered_owner!f}"),
            Heading("Legal"),
            Para("{short_legal}"),
            Heading("Interests registered"),
            Para("{caveat_number} Caveat {caveator}"),
            Para("Land Titles registrar, Alberta. Encumbrances, liens and interests as listed."),
        ),
    ),
)

_CONTRACT = (
    Layout(
        "builder",
        Style(face="sans", size=10, margin=64, values="bold"),
        (
            Heading("NEW HOME PURCHASE AGREEMENT", 1.5),
            Para("This agreement is dated {contract_date} and made between:"),
            Para("{seller}, as seller,", indent=30),
            Para("and", indent=30),
            Para("{buyer}, as buyer.", indent=30),
            Heading("The home"),
            Pairs(
                (
                    ("Street address", "{property_address}"),
                    ("Legal", "{short_legal}"),
                    ("File no.", "{matter_number}"),
                ),
                "ruled",
                split=0.25,
            ),
            Heading("The price"),
            Pairs(
                (
                    ("Total price of the home", "{purchase_price}"),
                    ("Deposit with this agreement", "{deposit}"),
                    ("Balance on possession", "{balance}"),
                ),
                "leaders",
            ),
            Para("Possession will be given on {completion_date}."),
            Clauses(TERMS),
            Signatures(("Buyer", "Seller")),
        ),
    ),
    Layout(
        "acreage",
        Style(face="serif", size=11.5, margin=76),
        (
            Heading("CONTRACT OF PURCHASE AND SALE", 1.3, centred=True),
            Para("THIS CONTRACT made as of {contract_date},"),
            Para("BETWEEN", "bold"),
            Para("{seller}", indent=48),
            Para('hereinafter referred to as "the Vendor"', indent=48),
            Para("AND", "bold"),
            Para("{buyer}", indent=48),
            Para('hereinafter referred to as "the Purchaser"', indent=48),
            Clauses(
                (
                    "The Vendor sells and the Purchaser buys the dwelling at {property_address}, being {short_legal}.",
                    "The total price is {purchase_price}. The Purchaser has paid {deposit} as a deposit to the "
                    "Vendor's agent, {brokerage}, and will pay the rest on the closing date.",
                    "The closing date is {completion_date}.",
                    *TERMS,
                )
            ),
        ),
        footer="Law file {matter_number}||{page}",
    ),
)

_TRANSFER = (
    Layout(
        "registry_2020",
        Style(size=10, margin=64),
        (
            Heading("Alberta Land Titles Transfer of Land", 1.5),
            Pairs(
                (
                    ("Certificate of title number", "{title_number}"),
                    ("LINC number", "{linc}"),
                    ("Legal description", "{short_legal}"),
                    ("Name of transferor", "{transferor}"),
                    ("Name of transferee", "{transferee}"),
                    ("Amount of consideration", "{consideration}"),
                    ("Date executed", "{transfer_date}"),
                    ("Submitting firm's file", "{matter_number}"),
                ),
                "boxed",
                columns=1,
            ),
            Para("The transferor conveys the estate in fee simple. Affidavit of value attached."),
        ),
    ),
    Layout(
        "three_boxes",
        Style(size=10, margin=60),
        (
            Heading("TRANSFER OF LAND", 1.5),
            Heading("A. Land"),
            Pairs(
                (
                    ("LINC", "{linc}"),
                    ("Title number", "{title_number}"),
                    ("Description", "{short_legal}"),
                    ("Agent's file", "{matter_number}"),
                ),
                "boxed",
            ),
            Heading("B. Parties"),
            Pairs(
                (
                    ("Transferor (registered owner in fee simple)", "{transferor}"),
                    ("Transferee and tenancy", "{transferee}, {tenure}"),
                    ("Transferee's postal address", "{transferee_address}"),
                ),
                "boxed",
                columns=1,
            ),
            Heading("C. Execution"),
            Pairs(
                (
                    ("Consideration in Canadian dollars", "{consideration}"),
                    ("Signed on", "{transfer_date}"),
                ),
                "boxed",
            ),
            Signatures(("Transferor", "Witness")),
        ),
    ),
    Layout(
        "deed",
        Style(face="serif", size=12, margin=82),
        (
            Heading("Transfer of Freehold Land", 1.4, centred=True),
            Para("{matter_number}", centred=True),
            Para("BE IT KNOWN THAT on this {transfer_date}"),
            Para(
                "{transferor}, who is registered as the owner in fee simple of {short_legal} (Land Identification "
                "Number {linc}) by certificate of title {title_number}, for the price of {consideration}, transfers "
                "that land to {transferee}, whose address is {transferee_address}."
            ),
            Para("The transferor has signed before a witness."),
            Signatures(("Transferor", "Witness")),
        ),
        header="||File {matter_number}",
    ),
)

_MORTGAGE = (
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

_TAX = (
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

_SURVEY = (
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

_STATEMENT = (
    Layout(
        "vendor_letterhead",
        Style(face="serif", size=11.5, margin=72, values="bold"),
        (
            Para("{firm}, {firm_address}", "italic", centred=True),
            Heading("STATEMENT OF ADJUSTMENTS", 1.3, centred=True),
            Pairs(
                (
                    ("Vendor", "{seller}"),
                    ("Purchaser", "{buyer}"),
                    ("Adjusted at", "{adjustment_date}"),
                    ("Our file", "{matter_number}"),
                ),
                "abreast",
            ),
            Pairs(
                (
                    ("Purchase price of the property", "{purchase_price}"),
                    ("Deduct deposit", "{deposit}"),
                    ("Deduct vendor's share of taxes", "{tax_adjustment}"),
                    ("Balance owing on closing", "{balance_due}"),
                ),
                "columns",
                split=0.62,
            ),
            Para("Credits are shown in favour of the purchaser unless marked otherwise."),
        ),
    ),
    Layout(
        "spreadsheet",
        Style(face="sans", size=9, margin=54),
        (
            Heading("Adjustments on closing: statement of adjustments for the buyer", 1.3),
            Para("File: {matter_number}   Adjustment date: {adjustment_date}"),
            Table(
                head=("No.", "Description", "Debit", "Credit"),
                rows=(
                    ("1", "Price of the property", "{purchase_price}", ""),
                    ("2", "Deposit paid by the buyer", "", "{deposit}"),
                    ("3", "Tax adjustment, {tax_days} days", "", "{tax_adjustment}"),
                    ("4", "Balance due on closing", "", "{balance_due}"),
                ),
                widths=(0.08, 0.48, 0.22, 0.22),
                right=(2, 3),
            ),
        ),
    ),
)

_CAVEAT = (
    Layout(
        "utility",
        Style(face="sans", size=10.5, margin=70),
        (
            Heading("CAVEAT FORBIDDING REGISTRATION", 1.3),
            Para("{caveator} (the Caveator) claims an interest in the following land as grantee of a right of way:"),
            Pairs(
                (
                    ("Legal description", "{short_legal}"),
                    ("LINC", "{linc}"),
                    ("Title no.", "{title_number}"),
                ),
                "inline",
            ),
            Para("The registrar is asked to register nothing that affects it. Your file: {matter_number}"),
            Rule(),
            Para("For office use", "italic"),
            Pairs(
                (
                    ("Registration number", "{registration_number}"),
                    ("Registered", "{registration_date}"),
                ),
                "boxed",
            ),
        ),
    ),
    Layout(
        "lawyers_caveat",
        Style(face="typewriter", size=10, margin=70),
        (
            Heading("CAVEAT", 1.4, centred=True),
            Para("TO THE REGISTRAR OF LAND TITLES"),
            Para("{caveator!u}, AS CAVEATOR, GIVES NOTICE THAT IT CLAIMS AN INTEREST IN:"),
            Pairs(
                (
                    ("LAND", "{short_legal}"),
                    ("LINC NO", "{linc}"),
                    ("TITLE NO", "{title_number}"),
                ),
                "columns",
                split=0.2,
            ),
            Para("AND FORBIDS ANY REGISTRATION AFFECTING THAT INTEREST."),
            Rule(),
            Para("REGISTRATION NUMBER {registration_number} DATE {registration_date}"),
            Para("RETURN TO {firm!u}, FILE {matter_number}"),
        ),
    ),
    Layout(
        "instrument_record",
        Style(size=10),
        (
            Heading("Registered instrument: caveat", 1.4),
            Table(
                head=("Instrument", "Registered", "Filed for"),
                rows=(("{registration_number}", "{registration_date}", "{matter_number}"),),
                widths=(0.34, 0.33, 0.33),
            ),
            Pairs(
                (
                    ("Caveator", "{caveator}"),
                    ("Interest claimed", "Right of way agreement of {agreement_on}"),
                    ("Land", "{short_legal}"),
                    ("Land identification number", "{linc}"),
                    ("Certificate of title", "{title_number}"),
                    ("File", "{matter_number}"),
                ),
                "ruled",
            ),
            Para("The caveator forbids the registration of any transfer that is not subject to this interest."),
        ),
    ),
)

_DISCHARGE = (
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

_ESTOPPEL = (
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

_UNDERTAKING = (
    Layout(
        "closing_letter",
        Style(face="sans", size=10.5, margin=72),
        (
            Para("{undertaking_date}"),
            Para("{addressee}"),
            Para("Attention: conveyancing department"),
            Para("Re: {clients} and {property_address}. Our file: {matter_number}", "bold"),
            Para("Dear colleagues:"),
            Para(
                "On closing we will forward to you the sum of {trust_amount} on the following trust conditions, and "
                "we undertake with you:"
            ),
            Clauses(
                (
                    "to keep the funds in our trust account until title issues;",
                    "to provide evidence of registration within thirty days;",
                    "to honour the holdback that the contract allows.",
                )
            ),
            Para("Yours truly,"),
            Para("{firm}"),
            Para("Per: {lawyer}"),
        ),
    ),
    Layout(
        "certificate",
        Style(face="serif", size=12, margin=80, values="bold"),
        (
            Heading("Undertaking of the Purchaser's Solicitors", 1.4, centred=True),
            Para("TO: {addressee}"),
            Para("AND TO: its clients"),
            Para("RE: file {matter_number}"),
            Para(
                "In consideration of the closing documents being released to us, the firm of {firm} undertakes to pay "
                "you {trust_amount} in trust and to register the transfer without delay."
            ),
            Para("Dated at Aldergate, Alberta, {undertaking_date}."),
            Signatures(("{lawyer}, solicitor",)),
        ),
    ),
)

WIDER: Mapping[str, tuple[Layout, ...]] = {
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
