"""Two layouts of every type after the house styles of offices that none of the practice's own forms come from. They
were held out once, and are no news to the reader any more."""

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


def _box(x0: float, y0: float, x1: float, y1: float, width: float = 1.0) -> tuple[Stroke, ...]:
    return (
        Stroke(x0, y0, x1, y0, width),
        Stroke(x1, y0, x1, y1, width),
        Stroke(x1, y1, x0, y1, width),
        Stroke(x0, y1, x0, y0, width),
    )


def _sheet(_: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    """A plan in a frame: a bungalow with a deck and a detached garage, a road below and a lane above."""
    return (
        *_box(0.0, 0.0, 1.0, 1.0, 1.2),
        *_box(0.26, 0.13, 0.72, 0.85, 1.5),
        *_box(0.33, 0.42, 0.65, 0.7),
        *_box(0.45, 0.34, 0.62, 0.42, 0.6),
        *_box(0.5, 0.16, 0.68, 0.28),
        Stroke(0.0, 0.08, 1.0, 0.08, 0.5),
        Stroke(0.0, 0.91, 1.0, 0.91, 0.5),
        Stroke(0.26, 0.31, 0.72, 0.31, 0.5, dashed=True),
        Stroke(0.92, 0.3, 0.92, 0.16, 1.0),
        Stroke(0.92, 0.16, 0.905, 0.2, 1.0),
        Stroke(0.92, 0.16, 0.935, 0.2, 1.0),
        Caption(0.92, 0.14, "N"),
        Caption(0.49, 0.055, "6.0 m LANE"),
        Caption(0.49, 0.965, "ROAD ALLOWANCE"),
        Caption(0.49, 0.57, "BUNGALOW, STUCCO"),
        Caption(0.535, 0.39, "DECK"),
        Caption(0.59, 0.235, "GARAGE"),
        Caption(0.49, 0.83, "{frontage}"),
        Caption(0.235, 0.5, "{depth}", 90),
        Caption(0.755, 0.5, "{depth}", 90),
        Caption(0.3, 0.56, "1.83", 90),
        Caption(0.69, 0.56, "2.20", 90),
        Caption(0.37, 0.3, "utility r/w"),
        Caption(0.13, 0.5, "neighbouring lot"),
        Caption(0.87, 0.6, "neighbouring lot"),
    )


def _sketch(_: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    """A small sketch of an irregular lot with a house whose eaves are dashed."""
    return (
        Stroke(0.3, 0.08, 0.68, 0.05, 1.4),
        Stroke(0.68, 0.05, 0.76, 0.82, 1.4),
        Stroke(0.76, 0.82, 0.26, 0.86, 1.4),
        Stroke(0.26, 0.86, 0.3, 0.08, 1.4),
        *_box(0.37, 0.4, 0.62, 0.7),
        Stroke(0.36, 0.38, 0.63, 0.38, 0.5, dashed=True),
        Stroke(0.36, 0.72, 0.63, 0.72, 0.5, dashed=True),
        *_box(0.34, 0.12, 0.46, 0.24, 0.8),
        Caption(0.4, 0.19, "SHED"),
        Caption(0.495, 0.56, "DWELLING"),
        Caption(0.51, 0.8, "{frontage}"),
        Caption(0.25, 0.5, "{depth}", 90),
        Caption(0.52, 0.97, "public roadway"),
    )


_OLD_CERTIFICATE = Layout(
    "typewritten_certificate_of_ownership",
    Style(face="typewriter", size=9.5, leading=1.38, margin=66),
    (
        Heading("LAND TITLES ACT", 1.1, centred=True),
        Heading("ALBERTA LAND REGISTRATION DISTRICT", centred=True),
        Space(6),
        Table(
            (),
            (
                ("Certificate of Title No.", "Parcel identifier (LINC)"),
                ("{title_number}", "{linc}"),
            ),
            (0.55, 0.45),
            ruled=False,
        ),
        Rule(),
        Para("THIS IS TO CERTIFY that"),
        Para("{registered_owner!u}", indent=40),
        Para("of {owner_address}", indent=40),
        Para(
            "is now, as {tenure}, the owner of an estate in fee simple of and in the land here described, subject to "
            "the encumbrances, liens and interests noted by memorandum below or endorsed later:"
        ),
        Para("{short_legal}", indent=40),
        Para("{exception}", indent=40),
        Para("containing {area} more or less, and lying in the {municipality}.", indent=40),
        Para(
            "This certificate was entered in the register on {registration_date} upon a transfer in which the "
            "consideration was sworn at {consideration}."
        ),
        Space(6),
        Heading("MEMORANDA OF INTERESTS", centred=True),
        Table(
            ("Instrument", "Nature", "In favour of"),
            (
                ("{mortgage_number}", "Mortgage, original sum {old_principal}", "{old_lender}"),
                ("{caveat_number}", "Caveat lodged {caveat_on}", "{caveator}"),
            ),
            (0.26, 0.38, 0.36),
            ruled=False,
        ),
        Rule(),
        Para("No other memoranda stand against the parcel when this copy was drawn on {searched_on}."),
        Space(14),
        Signatures(("for the Registrar",)),
        Para("Copy drawn at the request of {firm}, their file {matter_number}."),
    ),
    header="Copy for search purposes||Not a duplicate certificate",
    footer="|- {page} -|",
    legal="stacked",
)

_AGENT_EXTRACT = Layout(
    "registry_agent_title_extract",
    Style(size=9.6, margin=52, values="bold"),
    (
        Heading("TITLE EXTRACT", 1.7),
        Para("Prepared by a private registry agent from the electronic register of the land titles office", "italic"),
        Pairs(
            (
                ("TITLE NO.", "{title_number}"),
                ("LINC", "{linc}"),
                ("SEARCH RUN", "{searched_on}"),
                ("ESTATE", "Fee simple"),
                ("CLIENT REF.", "{matter_number}"),
                ("ORDERED BY", "{firm}"),
            ),
            "boxed",
            3,
        ),
        Heading("Land"),
        Table(
            (),
            (
                ("{short_legal}", "short legal"),
                ("{exception}", "reservation"),
                ("{ats}", "ATS reference"),
                ("{area}", "extent"),
                ("{municipality}", "local authority"),
            ),
            (0.72, 0.28),
            ruled=False,
        ),
        Heading("Ownership"),
        Table(
            ("Registered", "Document type", "Declared value", "Consideration"),
            (("{registration_date}", "Transfer of land", "{declared_value}", "{consideration}"),),
            (0.28, 0.24, 0.24, 0.24),
            right=(2, 3),
        ),
        Pairs((("Owner(s) on title", "{registered_owner!f}"), ("Address for service", "{owner_address}")), "columns"),
        Heading("Charges and notices (2)"),
        Table(
            ("Reg. no.", "Kind", "Party", "Amount"),
            (
                ("{mortgage_number}", "MORTGAGE", "{old_lender}", "{old_principal}"),
                ("{caveat_number}", "CAVEAT", "{caveator}\nfiled {caveat_on}", "n/a"),
            ),
            (0.2, 0.17, 0.4, 0.23),
            right=(3,),
        ),
        Para(
            "The extract repeats the register as it stood when the search was run. Documents waiting in the "
            "registration queue do not appear on it, and the agent answers for transcription only."
        ),
    ),
    header="Extract {title_number}||Agent 114",
    footer="{matter_number}|{searched_on}|{page}/{pages}",
    legal="short",
)

_VENDOR_AGREEMENT = Layout(
    "solicitor_drawn_agreement_for_sale",
    Style(face="serif", size=10.5, leading=1.3, margin=76, numbering="{}.0"),
    (
        Heading("AGREEMENT OF PURCHASE AND SALE", 1.25, centred=True),
        Para("made effective {contract_date}", centred=True),
        Space(6),
        Para("BETWEEN:"),
        Para("{seller!u}", "bold", centred=True),
        Para('(called the "Vendor")', centred=True),
        Para("- and -", centred=True),
        Para("{buyer!u}", "bold", centred=True),
        Para('(called the "Purchaser")', centred=True),
        Space(6),
        Para(
            "WHEREAS the Vendor owns the lands known civically as {property_address} and legally as {short_legal} (the "
            '"Lands") and has agreed to sell them to the Purchaser on what follows;'
        ),
        Para("NOW THEREFORE the Vendor and the Purchaser covenant with each other that:"),
        Clauses(
            (
                "The Purchaser shall pay to the Vendor {purchase_price} for the Lands and every building on them, in "
                "lawful money of Canada.",
                "On signing, the Purchaser has handed {deposit} to {brokerage}, which holds that sum as a deposit in "
                "trust and credits it toward the price. The remaining {balance} is due on closing, subject to the "
                "usual adjustments.",
                "The transaction closes, and the Purchaser takes vacant possession, at twelve noon on "
                "{completion_date}.",
                "The Purchaser has ten business days to arrange a first mortgage of about {financing}, and may walk "
                "away with the deposit if no lender will advance it.",
                "Title passes free of financial charges other than those that the Purchaser agrees in writing to "
                "take over.",
                "Realty taxes and utilities are apportioned as at closing. The Vendor is answerable for the day "
                "before and the Purchaser for the day itself.",
                "Should either side default, the other has the remedies that the general law gives, and time is "
                "of the essence throughout.",
            )
        ),
        Para("SIGNED by the parties on the effective date above."),
        Signatures(("{seller}, Vendor", "{buyer}, Purchaser", "Witness", "Witness")),
        PageBreak(),
        Heading("SCHEDULE A - THE LANDS AND WHAT GOES WITH THEM", 1.1, centred=True),
        Pairs(
            (
                ("Registered under title", "{title_number}"),
                ("LINC", "{linc}"),
                ("Within", "{municipality}"),
                ("Extent", "{area}"),
            ),
            "columns",
            split=0.3,
        ),
        Para("Included: kitchen appliances in place at viewing, blinds, two remote controls, the garden shed."),
        Para("Excluded: the hot tub, and the freezer in the basement."),
        Heading("SCHEDULE B - CONDITIONS", 1.1, centred=True),
        Table(
            ("Condition", "For the benefit of", "To be lifted"),
            (
                ("Approval of a mortgage of {financing}", "Purchaser", "ten business days from the effective date"),
                ("Inspection by a licensed inspector", "Purchaser", "ten business days from the effective date"),
                ("Review of title {title_number}", "Purchaser", "five business days from the effective date"),
            ),
            (0.4, 0.24, 0.36),
        ),
        Para(
            "Solicitors: {other_firm} for one side and {firm} for the other. Notices sent to a party's solicitor are "
            "notices to the party."
        ),
    ),
    header="{firm}||File {matter_number}",
    footer="Initials ______ ______||page {page}",
)

_OFFER_FORM = Layout(
    "brokerage_offer_form",
    Style(size=9.4, leading=1.3, margin=48),
    (
        Table(
            (),
            (("{brokerage}", "OFFER TO BUY A HOME", "Deal sheet 3 copies\nLawyer's ref. {matter_number}"),),
            (0.34, 0.36, 0.3),
        ),
        Heading("A   Who"),
        Pairs(
            (
                ("Print name(s) of buyer(s) as on identification", "{buyer}"),
                ("Print name(s) of all owners selling", "{seller}"),
                ("Buyer telephone", "{buyer_phone}"),
                ("Seller telephone", "{seller_phone}"),
            ),
            "beneath",
        ),
        Heading("B   What"),
        Pairs(
            (
                ("Civic address of home", "{property_address}"),
                ("Legal (from title)", "{short_legal}"),
                ("Title", "{title_number}"),
                ("Municipality", "{municipality}"),
            ),
            "beneath",
        ),
        Heading("C   How much"),
        Table(
            ("Line", "Item", "Dollars"),
            (
                ("1", "Initial deposit, held by listing brokerage", "{deposit}"),
                ("2", "New mortgage the buyer will apply for (part of line 3)", "{financing}"),
                ("3", "Balance on possession before adjustments", "{balance}"),
                ("4", "TOTAL PRICE OFFERED (line 1 + line 3)", "{purchase_price}"),
            ),
            (0.08, 0.66, 0.26),
            right=(2,),
            totals=1,
        ),
        Heading("D   When"),
        Table(
            ("Offer signed and accepted", "Conditions lifted by", "Possession / completion"),
            (("{contract_date}", "14 days after acceptance", "{completion_date}"),),
            (0.34, 0.32, 0.34),
        ),
        Heading("E   Small print"),
        Clauses(
            (
                "An offer that both sides have signed is a binding contract, and the deposit then counts as part of "
                "the total price.",
                "The sellers promise that they may sell, that they are residents of Canada for tax purposes and "
                "that whatever is bolted down stays.",
                "Property tax, condominium contributions and rents are split as of the possession day.",
                "The sellers deliver a real property report with municipal compliance, or title insurance at their "
                "own expense, a week before possession.",
                "Late money bears interest at the prime lending rate and three per cent until it is paid.",
                "The keys are released when the sellers' lawyer says that the money is in trust.",
            )
        ),
        Signatures(("Buyer(s) sign here", "Seller(s) sign here")),
        Para("Send conveyancing instructions to {firm}, {firm_email}.", "italic"),
    ),
    footer="Form OB-7 rev. 3|For use with single family homes|Sheet {page} of {pages}",
)

_TRANSFER_DEED = Layout(
    "transfer_in_first_person_prose",
    Style(face="serif", size=11.5, leading=1.5, margin=80),
    (
        Heading("TRANSFER", 1.5, centred=True),
        Para("under the Land Titles Act of Alberta", "italic", centred=True),
        Space(10),
        Para(
            "{transferor!u}, being registered as owner of an estate in fee simple, subject to the interests notified "
            "on the existing certificate of title numbered {title_number}, in the parcel with Land Identification "
            "Number {linc}, namely:"
        ),
        Para("{short_legal}", indent=48),
        Para("{exception}", indent=48),
        Para(
            "do hereby, for {consideration} received from the persons next named, transfer the whole of that estate to"
        ),
        Para("{transferee!u}", centred=True),
        Para("of {transferee_address},", centred=True),
        Para("who will hold {tenure}."),
        Para("In witness of which this transfer is signed at Aldergate, Alberta on {transfer_date}."),
        Space(8),
        Signatures(("Witness: {witness}", "{transferor}")),
        Para(
            "Dower: the spouse or adult interdependent partner of a sole owner signs the consent and acknowledgment "
            "bound behind this page, or the owner swears that there is none."
        ),
    ),
    header="Drawn by {firm}||F/{matter_number}",
    footer="",
)

_TRANSFER_ITEMS = Layout(
    "numbered_item_transfer_with_value_affidavit",
    Style(size=10, margin=56),
    (
        Heading("Instrument of Transfer - Particulars", 1.35),
        Para("Complete every item. Attach a schedule where the space is too short.", "italic"),
        Table(
            ("#", "Item", "Particulars"),
            (
                ("1", "Present title", "{title_number}"),
                ("2", "LINC of parcel", "{linc}"),
                ("3", "Parcel transferred", "{short_legal}"),
                ("4", "From (current owner)", "{transferor}"),
                ("5", "To (new owner)", "{transferee}"),
                ("6", "How the new owner takes", "{tenure}"),
                ("7", "New owner's postal address", "{transferee_address}"),
                ("8", "Consideration paid", "{consideration}"),
                ("9", "Lodged by / reference", "{firm} / {matter_number}"),
            ),
            (0.07, 0.31, 0.62),
        ),
        Para(
            "The current owner, having been paid what item 8 states, transfers the parcel in item 3 to the new owner, "
            "and asks the Registrar to cancel the title in item 1 and issue another."
        ),
        Para("Executed on {transfer_date}", "bold"),
        Signatures(("{transferor} (current owner)", "Witness: {witness}")),
        PageBreak(),
        Heading("Affidavit of the New Owner about Value", 1.2, centred=True),
        Para("CANADA\nPROVINCE OF ALBERTA\nTo wit:"),
        Para("I/We, {transferee}, severally make oath and say:"),
        Clauses(
            (
                "The deponents are all of the new owners named in the instrument to which this is attached.",
                "In our opinion the land with its buildings is worth {land_value} today.",
                "We may be reached at {phone} or {email} should the Registrar have questions.",
            )
        ),
        Signatures(("Commissioner for Oaths in and for Alberta", "Deponent")),
    ),
    footer="ref {matter_number}||{page} of {pages}",
    legal="line",
)

_TERM_SHEET_MORTGAGE = Layout(
    "lender_cost_sheet_mortgage",
    Style(size=9.6, margin=54, values="bold"),
    (
        Heading("{mortgagee!u}", 1.2),
        Heading("RESIDENTIAL MORTGAGE - PART 1: THE PARTICULARS", 1.1),
        Rule(1.4),
        Table(
            (),
            (
                ("Borrower / mortgagor\n{mortgagor}", "Lender / mortgagee\n{mortgagee}"),
                ("Date of this mortgage\n{mortgage_date}", "Solicitor's file\n{matter_number}"),
            ),
            (0.5, 0.5),
        ),
        Heading("Land that is charged"),
        Para("{short_legal}", indent=12),
        Para("Title {title_number}, known as {property_address}", indent=12),
        Heading("Money"),
        Table(
            ("Amount lent", "Yearly rate", "Term", "Amortised over"),
            (("{principal}", "{interest_rate}", "{term}", "{amortisation}"),),
            (0.3, 0.24, 0.22, 0.24),
        ),
        Para(
            "The yearly rate is fixed and is reckoned half-yearly, not in advance. A payment that comes late bears "
            "the same rate until it is made. A returned cheque costs $45.00."
        ),
        Heading("Contact of the first borrower"),
        Pairs(
            (
                ("e-mail", "{mortgagor_email}"),
                ("telephone", "{mortgagor_phone}"),
                ("SIN", "{mortgagor_sin}"),
                ("born", "{mortgagor_born}"),
            ),
            "abreast",
        ),
        Heading("What the borrower agrees to"),
        Clauses(
            (
                "To charge the land with repayment of the amount lent and interest on it, and with what the lender "
                "spends to protect the security.",
                "To keep the buildings insured for what it would cost to rebuild them, loss payable to the lender.",
                "To pay property taxes when they fall due and show receipts if asked.",
                "To be bound by Part 2, the lender's standard terms filed in the land titles office, a copy of which "
                "the borrower has been given.",
            )
        ),
        Signatures(("{mortgagor}", "Witness")),
    ),
    header="Loan class R-1||Part 1 of 2",
    footer="Solicitor for the lender: {firm}||Page {page}",
)

_MORTGAGE_DEED = Layout(
    "traditional_mortgage_deed",
    Style(face="serif", size=11, leading=1.4, margin=78, numbering="({})"),
    (
        Para("{firm}, Barristers & Solicitors\nOur matter: {matter_number}"),
        Heading("MORTGAGE OF LAND", 1.3, centred=True),
        Para(
            "THIS INDENTURE dated {mortgage_date} is made by {mortgagor!u} (the Borrower, whether one or more) in "
            "favour of {mortgagee!u} (the Lender)."
        ),
        Para("THE BORROWER, registered or entitled to be registered as owner of"),
        Para("{short_legal}", indent=36),
        Para("{exception}", indent=36),
        Para("situate in the {municipality},"),
        Para(
            "IN CONSIDERATION of a loan of {principal}, the receipt of which is acknowledged, promises to repay that "
            "principal with interest at {interest_rate} per year, calculated twice a year and not in advance, by equal "
            "monthly instalments sized to retire the debt in {amortisation}."
        ),
        Para("The whole of what is then unpaid falls due when {term} have run from the date of adjustment."),
        Clauses(
            (
                "As security the Borrower mortgages the land to the Lender, with everything fixed to it now or later.",
                "The Borrower may prepay up to fifteen per cent of the original loan in any year without a charge.",
                "A sale without the Lender's consent makes the whole debt payable at the Lender's option.",
                "On default that lasts fifteen days the Lender may enter, lease, sell or foreclose as the law allows.",
                "When nothing more is owed the Lender signs a discharge, at the Borrower's cost.",
            )
        ),
        Para("THE BORROWER signs below, having read the whole."),
        Signatures(("{mortgagor}", "As witness")),
        PageBreak(),
        Heading("COVENANTS", centred=True),
        Clauses(
            (
                "The Borrower insures the buildings against fire for at least their full cost of replacement, and "
                "with no deductible greater than $2,500.",
                "Taxes are paid by the Borrower directly, unless the Lender asks for one twelfth of the yearly amount "
                "with each instalment.",
                "Where the land is a condominium unit the Borrower pays the contributions and votes as the Lender "
                "directs on a matter that touches the security.",
                "A payment returned by the Borrower's bank costs $50.00, and a statement for payout $75.00.",
                "What the Lender pays to cure a default is added to the debt and bears the mortgage rate.",
                "The Borrower tells the Lender of a change of address; that of the land, {property_address}, serves "
                "until then.",
            )
        ),
        Heading("CONSENT OF SPOUSE", centred=True),
        Para(
            "Where the law of dower applies, the spouse who is not on title consents to this disposition and gives up "
            "every right under that law as far as needed to give it effect."
        ),
        Signatures(("Spouse", "Commissioner for Oaths")),
    ),
    footer="|{page}|",
    legal="stacked",
)

_COUNTY_LETTER = Layout(
    "assessment_office_letter",
    Style(face="serif", size=11, leading=1.36, margin=74),
    (
        Heading("{municipality}", 1.5),
        Para("Assessment and Taxation Office", "italic"),
        Rule(),
        Para("{certificate_date}"),
        Para("{firm}\n{firm_address}"),
        Para("Attention: {lawyer}"),
        Para("Re:   Tax roll {roll_number}\n{short_legal}\nAssessed to {owner}\nYour file {matter_number}", "bold", 36),
        Para("In answer to your request, and on payment of the $35.00 fee, we certify about the roll above that:"),
        Para(
            "the taxes levied for {tax_year}, supplementary levies and local improvement charges included, come to "
            "{tax_levy};",
            indent=24,
        ),
        Para("taxes still in arrears from years before amount to {tax_arrears}; and", indent=24),
        Para("the levy and the arrears together make {total_owing}.", indent=24),
        Para(
            "The levy was struck on an assessment of {assessed_value} ({property_class}). It is payable by June 30, "
            "after which a penalty of six per cent is added, and arrears attract one per cent more on the first day of "
            "each month."
        ),
        Para(
            "No bylaw is pending that would add a charge to this roll. The figures are right on the date of this "
            "letter and do not show what may have been posted since."
        ),
        Space(6),
        Para("Yours truly,"),
        Signatures(("Tax Clerk, for the {municipality}",)),
    ),
    footer="Sealed with the seal of the municipality where required||",
)

_TAX_LEDGER = Layout(
    "tax_account_certificate_with_ledger",
    Style(size=9.8, margin=54),
    (
        Table(
            (),
            (("{municipality!u}\nFinance Department", "CERTIFICATE AS TO TAXES\nissued {certificate_date}"),),
            (0.55, 0.45),
        ),
        Pairs(
            (
                ("roll", "{roll_number}"),
                ("requester's file", "{matter_number}"),
                ("certificate serial", "TC 04418"),
                ("legal", "{short_legal}"),
                ("location", "{property_address}"),
                ("owner on roll", "{owner!u}"),
            ),
            "beneath",
            3,
        ),
        Heading("Account"),
        Table(
            ("Year", "Entry", "Amount"),
            (
                ("{tax_year}", "General municipal, education and seniors' housing levy", "{tax_levy}"),
                ("{tax_year}", "Local improvement levy", "$0.00"),
                ("Earlier", "Arrears carried forward, with penalties", "{tax_arrears}"),
                ("", "Balance on the account", "{total_owing}"),
            ),
            (0.14, 0.6, 0.26),
            right=(2,),
            totals=1,
        ),
        Heading("Assessment"),
        Pairs((("Class", "{property_class}"), ("Taxable value", "{assessed_value}")), "abreast"),
        Heading("Notes"),
        Clauses(
            (
                "Unpaid utility accounts may be moved to the tax roll; ask the utilities counter separately.",
                "Whoever relies on this certificate is bound by the figures only as at its date of issue.",
                "Penalties: 5% on July 1, a further 7% on September 1, and 12% on January 1 on all that is unpaid.",
                "A monthly payment plan ends when the property is sold.",
            )
        ),
        Signatures(("Designated officer",)),
        Para("Delivered to {firm}, {firm_phone}"),
    ),
    footer="Roll {roll_number}|Municipal Government Act|{page} of {pages}",
)

_SURVEY_LETTER = Layout(
    "survey_report_in_letter_form",
    Style(face="serif", size=10.6, leading=1.34, margin=70),
    (
        Heading("{surveyor!u}", 1.3, centred=True),
        Para("Alberta Land Surveyors and Geomatics Consultants", centred=True),
        Rule(),
        Table(
            (),
            (("To: {firm}", "Our job {job}"), ("Your file no. {matter_number}", "")),
            (0.62, 0.38),
            ruled=False,
        ),
        Heading("Real Property Report"),
        Para(
            "We report on {short_legal}, the property at {property_address}, which title {title_number} shows in the "
            "name of {owner}."
        ),
        Para(
            "The field work under this report was done on {survey_date}. Iron posts were found at the corners, and "
            "distances are in metres and decimals of a metre. Eaves are measured to the fascia."
        ),
        Figure(_sketch, 180),
        Heading("Opinion"),
        Clauses(
            (
                "The plan above shows the boundaries and every visible improvement that bears on them.",
                "All of the improvements stand within the boundaries; none of a neighbour's stands inside them.",
                "No registered easement or right of way affects the extent of the property, save as drawn.",
            )
        ),
        Table(
            ("Interest on title that was considered", "Effect"),
            (
                ("Utility right of way, plan on record at the land titles office", "none on the dwelling"),
                ("Restrictive covenant about fences", "not a matter of survey"),
            ),
            (0.64, 0.36),
            ruled=False,
        ),
        Para(
            "A report speaks only of the day on which the land was surveyed. It may not be relied on by anybody other "
            "than the owner, the buyer, their lawyers, the lender and the municipality."
        ),
        Signatures(("Alberta Land Surveyor, for {surveyor}",)),
    ),
    footer="Report valid with original seal only||{page}",
)

_SURVEY_SHEET = Layout(
    "plan_sheet_with_title_block",
    Style(size=9.2, margin=46),
    (
        Figure(_sheet, 340),
        Table(
            (),
            (
                (
                    "LEGEND\nfound iron post: solid dot\nfence: cross line\ncalculated: c.p.",
                    "{surveyor}\nland surveyors",
                    "JOB {job}\nSCALE 1:300\nCLIENT FILE {matter_number}",
                ),
            ),
            (0.34, 0.36, 0.3),
        ),
        Pairs(
            (
                ("LEGAL DESCRIPTION", "{short_legal}"),
                ("CIVIC ADDRESS", "{property_address}"),
                ("DATE OF SURVEY", "{survey_date}"),
                ("OWNER", "{owner}"),
            ),
            "boxed",
        ),
        Heading("ALBERTA LAND SURVEYOR'S REAL PROPERTY REPORT", 1.25, centred=True),
        Para(
            "The surveyor certifies to the persons for whom this sheet was made that the survey was carried out under "
            "his or her own direction and that the improvements lie where the drawing puts them. Dimensions from "
            "buildings to boundaries are square to the boundary. Setbacks are for the municipality to judge."
        ),
        Para("Title inspected: {title_number}   Lands in {municipality}"),
        Signatures(("A.L.S. (seal)",)),
    ),
    footer="DRAWN: CAD|CHECKED: OFFICE|SHEET {page} OF {pages}",
)

_SPLIT_STATEMENT = Layout(
    "two_sided_closing_statement",
    Style(face="serif", size=10.8, margin=60),
    (
        Heading("{firm!u}", 1.1, centred=True),
        Para("{firm_address}", centred=True),
        Heading("VENDOR'S STATEMENT OF ADJUSTMENTS", 1.3, centred=True),
        Table(
            (),
            (
                ("Vendor", "{seller}", "Purchaser", "{buyer}"),
                ("Premises", "{property_address}", "File", "{matter_number}"),
                ("Legal", "{short_legal}", "As at", "{adjustment_date}"),
            ),
            (0.13, 0.4, 0.14, 0.33),
            ruled=False,
        ),
        Table(
            ("", "Credit vendor", "Credit purchaser"),
            (
                ("Sale price", "{purchase_price}", ""),
                ("Deposit paid to listing broker", "", "{deposit}"),
                (
                    "Realty taxes\nEstimate for the year {tax_levy}; vendor's share is {tax_days} days",
                    "",
                    "{tax_adjustment}",
                ),
                ("Total of purchaser's credits", "", "{credits}"),
                ("Balance due vendor on closing", "", "{balance_due}"),
                ("", "{purchase_price}", "{purchase_price}"),
            ),
            (0.5, 0.25, 0.25),
            right=(1, 2),
            totals=1,
        ),
        Para(
            "Make the balance payable to {other_firm} in trust. Utilities are read by the companies on the day of "
            "closing and are not adjusted here. E. & O. E."
        ),
        Heading("How the tax was reckoned"),
        Pairs(
            (
                ("From and including", "{january}"),
                ("Days to the day of adjustment", "{tax_days}"),
                ("Days in the year", "365"),
                ("Levy, if the bill is not out, of last year", "{tax_levy}"),
            ),
            "leaders",
        ),
        Signatures(("{lawyer}", "Approved for the purchaser")),
    ),
    header="Statement no. 1||DRAFT FOR APPROVAL",
    footer="",
)

_CLIENT_STATEMENT = Layout(
    "adjustment_letter_to_buyers",
    Style(size=10.4, leading=1.38, margin=68, values="bold"),
    (
        Table(
            (),
            (("{firm}\n{firm_address}", "tel {firm_phone}\n{firm_email}\nOur file: {matter_number}"),),
            (0.52, 0.48),
            ruled=False,
        ),
        Rule(),
        Para("Dear {buyer},"),
        Para("Re: your purchase of {property_address} from {seller}", "bold"),
        Para("How the sum due to the sellers was worked out, with everything adjusted to {adjustment_date}:"),
        Pairs(
            (
                ("You agreed to pay for the home", "{purchase_price}"),
                ("You have already paid by way of deposit", "{deposit}"),
                ("Sellers' portion of this year's property tax, credited to you", "{tax_adjustment}"),
                ("So that there is left to pay the sellers", "{balance_due}"),
            ),
            "leaders",
        ),
        Para(
            "The tax credit covers the {tax_days} days from {january} on which the sellers still owned the home, out "
            "of a levy of {tax_levy} which you will pay in June for the whole year."
        ),
        Heading("Where the money comes from and what else to expect"),
        Pairs(
            (
                ("{mortgage_proceeds}", "is to come from your lender."),
                ("{fees}", "is our fee, to which {gst} of GST is added."),
                ("{registration_fees}", "goes to the land titles office."),
            ),
            "columns",
            split=0.22,
        ),
        Para("Please bring a bank draft for the shortfall two days before. Call us with any question at all."),
        Para("Sincerely,"),
        Signatures(("{lawyer}\n{firm}",)),
    ),
    footer="||{page} | {pages}",
)

_RIGHT_OF_WAY_CAVEAT = Layout(
    "caveat_forbidding_registration_prose",
    Style(face="serif", size=11.2, leading=1.42, margin=76, numbering="{})"),
    (
        Heading("CAVEAT FORBIDDING REGISTRATION", 1.25, centred=True),
        Space(4),
        Para("TO: The Registrar of Land Titles"),
        Para(
            "TAKE NOTICE that {caveator!u} claims an interest under an agreement dated {agreement_on} with "
            "{registered_owner}, by which a right of way for lines and works was granted over the land in "
            "certificate of title {title_number}, having LINC {linc} and described as"
        ),
        Para("{short_legal}", indent=40),
        Para("{exception}", indent=40),
        Para(
            "and forbids the registration of any person as transferee or owner of that land, or of any instrument "
            "affecting it, unless the instrument is expressed to be subject to the claim."
        ),
        Clauses(
            (
                "The address at which notices may be served is in care of {firm}, {firm_address}.",
                "The claim is made in good faith and not to delay anyone who means to deal with the land.",
            )
        ),
        Signatures(("Authorized agent for {caveator}",)),
        Rule(),
        Table(
            (),
            (
                (
                    "Office use only\nEntered as {registration_number}\non {registration_date}",
                    "Return to sender\n{firm}\nfile {matter_number}",
                ),
            ),
            (0.5, 0.5),
        ),
    ),
    footer="||p. {page}",
)

_CAVEAT_COVER = Layout(
    "recorded_caveat_cover_page",
    Style(face="typewriter", size=9.4, margin=58),
    (
        Table(
            (),
            (
                (
                    "LAND TITLES REGISTRATION\nDOCUMENT COVER",
                    "NO. {registration_number}\nREGISTERED {registration_date}",
                ),
            ),
            (0.5, 0.5),
        ),
        Pairs(
            (
                ("Document", "CAVT - caveat"),
                ("Customer reference", "{matter_number}"),
                ("Lodged by", "{firm}"),
            ),
            "leaders",
        ),
        Rule(),
        Heading("1. PARTY WHO CAVEATS"),
        Para("{caveator}", indent=24),
        Heading("2. LAND BOUND"),
        Table(
            ("LINC", "Title", "Description"),
            (("{linc}", "{title_number}", "{short_legal}"),),
            (0.24, 0.28, 0.48),
        ),
        Heading("3. WHO OWNS IT"),
        Para("{registered_owner!f}", indent=24),
        Heading("4. GROUNDS"),
        Para(
            "An agreement of {agreement_on} restricts building on the land and gives the caveator first call upon it "
            "should it be sold within the period that the agreement names.",
            indent=24,
        ),
        Heading("5. OATH"),
        Para(
            "The agent who signs swears to have the caveator's authority and to believe that the claim is good.",
            indent=24,
        ),
        Signatures(("Agent", "Commissioner for Oaths")),
    ),
    header="||IMAGE 1",
    footer="|END OF COVER|",
)

_DISCHARGE_PROSE = Layout(
    "discharge_sworn_by_lender_officer",
    Style(face="serif", size=11.2, leading=1.45, margin=78),
    (
        Heading("DISCHARGE", 1.5, centred=True),
        Para("Land Titles Act, Alberta", centred=True),
        Space(8),
        Para(
            "{mortgagee!u}, the holder of a mortgage which {mortgagor} gave it and which the land titles office "
            "registered on {registered_on} as instrument {instrument_number}, states that every sum which the "
            "mortgage secured has been paid, and asks that the mortgage be removed from title {title_number}."
        ),
        Para("The land is {short_legal}, and the discharge extends to the whole of it."),
        Para("Given under the corporate seal on {discharge_date}."),
        Space(8),
        Signatures(("{mortgagee}\nper authorized officer", "Witness")),
        Heading("AFFIDAVIT OF EXECUTION", centred=True),
        Para(
            "The witness swears to having been present, to having seen the officer sign for the purposes named above, "
            "and to knowing the officer to be of full age."
        ),
        Signatures(("Witness, sworn before me", "Commissioner for Oaths")),
        Para("Forward the registered copy to {firm} quoting {matter_number}.", "italic"),
    ),
    footer="",
)

_DISCHARGE_SLIP = Layout(
    "discharge_department_request",
    Style(size=10, margin=60),
    (
        Table(
            (),
            (("{mortgagee}\nDischarge Unit", "DISCHARGE OF MORTGAGE\nfull release"),),
            (0.55, 0.45),
            ruled=False,
        ),
        Rule(2.0),
        Table(
            ("We hold", "Against", "Given by"),
            (("mortgage {instrument_number}", "title {title_number}", "{mortgagor}"),),
            (0.34, 0.3, 0.36),
        ),
        Pairs(
            (
                ("Land", "{short_legal}"),
                ("Mortgage registered on", "{registered_on}"),
                ("Discharge signed on", "{discharge_date}"),
                ("Lawyer acting", "{firm}"),
                ("Lawyer's file", "{matter_number}"),
            ),
            "ruled",
            split=0.34,
        ),
        Para(
            "The debt is satisfied. We release the land from the mortgage and consent to its cancellation. No part of "
            "the debt has been assigned, and we are the party entitled to give the release."
        ),
        Signatures(("Signing officer 1", "Signing officer 2")),
        Heading("Checklist of the unit"),
        Table(
            ("Step", "Done"),
            (
                ("Payout received and matched to the loan", "yes"),
                ("Line of credit feature closed", "n/a"),
                ("Fee of $300.00 collected with the payout", "yes"),
                ("Original security returned to {mortgagor}", "by mail"),
            ),
            (0.74, 0.26),
        ),
    ),
    header="Unit 7 / outbound||LTO copy",
    footer="Do not detach||1 sheet",
)

_MANAGER_LETTER = Layout(
    "condominium_manager_letter",
    Style(size=10.4, leading=1.4, margin=70),
    (
        Heading("{manager}", 1.3),
        Para("agent for the owners' corporation of plan {condominium_plan}"),
        Rule(),
        Para("{certificate_date}"),
        Para("{firm}\n{firm_address}"),
        Para("RE: Unit {unit_number} at {property_address} / owner {owner} / your file {matter_number}", "bold"),
        Para("Dear {lawyer}:"),
        Para(
            "The corporation certifies, for the purposes of the Condominium Property Act and as of the date of this "
            "letter, that the owner of the unit contributes {monthly_contribution} every month toward the "
            "administrative expenses and the reserve, payable in advance on the first."
        ),
        Para("Contributions, levies and interest taken together, the owner is behind by {arrears} today."),
        Para(
            "No special levy has been passed. The reserve fund holds {reserve} according to the last monthly "
            "statement, and interest at eighteen per cent a year runs on whatever is late."
        ),
        Para(
            "The unit has 71 of the 10,000 unit factors and the use of parking stall 112, which is common property and "
            "carries no separate title."
        ),
        Para(
            "We know of no action against the corporation, and its insurance is in force. Pets need the consent of "
            "the board. Move-ins are booked with this office and cost $150.00."
        ),
        Para("Yours truly,"),
        Signatures(("for {manager}, under seal of the corporation",)),
    ),
    footer="Rush fee paid||Letter, {page} of {pages}",
)

_ESTOPPEL_ANSWERS = Layout(
    "estoppel_question_and_answer_sheet",
    Style(face="serif", size=10.6, margin=58, values="bold"),
    (
        Heading("ESTOPPEL INFORMATION SHEET", 1.35, centred=True),
        Para("answered by the condominium corporation under its seal", "italic", centred=True),
        Table(
            (),
            (
                ("Condo plan no.\n{condominium_plan}", "Unit no.\n{unit_number}", "Ref.\n{matter_number}"),
                ("Owner of record\n{owner}", "Asked by\n{firm}", "Dated\n{certificate_date}"),
            ),
            (0.36, 0.36, 0.28),
        ),
        Table(
            ("Question", "Answer"),
            (
                ("What is the regular monthly assessment for the unit?", "{monthly_contribution}"),
                ("When is it due?", "first day of the month"),
                ("What is the unit factor?", "84 of 10,000"),
                ("Which parking stall is assigned?", "P-31"),
                ("How much is the owner in arrears today?", "{arrears}"),
                ("What special assessments are owing?", "none"),
                ("What deductible does the insurance carry for water?", "$25,000"),
                ("What stands in the reserve fund?", "{reserve}"),
                ("Is the unit leased, to the corporation's knowledge?", "no"),
                ("Is a lawsuit pending?", "no"),
                ("Who manages the property?", "{manager}"),
            ),
            (0.62, 0.38),
        ),
        Para(
            "As against the corporation, what the sheet says is conclusive in favour of anyone who buys or lends on "
            "the faith of it. It says nothing about parking stalls that are leased rather than owned."
        ),
        Para("The parcel: {short_legal}; civic address {property_address}."),
        Signatures(("Board member", "Manager")),
    ),
    header="{manager}||Sheet E",
    footer="Plan {condominium_plan}||{page}",
)

_TRUST_LETTER = Layout(
    "trust_conditions_letter_with_re_block",
    Style(face="serif", size=11, leading=1.38, margin=74, numbering="({})"),
    (
        Heading("{firm}", 1.35, centred=True),
        Para("{firm_address}", "italic", centred=True),
        Rule(),
        Table(
            (),
            (
                ("{undertaking_date}", "Our file: {matter_number}"),
                ("BY COURIER", "Writer: {lawyer}"),
            ),
            (0.6, 0.4),
            ruled=False,
        ),
        Para("{addressee}\nAlberta"),
        Para("Attention: Real Estate Department"),
        Para("Re:   {clients}\n{property_address}\n{short_legal}\nTitle {title_number}", "bold", 36),
        Para(
            "The closing funds of {trust_amount} pass between our offices in trust today, and may be used only by one "
            "who is able to carry out the conditions of this letter. For our part we undertake, on behalf of the firm:"
        ),
        Clauses(
            (
                "to pay out {discharged} from the funds in our hands and send you evidence of the payout;",
                "to register the discharge of its mortgage when we get it, and report to you with a clear title;",
                "to hold back {holdback} in our trust account until the condominium or utility accounts, as the case "
                "may be, are settled; and",
                "to answer you in writing before we depart from any of these.",
            )
        ),
        Para("You will find with this letter:"),
        Table(
            ("Enclosure", "Copies", "Condition of its use"),
            (
                ("Transfer of land, executed", "1", "not to be registered before the funds are in trust"),
                ("Affidavit of value", "1", "with the transfer"),
                ("Statement of adjustments", "2", "one to come back approved"),
                ("Keys and remote controls", "set", "at the property, on release"),
            ),
            (0.38, 0.14, 0.48),
        ),
        Para("Funds that arrive after one in the afternoon bear $92.50 of interest for each day's delay."),
        Para("Unless we hear from you by the close of business, we shall take it that you accept the trust."),
        Para("Yours very truly,"),
        Signatures(("{lawyer}, for {firm}",)),
    ),
    footer="telephone {firm_phone}||{page}",
)

_UNDERTAKING_MEMO = Layout(
    "solicitors_undertaking_memorandum",
    Style(size=10, margin=58, values="bold"),
    (
        Heading("SOLICITOR'S UNDERTAKING", 1.5),
        Rule(1.6),
        Pairs(
            (
                ("Given to", "{addressee}"),
                ("Given by", "{firm} ({lawyer})"),
                ("Acting for", "{clients}"),
                ("Property", "{property_address}"),
                ("Given on", "{undertaking_date}"),
                ("File", "{matter_number}"),
            ),
            "columns",
            split=0.2,
        ),
        Rule(),
        Table(
            ("Funds", "Amount", "What becomes of them"),
            (
                ("Received in trust", "{trust_amount}", "the sum for which the undertaking is given"),
                ("Kept back out of it", "{holdback}", "until the final tax and utility accounts are in"),
            ),
            (0.28, 0.24, 0.48),
            right=(1,),
        ),
        Heading("We undertake that"),
        Clauses(
            (
                "none of the funds will leave our trust account before the documents are in registrable form;",
                "{discharged} will be paid what it is owed within one business day of release;",
                "its discharge will be lodged against title {title_number} as soon as it reaches us;",
                "anything that must still be filed is filed within thirty days, at a cost to us of up to $500.00;",
                "if any step fails, the funds go back to you with the interest that they earned.",
            )
        ),
        Para(
            "The undertaking binds the firm and whoever succeeds to the file. It may be enforced summarily, and it "
            "ends when we tell you in writing that every item has been done and you do not object within ten days."
        ),
        Signatures(("{lawyer}, barrister and solicitor", "Accepted by the recipient")),
    ),
    header="{firm}|{firm_phone}|{firm_email}",
    footer="File {matter_number}||{page} of {pages}",
)

RARE: Mapping[str, tuple[Layout, ...]] = {
    "certificate_of_title": (_OLD_CERTIFICATE, _AGENT_EXTRACT),
    "purchase_contract": (_VENDOR_AGREEMENT, _OFFER_FORM),
    "transfer_of_land": (_TRANSFER_DEED, _TRANSFER_ITEMS),
    "mortgage": (_TERM_SHEET_MORTGAGE, _MORTGAGE_DEED),
    "tax_certificate": (_COUNTY_LETTER, _TAX_LEDGER),
    "real_property_report": (_SURVEY_LETTER, _SURVEY_SHEET),
    "statement_of_adjustments": (_SPLIT_STATEMENT, _CLIENT_STATEMENT),
    "caveat": (_RIGHT_OF_WAY_CAVEAT, _CAVEAT_COVER),
    "discharge": (_DISCHARGE_PROSE, _DISCHARGE_SLIP),
    "estoppel_certificate": (_MANAGER_LETTER, _ESTOPPEL_ANSWERS),
    "letter_of_undertaking": (_TRUST_LETTER, _UNDERTAKING_MEMO),
}
