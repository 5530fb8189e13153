"""Further layouts of every type, as other offices, municipalities and lenders print the same forms. What a form states
belongs to the modules beside; layouts that no reader was written with belong to `held_out`."""

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
        "summary",
        Style(size=9.5, values="bold"),
        (
            Heading("CERTIFICATE OF TITLE", 1.4),
            Pairs(
                (
                    ("Title No.", "{title_number}"),
                    ("LINC No.", "{linc}"),
                    ("Date Registered", "{registration_date}"),
                    ("Value", "{consideration}"),
                    ("Our Ref.", "{matter_number}"),
                    ("Estate", "Fee simple"),
                ),
                "abreast",
            ),
            Rule(),
            Pairs(
                (
                    ("LEGAL", "{short_legal}"),
                    ("MUNICIPALITY", "{municipality!u}"),
                    ("REGISTERED OWNERS", "{registered_owner!f}"),
                    ("OWNERS' ADDRESS", "{owner_address!u}"),
                ),
                "boxed",
                columns=1,
            ),
            Heading("Encumbrances, liens and interests"),
            Table(
                head=("Reg. No.", "Date (Y/M/D)", "Instrument"),
                rows=(
                    ("{mortgage_number}", "{registration_date}", "Mortgage to {old_lender}, {old_principal}"),
                    ("{caveat_number}", "{caveat_on}", "Caveat by {caveator}"),
                ),
                widths=(0.22, 0.24, 0.54),
            ),
            Para("Searched for the registrar's customer {firm} on {searched_on}.", "italic"),
        ),
        header="LAND TITLES||Search copy",
    ),
    Layout(
        "duplicate",
        Style(face="serif", size=11.5, margin=80),
        (
            Heading("DUPLICATE CERTIFICATE OF TITLE", 1.3, centred=True),
            Para("North and South Alberta Land Registration District", "italic", centred=True),
            Para("Certificate of title no. {title_number}, LINC {linc}", centred=True),
            Space(8),
            Para(
                "This is to certify that {registered_owner}, of {owner_address}, as {tenure}, is now the owner of an "
                "estate in fee simple of and in {short_legal}, in the {municipality}, subject to the encumbrances, "
                "liens and interests notified by memorandum underwritten."
            ),
            Para("Value of consideration: {consideration}."),
            Para("Registered on {registration_date}."),
            Para("Registrar of the land titles office. Your reference: {matter_number}."),
        ),
    ),
)

_CONTRACT = (
    Layout(
        "offer",
        Style(face="serif", size=11.5, margin=74),
        (
            Heading("OFFER TO PURCHASE", 1.4, centred=True),
            Para("{brokerage}, agent of the vendor", "italic", centred=True),
            Para(
                "The undersigned {buyer} (the Purchaser) hereby offers to buy from {seller} (the Vendor) the "
                "residence municipally known as {property_address} and legally described as {short_legal}, on the "
                "following terms:"
            ),
            Clauses(
                (
                    "The purchase price shall be {purchase_price}, payable in lawful money of Canada.",
                    "A deposit in the amount of {deposit} accompanies this offer, and the remaining {balance} is paid "
                    "on the possession date.",
                    "The possession date shall be {completion_date}, at noon.",
                    *TERMS,
                )
            ),
            Para("Dated at Aldergate, in the Province of Alberta, this {contract_date}."),
            Signatures(("Purchaser", "Vendor's acceptance")),
        ),
        header="||File: {matter_number}",
    ),
    Layout(
        "boxes",
        Style(size=10),
        (
            Heading("REAL ESTATE PURCHASE CONTRACT", 1.4),
            Para("Residential resale property", "italic"),
            Pairs(
                (
                    ("SELLER(S)", "{seller}"),
                    ("BUYER(S)", "{buyer}"),
                    ("MUNICIPAL ADDRESS OF PROPERTY", "{property_address}"),
                    ("LEGAL DESCRIPTION", "{short_legal}"),
                    ("TOTAL PURCHASE PRICE", "{purchase_price}"),
                    ("INITIAL DEPOSIT", "{deposit}"),
                    ("CLOSING DATE", "{completion_date}"),
                    ("DATE OF OFFER", "{contract_date}"),
                    ("LAWYER FOR THE BUYER", "{firm}"),
                    ("FILE NUMBER", "{matter_number}"),
                ),
                "boxed",
            ),
            Clauses(TERMS),
            Signatures(("Seller: {seller}", "Buyer: {buyer}")),
        ),
    ),
)

_TRANSFER = (
    Layout(
        "blanks",
        Style(face="serif", size=11, margin=74),
        (
            Heading("TRANSFER OF LAND", 1.4, centred=True),
            Para("under the statute on land titles", "italic", centred=True),
            Pairs(
                (
                    ("(Transferor)", "{transferor}"),
                    ("(Legal description of the land)", "{short_legal}"),
                    ("(Certificate of title number)", "{title_number}"),
                    ("(LINC)", "{linc}"),
                    ("(Consideration)", "{consideration}"),
                    ("(Transferee)", "{transferee}"),
                    ("(Date of this transfer)", "{transfer_date}"),
                    ("(Our file)", "{matter_number}"),
                ),
                "beneath",
                columns=1,
            ),
            Para(
                "The transferor, being registered as owner of an estate in fee simple, transfers to the transferee "
                "all estate and interest in the said land, subject to what the existing title shows."
            ),
            Signatures(("Witness: {witness}", "Signature of transferor")),
        ),
    ),
    Layout(
        "first_person",
        Style(face="typewriter", size=10, margin=66),
        (
            Heading("TRANSFER OF LAND", 1.2, centred=True),
            Para("MATTER NO. {matter_number}"),
            Para(
                "{transferor!u}, being registered owner of an estate in fee simple subject to the encumbrances noted "
                "on title, in that land of which the title number is {title_number}, the LINC is {linc} and which is "
                "legally described as {short_legal}"
            ),
            Para(
                "DO HEREBY, IN CONSIDERATION OF {consideration} paid to me by {transferee!u}, TRANSFER TO the said "
                "transferee all my estate and interest in that piece of land."
            ),
            Para("DATED this {transfer_date}."),
            Para("The transferee's address is {transferee_address}."),
            Signatures(("Witness", "Transferor")),
        ),
    ),
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
)

_TAX_TERMS = (
    "Amounts are those on the roll at the close of business on the day before this certificate.",
    "Local improvement charges are levied each year until the bylaw that made them is spent.",
    "No person may rely on this certificate who has not paid for it.",
)

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
)

_SURVEY_TERMS = (
    "The improvements shown are those found on the ground on the day named.",
    "No improvement encroaches on a neighbour, a road or a right of way unless the plan says so.",
    "Boundaries were re-established from monuments of the plan of record.",
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
)

_STATEMENT = (
    Layout(
        "leaders",
        Style(face="serif", size=12, margin=80),
        (
            Heading("VENDOR'S STATEMENT OF ADJUSTMENTS", 1.2, centred=True),
            Para("{seller} sale to {buyer}"),
            Para("Adjustments as of {adjustment_date}, our file {matter_number}"),
            Pairs(
                (
                    ("Sale price", "{purchase_price}"),
                    ("Less initial deposit", "{deposit}"),
                    ("Less property taxes", "{tax_adjustment}"),
                    ("Cash to close", "{balance_due}"),
                ),
                "leaders",
            ),
            Para("Credit is given for what was paid before. Errors and omissions excepted.", "italic"),
        ),
    ),
    Layout(
        "debit_credit",
        Style(size=10),
        (
            Heading("Statement of Adjustments", 1.6),
            Pairs(
                (
                    ("File", "{matter_number}"),
                    ("Date of adjustment", "{adjustment_date}"),
                    ("Vendor", "{seller}"),
                    ("Purchaser", "{buyer}"),
                ),
                "above",
            ),
            Table(
                head=("Particulars", "Debit", "Credit"),
                rows=(
                    ("Total purchase price", "{purchase_price}", ""),
                    ("Deposit paid to the listing brokerage", "", "{deposit}"),
                    ("Adjustment for property taxes to closing", "", "{tax_adjustment}"),
                    ("Balance payable by purchaser", "", "{balance_due}"),
                ),
                widths=(0.52, 0.24, 0.24),
                right=(1, 2),
                ruled=False,
            ),
        ),
        footer="{firm}||{page}",
    ),
)

_CAVEAT_TERMS = (
    "The caveator claims an interest in the land by reason of an agreement in writing dated {agreement_on}.",
    "The caveator forbids the registration of any instrument that affects this interest unless it is subject to it.",
    "Notices to the caveator may be sent in care of the registrar to the address on file.",
)

_CAVEAT = (
    Layout(
        "boxes",
        Style(size=10),
        (
            Heading("CAVEAT", 1.7, centred=True),
            Pairs(
                (
                    ("INSTRUMENT NO.", "{registration_number}"),
                    ("DATE OF REGISTRATION", "{registration_date}"),
                    ("CAVEATOR", "{caveator}"),
                    ("CERTIFICATE OF TITLE NO.", "{title_number}"),
                    ("LINC NUMBER", "{linc}"),
                    ("LANDS", "{short_legal}"),
                    ("OWNER", "{registered_owner}"),
                    ("CUSTOMER FILE", "{matter_number}"),
                ),
                "boxed",
            ),
            Clauses(_CAVEAT_TERMS),
        ),
    ),
    Layout(
        "table",
        Style(face="serif", size=11, margin=70),
        (
            Heading("Caveat forbidding registration", 1.3),
            Para("Registered as instrument no. {registration_number} on {registration_date}"),
            Para("Caveator: {caveator}"),
            Table(
                head=("Title number", "LINC", "Land affected"),
                rows=(("{title_number}", "{linc}", "{short_legal}"),),
                widths=(0.28, 0.24, 0.48),
            ),
            Clauses(_CAVEAT_TERMS),
            Para("Your file no. {matter_number}"),
        ),
    ),
)

_RELEASE_TERMS = (
    "Everything that the mortgage secured has been paid or satisfied.",
    "The registrar may cancel the memorandum of it.",
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
)

_ESTOPPEL_TERMS = (
    "No special assessment has been made that is not disclosed with this certificate.",
    "The corporation maintains insurance as its bylaws require.",
    "The corporation may not deny what is certified here to a person who relies on it.",
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
)

_UNDERTAKING_TERMS = (
    "not to use the money until the documents are in registrable form and in our possession;",
    "to register the documents without delay and to send you a copy of the new title;",
    "to return everything on demand if the closing fails.",
)

_UNDERTAKING = (
    Layout(
        "fax",
        Style(face="typewriter", size=10),
        (
            Heading("UNDERTAKING", 1.5),
            Pairs(
                (
                    ("TO", "{addressee}"),
                    ("FROM", "{firm}"),
                    ("DATE", "{undertaking_date}"),
                    ("RE", "{clients}"),
                    ("OUR FILE NO.", "{matter_number}"),
                )
            ),
            Para(
                "We are forwarding the sum of {trust_amount} in trust. In consideration of the release of your "
                "closing documents we hereby undertake:"
            ),
            Clauses(_UNDERTAKING_TERMS),
            Para("Yours truly, {lawyer}, solicitor"),
        ),
    ),
    Layout(
        "conditions",
        Style(face="sans", size=10.5, margin=74),
        (
            Heading("{firm}", 1.3),
            Para("Barristers and solicitors, {firm_address}"),
            Para("Dated: {undertaking_date}"),
            Para("Attention: {addressee}"),
            Para("Re: {clients}, our reference {matter_number}", "bold"),
            Para("Dear friend:"),
            Para(
                "Enclosed is our trust cheque in the sum of {trust_amount}, which you are to hold on the trust "
                "conditions below. For our part we undertake:"
            ),
            Clauses(_UNDERTAKING_TERMS),
            Para("Yours truly,"),
            Signatures(("{lawyer}",)),
        ),
    ),
)

FURTHER: Mapping[str, tuple[Layout, ...]] = {
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
