"""More layouts of every type: forms of registries, brokerages and managers elsewhere, beside those of `further`."""

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
        "registry_search",
        Style(face="typewriter", size=9, leading=1.3, margin=54),
        (
            Heading("LAND TITLE CERTIFICATE - SEARCH COPY", 1.2),
            Para("S", "bold"),
            Table(
                head=("LINC", "TITLE NUMBER", "SHORT LEGAL"),
                rows=(("{linc}", "{title_number}", "{short_legal}"),),
                widths=(0.26, 0.28, 0.46),
                ruled=False,
            ),
            Pairs(
                (
                    ("ESTATE", "FEE SIMPLE"),
                    ("MUNICIPALITY", "{municipality!u}"),
                    ("REFERENCE NUMBER", "{mortgage_number}"),
                ),
            ),
            Rule(),
            Para("REGISTERED OWNER(S)", "bold"),
            Table(
                head=("DATE(DMY)", "DOCUMENT TYPE", "VALUE", "CONSIDERATION"),
                rows=(("{registration_date}", "TRANSFER OF LAND", "{declared_value}", "{consideration}"),),
                widths=(0.24, 0.26, 0.25, 0.25),
                ruled=False,
            ),
            Para("OWNERS", "bold"),
            Para("{registered_owner!u}"),
            Para("{owner_address!u}"),
            Rule(),
            Para("ENCUMBRANCES, LIENS & INTERESTS", "bold"),
            Table(
                head=("NUMBER", "DATE (D/M/Y)", "PARTICULARS"),
                rows=(("{caveat_number}", "{caveat_on}", "CAVEAT BY {caveator!u}"),),
                widths=(0.24, 0.22, 0.54),
                ruled=False,
            ),
            Para("THE REGISTRAR OF TITLES CERTIFIES THIS TO BE AN ACCURATE REPRODUCTION OF THE TITLE."),
            Para("ORDERED BY {firm!u} UNDER FILE {matter_number}"),
        ),
        footer="( CONTINUED )||{page} of {pages}",
        legal="short",
    ),
    Layout(
        "abstract",
        Style(face="serif", size=10.5, margin=68),
        (
            Heading("Title Search Report", 1.7),
            Para("Prepared for {firm} under file number {matter_number}", "italic"),
            Pairs(
                (
                    ("Current title", "{title_number}"),
                    ("Parcel LINC", "{linc}"),
                    ("Legal land description", "{short_legal}"),
                    ("Local government", "{municipality}"),
                    ("Owned by", "{registered_owner}"),
                    ("Title issued on", "{registration_date}"),
                    ("Stated consideration", "{consideration}"),
                ),
                "columns",
                split=0.34,
            ),
            Heading("Encumbrances"),
            Clauses(
                (
                    "Mortgage {mortgage_number} in favour of {old_lender}, securing {old_principal}.",
                    "Caveat {caveat_number} of {caveator}, registered {caveat_on}.",
                )
            ),
            Para("The search was made at the land titles registry; the owner holds in fee simple."),
        ),
    ),
)

_CONTRACT = (
    Layout(
        "brokerage_form",
        Style(size=9.5, leading=1.3, margin=58),
        (
            Heading("{brokerage}", 1.2),
            Heading("RESIDENTIAL RESALE REAL ESTATE PURCHASE CONTRACT", 1.2, centred=True),
            Para("This contract is between"),
            Pairs(
                (
                    ("Name of Seller", "{seller}"),
                    ("Name of Buyer", "{buyer}"),
                    ("Seller's phone", "{seller_phone}"),
                    ("Buyer's e-mail", "{buyer_email}"),
                ),
                "beneath",
            ),
            Heading("1. THE PROPERTY"),
            Pairs(
                (
                    ("1.1 Municipal address", "{property_address}"),
                    ("1.2 Legally described as", "{short_legal}"),
                ),
                "columns",
                split=0.3,
            ),
            Heading("2. PURCHASE PRICE AND COMPLETION DAY"),
            Para("2.1 The Purchase Price is {purchase_price}, of which the Initial Deposit is {deposit}."),
            Para("2.2 This Contract will be completed at 12 noon on {completion_date} (the Completion Day)."),
            Heading("3. TERMS"),
            Clauses(TERMS),
            Para("SIGNED AND DATED at Aldergate, Alberta on {contract_date}."),
            Signatures(("Seller", "Buyer")),
        ),
        header="||Reference: {matter_number}",
    ),
    Layout(
        "private_sale",
        Style(face="typewriter", size=10, margin=70),
        (
            Heading("AGREEMENT FOR SALE OF HOME", 1.2),
            Para("Date of this agreement: {contract_date}"),
            Para("Vendor(s): {seller}"),
            Para("Purchaser(s): {buyer}"),
            Para("Home: {property_address}"),
            Para("Land: {short_legal}"),
            Rule(),
            Table(
                head=("Money", "CDN $"),
                rows=(
                    ("Agreed price", "{purchase_price}"),
                    ("Deposit now paid", "{deposit}"),
                    ("Left to pay on closing", "{balance}"),
                ),
                widths=(0.6, 0.4),
                right=(1,),
            ),
            Para("The sale closes on {completion_date}, when the purchaser may move in."),
            Clauses(TERMS[:12]),
            Para("Lawyer for the purchaser: {firm}, file {matter_number}"),
        ),
    ),
)

_TRANSFER = (
    Layout(
        "numbered_form",
        Style(face="serif", size=11, margin=72, values="bold"),
        (
            Para("FORM 8", centred=True),
            Heading("TRANSFER OF LAND", 1.3, centred=True),
            Para("Land Titles, Province of Alberta", "italic", centred=True),
            Para("I (we), {transferor}, registered owner of the following parcel, hold an estate in fee simple in it:"),
            Pairs(
                (
                    ("Parcel (legal description)", "{short_legal}"),
                    ("Title", "{title_number}"),
                    ("L.I.N.C.", "{linc}"),
                ),
                "boxed",
                columns=1,
            ),
            Para(
                "and in consideration of {consideration}, receipt of which is acknowledged, do hereby transfer the "
                "said estate to {transferee}, {tenure}."
            ),
            Para("Executed this {transfer_date} at the City of Aldergate."),
            Signatures(("Witness {witness}", "Transferor")),
            Para("File reference {matter_number}"),
        ),
    ),
    Layout(
        "grid",
        Style(size=9.5, values="bold"),
        (
            Heading("Transfer of Title to Land", 1.6),
            Table(
                head=("Transferor(s)", "Transferee(s)"),
                rows=(("{transferor!f}", "{transferee!f}"),),
                widths=(0.5, 0.5),
            ),
            Table(
                head=("Title no.", "LINC", "Legal"),
                rows=(("{title_number}", "{linc}", "{short_legal}"),),
                widths=(0.26, 0.24, 0.5),
            ),
            Table(
                head=("True consideration", "Date of execution", "Lawyer's file"),
                rows=(("{consideration}", "{transfer_date}", "{matter_number}"),),
                widths=(0.34, 0.36, 0.3),
            ),
            Para("The transferor transfers the fee simple estate in the land to the transferee."),
            Para("AFFIDAVIT OF TRANSFEREE: the value of the land is {land_value}."),
        ),
    ),
)

_MORTGAGE = (
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
)

_TAX = (
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
)

_SURVEY = (
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
)

_STATEMENT = (
    Layout(
        "two_sides",
        Style(face="serif", size=11, margin=64),
        (
            Heading("PURCHASER'S STATEMENT OF ADJUSTMENTS", 1.2, centred=True),
            Para("{seller} to {buyer}", centred=True),
            Para("Property: {property_address}", centred=True),
            Para("Closing date: {adjustment_date}", centred=True),
            Table(
                head=("Item", "Vendor's credit", "Purchaser's credit"),
                rows=(
                    ("Sale price per agreement", "{purchase_price}", ""),
                    ("Deposit held by the listing brokerage", "", "{deposit}"),
                    (
                        "Property taxes, vendor's share from {january} for {tax_days} days",
                        "",
                        "{tax_adjustment}",
                    ),
                    ("Balance required to close", "", "{balance_due}"),
                ),
                widths=(0.5, 0.25, 0.25),
                right=(1, 2),
            ),
            Para("Solicitors for the purchaser: {firm}, file {matter_number}. E. & O. E."),
        ),
    ),
    Layout(
        "worksheet",
        Style(face="sans", size=10),
        (
            Heading("Closing statement of adjustments", 1.5),
            Pairs((("File number", "{matter_number}"), ("Adjusted to", "{adjustment_date}")), "abreast"),
            Table(
                head=("", "Amount"),
                rows=(
                    ("A. Purchase price", "{purchase_price}"),
                    ("B. Deposits paid", "{deposit}"),
                    ("C. Tax credit to the buyer (levy {tax_levy})", "{tax_adjustment}"),
                    ("D. Balance due to the seller on closing (A - B - C)", "{balance_due}"),
                ),
                widths=(0.66, 0.34),
                right=(1,),
                ruled=False,
                totals=1,
            ),
            Para("Prepared by {firm} for both sides of the transaction."),
        ),
    ),
)

_CAVEAT = (
    Layout(
        "registry_form",
        Style(face="serif", size=11, margin=74),
        (
            Para("FORM 26", centred=True),
            Heading("CAVEAT", 1.5, centred=True),
            Para("To the Registrar, Alberta Land Titles", "italic"),
            Para(
                "Take notice that {caveator}, in this caveat called the caveator, claims an interest under an "
                "agreement dated {agreement_on} in the land legally described as {short_legal}, LINC {linc}, and "
                "standing in the name of {registered_owner} under title {title_number}; and it forbids the "
                "registration of any person as transferee."
            ),
            Para("Caveator's solicitors: {firm}. Solicitors' file no. {matter_number}."),
            Table(
                head=("Registration no.", "Registered on"),
                rows=(("{registration_number}", "{registration_date}"),),
                widths=(0.5, 0.5),
            ),
        ),
    ),
    Layout(
        "cover_sheet",
        Style(size=10, values="bold"),
        (
            Heading("Notice of Caveat", 1.6),
            Pairs(
                (
                    ("Document registration number", "{registration_number}"),
                    ("Filed", "{registration_date}"),
                    ("Caveator (claimant)", "{caveator}"),
                    ("Registered owner of the land", "{registered_owner}"),
                    ("Title(s) affected", "{title_number}"),
                    ("LINC(s)", "{linc}"),
                    ("Land description", "{short_legal}"),
                    ("Submitter's reference", "{matter_number}"),
                ),
                "above",
            ),
            Para("The caveator claims an interest in the land and forbids dealings that are not subject to it."),
        ),
    ),
)

_DISCHARGE = (
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
)

_ESTOPPEL = (
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
)

_UNDERTAKING = (
    Layout(
        "plain_letter",
        Style(face="serif", size=12, margin=80),
        (
            Para("{firm}", "bold"),
            Para("{firm_address}"),
            Para("{undertaking_date}"),
            Para("DELIVERED BY COURIER", "italic"),
            Para("{addressee}"),
            Para("Dear Sir or Madam:"),
            Para("RE: {clients}; our file number {matter_number}", "bold"),
            Para(
                "You will find enclosed our firm's trust cheque for {trust_amount}, representing the cash to close. "
                "In return we give you our undertaking:"
            ),
            Clauses(
                (
                    "to hold your documents in trust until the funds are releasable;",
                    "to attend to registration forthwith and to report to you;",
                    "to make no use of the documents otherwise.",
                )
            ),
            Para("Yours very truly,"),
            Signatures(("{lawyer}",)),
        ),
    ),
    Layout(
        "form",
        Style(size=10, values="bold"),
        (
            Heading("SOLICITOR'S UNDERTAKING", 1.5, centred=True),
            Pairs(
                (
                    ("Given to", "{addressee}"),
                    ("Given by", "{firm}"),
                    ("Dated", "{undertaking_date}"),
                    ("Funds held in trust", "{trust_amount}"),
                    ("File", "{matter_number}"),
                ),
                "boxed",
            ),
            Para("The undersigned solicitor undertakes on behalf of the firm:"),
            Clauses(
                (
                    "to pay the funds out only as the statement of adjustments provides;",
                    "to obtain and register a discharge of every mortgage that the buyer does not assume;",
                    "to release the documents when told to.",
                )
            ),
        ),
    ),
)

ELSEWHERE: Mapping[str, tuple[Layout, ...]] = {
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
