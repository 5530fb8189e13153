"""Three layouts of every type after invented law offices, lenders, municipalities, surveyors and condominium managers.
They were held out once, and are no news to the reader any more."""

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

# -- certificate of title

_PORTAL_TITLE = Layout(
    "web_portal_title_view",
    Style(size=9.2, margin=48, leading=1.35),
    (
        Heading("Certificate of title", 2.0),
        Para("Current view of the register, made {searched_on}. Not certified unless sealed.", "italic"),
        Pairs(
            (
                ("Title", "{title_number}"),
                ("LINC", "{linc}"),
                ("Short legal", "{short_legal}"),
                ("Rights type", "Surface"),
                ("Estate", "Fee simple"),
                ("Municipality", "{municipality}"),
            ),
            "boxed",
            columns=3,
        ),
        Heading("Ownership", 1.2),
        Table(
            ("Registered owner(s)", "Held as", "Mailing address"),
            (("{registered_owner!f}", "{tenure}", "{owner_address}"),),
            (0.38, 0.18, 0.44),
        ),
        Heading("Document that created this title", 1.2),
        Table(
            ("Registration", "Registered on", "Document", "Value", "Consideration"),
            (("{title_number}", "{registration_date}", "Transfer", "{declared_value}", "{consideration}"),),
            (0.2, 0.21, 0.13, 0.23, 0.23),
            right=(3, 4),
        ),
        Heading("Interests recorded against this title (2)", 1.2),
        Table(
            ("Number", "Recorded", "Kind", "Holder"),
            (
                ("{mortgage_number}", "{registration_date}", "Mortgage", "{old_lender}"),
                ("{caveat_number}", "{caveat_on}", "Caveat, utility line", "{caveator}"),
            ),
            (0.2, 0.22, 0.22, 0.36),
        ),
        Pairs(
            (
                ("Order placed by", "{firm}"),
                ("Customer reference", "{matter_number}"),
                ("Township reference", "{ats}"),
                ("Products", "1 current title"),
            ),
            "abreast",
        ),
        Para("{exception}"),
        Para(
            "Documents that were received but not yet examined are in the pending queue and do not show in this view. "
            "Plans and instruments may be ordered by their numbers."
        ),
    ),
    header="Registries online||Title {title_number}",
    footer="Viewed {searched_on}||{page} of {pages}",
    legal="short",
)

_SEARCH_HOUSE_TITLE = Layout(
    "search_house_letter_with_copy",
    Style(face="serif", size=11.4, margin=80),
    (
        Heading("Antler Creek Search House", 1.5),
        Para("Title, corporate and personal property searches throughout Alberta", "italic"),
        Rule(),
        Para("{searched_on}"),
        Para("{firm}\n{firm_address}"),
        Para("Certified copy of certificate of title; your file {matter_number}", "bold"),
        Para(
            "We drew the title that you asked for and enclose the copy. In short, certificate of title {title_number} "
            "stands in the name of {registered_owner}, as {tenure}. The parcel lies in the {municipality} and carries "
            "LINC {linc}; its description is {short_legal}."
        ),
        Para(
            "The present owner was registered on {registration_date}, the consideration given on the transfer being "
            "{consideration}. Two instruments remain against the land; the mortgage to {old_lender} is the older."
        ),
        Para("Our account is charged to your deposit. Please call if you want the instruments pulled as well."),
        Signatures(("For the search house",)),
        PageBreak(),
        Heading("CERTIFIED COPY OF CERTIFICATE OF TITLE", 1.2, centred=True),
        Table(
            ("Existing title", "Parcel"),
            (("{title_number}", "LINC {linc}"),),
            (0.5, 0.5),
        ),
        Para("Description of the land", "bold"),
        Para("{short_legal}", indent=30),
        Para("{exception}", indent=30),
        Para("{area}, more or less", indent=30),
        Para("In whom the title is vested", "bold"),
        Para("{registered_owner!u}\n{owner_address}", indent=30),
        Para("How it came to be vested", "bold"),
        Para("Transfer registered {registration_date}; consideration {consideration}.", indent=30),
        Para("What the title is subject to", "bold"),
        Table(
            (),
            (
                ("Mortgage {mortgage_number}", "{old_lender}, for {old_principal}"),
                ("Caveat {caveat_number}", "{caveator}, lodged {caveat_on}"),
            ),
            (0.4, 0.6),
            ruled=False,
        ),
        Signatures(("Deputy registrar",)),
    ),
    footer="|Antler Creek Search House|Page {page}",
)

_LISTED_TITLE = Layout(
    "register_listing_in_capitals",
    Style(face="typewriter", size=9.4, margin=54, leading=1.4),
    (
        Heading("CERTIFICATE OF TITLE", 1.2),
        Para("REGISTER LISTING - SURFACE TITLES - NORTH AND SOUTH"),
        Rule(),
        Pairs((("TITLE NO", "{title_number}"), ("LINC NO", "{linc}")), "abreast"),
        Pairs(
            (
                ("LAND", "{short_legal}"),
                ("EXCEPTIONS", "{exception}"),
                ("EXTENT", "{area}"),
                ("LOCAL AUTHORITY", "{municipality!u}"),
                ("OWNED BY", "{registered_owner!u}"),
                ("HELD AS", "{tenure!u}"),
                ("ADDRESS FOR SERVICE", "{owner_address!u}"),
            )
        ),
        Rule(),
        Pairs(
            (
                ("DATE REGISTERED", "{registration_date}"),
                ("CONSIDERATION", "{consideration}"),
                ("INSTRUMENT", "TRANSFER OF LAND"),
                ("PRIOR TITLE", "CANCELLED"),
            ),
            "abreast",
        ),
        Rule(),
        Para("ACTIVE INSTRUMENTS"),
        Table(
            (),
            (
                ("{mortgage_number}", "MTGE", "{old_lender!u}"),
                ("{caveat_number}", "CAVE", "{caveator!u}"),
            ),
            (0.26, 0.1, 0.64),
            ruled=False,
        ),
        Para("END OF LISTING. LISTED {searched_on!u} ON THE ORDER OF {firm!u}, REFERENCE {matter_number}."),
    ),
    header="LAND TITLES SYSTEM||BATCH COPY",
    footer="||SHEET {page} OF {pages}",
)

# -- purchase contract

_SALE_TERMS = (
    "The property is sold with the buildings, the fixtures and the goods named in the schedule, all of them free of "
    "liens, and is to be in the state in which it was viewed.",
    "Taxes, rents, condominium fees and the like are adjusted at noon of the day on which possession passes.",
    "Until possession passes the property and the insurance on it are held by the seller at the seller's risk.",
    "The seller hands over a real property report not more than six months old, with the municipality's stamp of "
    "compliance, unless the property is a condominium unit.",
    "The seller is a resident of Canada within the meaning of the income tax statute and will say so under oath.",
    "No spouse who is not a party has dower in the property; failing that, consent is given in the form prescribed.",
    "Time is of the essence. What either side agreed to does not merge in the registration of the transfer.",
)

_SALE_CONDITIONS = (
    "This bargain depends on the buyer's lender approving the new mortgage within ten days. The condition is for the "
    "buyer alone, who may give it up in writing.",
    "It depends as well on a home inspection with which the buyer is content, to be paid for by the buyer.",
    "If a condition is not removed in time, the bargain ends and the whole deposit goes back to the buyer.",
)

_SALE_DEFAULT = (
    "If the buyer fails without cause to complete, the deposit is kept by the seller as damages agreed beforehand; if "
    "the seller fails, it is returned and the buyer keeps every other remedy.",
    "Money that arrives late bears interest at three per cent over prime for each day from closing until paid.",
    "Lawyers may exchange documents on trust conditions that are reasonable, and the parties will sign what the "
    "lawyers need in order to register the transfer and the mortgage.",
    "Notice may be given to a party's lawyer or brokerage by hand or by e-mail and counts when it is received.",
)

_GOODS = Table(
    ("Goods staying", "Goods leaving"),
    (
        ("Fridge, electric range, hood fan, dishwasher", "Deep freeze in the basement"),
        ("Washer, dryer, all blinds", "Wall-mounted television and bracket"),
        ("Door opener with two remotes", "Patio heater"),
    ),
    (0.55, 0.45),
)

_OFFER_LETTER = Layout(
    "offer_with_acceptance_below",
    Style(face="serif", size=11.6, margin=78, leading=1.36),
    (
        Heading("OFFER TO PURCHASE AND ACCEPTANCE", 1.3, centred=True),
        Para("Residential property in Alberta", "italic", centred=True),
        Para(
            'We, {buyer} (the "Purchaser"), offer to buy from {seller} (the "Vendor") the dwelling house and land at '
            "{property_address}, described in the Land Titles Office as {short_legal}, on these terms:"
        ),
        Clauses(
            (
                "For the property the Purchaser will pay the Vendor {purchase_price}.",
                "Of this, {deposit} is delivered with the offer as a deposit, to be held in trust by {brokerage}; a "
                "first mortgage of about {financing} is to be arranged; and whatever then remains is paid in cash.",
                "The transaction closes on {completion_date}, and keys are released at noon of that day once the "
                "Vendor's lawyer has the money.",
                *_SALE_TERMS,
                *_SALE_CONDITIONS,
                *_SALE_DEFAULT,
                "The Vendor may accept until nine in the evening of the second day after it is signed, and not later.",
            )
        ),
        Para("Signed by the Purchaser at Aldergate, Alberta, on {contract_date}."),
        Signatures(("{buyer}", "Witness")),
        Heading("ACCEPTANCE", 1.1, centred=True),
        Para(
            "The Vendor accepts the above offer together with every term in it, and agrees with the Purchaser to carry "
            "out the sale. Commission is payable to {brokerage} under its own agreement."
        ),
        Signatures(("{seller}", "Witness")),
        Heading("SCHEDULE", 1.1, centred=True),
        _GOODS,
    ),
    header="||File {matter_number}",
    footer="Initials: ______  ______|{page}|",
)

_GRID_CONTRACT = Layout(
    "brokerage_grid",
    Style(size=9.4, margin=50, leading=1.34, numbering="{})"),
    (
        Table((), (("{brokerage}", "Lawyer's file: {matter_number}"),), (0.6, 0.4), right=(1,), ruled=False),
        Heading("Contract of purchase and sale: detached, attached or unit", 1.5),
        Table(("PURCHASER(S)", "VENDOR(S)"), (("{buyer}", "{seller}"),), (0.5, 0.5)),
        Pairs((("Civic address of the property", "{property_address}"),), "boxed", columns=1),
        Pairs(
            (("Legal land description", "{short_legal}"), ("Situated in", "{municipality}")),
            "boxed",
        ),
        Table(
            ("Terms of payment", "Amount", "When and to whom"),
            (
                ("Deposit", "{deposit}", "in trust to the brokerage, two business days after acceptance"),
                ("New first mortgage", "{financing}", "through the purchaser's lawyer, on closing"),
                ("Total purchase price", "{purchase_price}", ""),
            ),
            (0.3, 0.22, 0.48),
            right=(1,),
            totals=1,
        ),
        Pairs(
            (
                ("Date of this contract", "{contract_date}"),
                ("Completion and possession", "{completion_date}"),
                ("Conditions expire", "10 days after signing, 9 p.m."),
            ),
            "boxed",
            columns=3,
        ),
        Heading("A. Conditions"),
        Clauses(_SALE_CONDITIONS),
        Heading("B. Terms"),
        Clauses(_SALE_TERMS),
        Heading("C. Default and notices"),
        Clauses(_SALE_DEFAULT),
        Heading("D. Goods"),
        _GOODS,
        Heading("E. Signatures"),
        Signatures(("Purchaser: {buyer}", "Vendor: {seller}", "Witness", "Witness")),
        Pairs(
            (("Purchaser reached at", "{buyer_phone}, {buyer_email}"), ("Vendor reached at", "{seller_phone}")),
            "abreast",
        ),
    ),
    header="{brokerage}||{property_address}",
    footer="Purchaser ____ ____  Vendor ____ ____||Page {page} of {pages}",
)

_PRIVATE_SALE = Layout(
    "private_sale_with_definitions",
    Style(face="sans", size=10.4, margin=68, leading=1.38, numbering="1.{}"),
    (
        Heading("AGREEMENT OF PURCHASE AND SALE", 1.4),
        Para("Private sale without a listing. Drawn by {firm} for both parties to take to their own lawyers."),
        Heading("1  What the words mean", 1.1),
        Clauses(
            (
                '"Agreement Date" is {contract_date}, the day on which the last of the parties signed.',
                '"Seller" means {seller}, the registered owner.',
                '"Buyer" means {buyer}.',
                '"Property" means the home with the civic address {property_address}, on the parcel that the register '
                "describes as {short_legal}, under title {title_number}.",
                '"Price" means {purchase_price} in Canadian funds, goods and services tax not being payable.',
                '"Deposit" means {deposit}, which counts towards the Price.',
                '"Closing Day" means {completion_date}.',
            )
        ),
        Heading("2  What is agreed", 1.1),
        Para(
            "On the Closing Day the Seller transfers the Property to the Buyer with vacant possession, and the Buyer "
            "pays the Price less the Deposit, adjusted in the usual manner. The Deposit is paid to {firm} in trust "
            "when the agreement is signed."
        ),
        *(Para(text) for text in _SALE_TERMS),
        Heading("3  On what it depends", 1.1),
        *(Para(text) for text in _SALE_CONDITIONS),
        Heading("4  If something goes wrong", 1.1),
        *(Para(text) for text in _SALE_DEFAULT),
        Signatures(("Seller: {seller}", "Buyer: {buyer}")),
    ),
    header="{firm}||{matter_number}",
    footer="{firm_phone}||{page} / {pages}",
)

# -- transfer of land

_VALUE_OATH = (
    Heading("AFFIDAVIT RE VALUE OF LAND", 1.1, centred=True),
    Para("CANADA, PROVINCE OF ALBERTA. I, one of the transferees or their agent, make oath and say:"),
    Clauses(
        (
            "I know the land that the transfer describes and the circumstances in which it is sold.",
            "The dollar value of the land with its buildings, as I believe it to be today, is {land_value}.",
            "By value I mean what a willing seller would get on the open market from a willing buyer.",
        )
    ),
    Signatures(("Commissioner for oaths in and for Alberta", "Deponent")),
)

_EXECUTION_OATH = (
    Heading("AFFIDAVIT OF EXECUTION", 1.1, centred=True),
    Para("I, {witness}, make oath and say:"),
    Clauses(
        (
            "I was personally present and saw {transferor}, named in the transfer, sign it for the purpose named.",
            "The signing took place at Aldergate, Alberta, and I am the witness who subscribed.",
            "Whoever signed is known to me or showed me identification with a photograph, and is of full age.",
        )
    ),
    Signatures(("Commissioner for oaths in and for Alberta", "{witness}")),
)

_DOWER_OATH = (
    Heading("DOWER AFFIDAVIT", 1.1, centred=True),
    Para("I, the transferor named in the instrument, say under oath that:"),
    Clauses(
        (
            "I am not married, or my spouse has joined in the transfer or signed the consent below.",
            "Neither my spouse nor I have lived on the land at any time since our marriage, unless consent is given.",
        )
    ),
    Signatures(("Commissioner for oaths in and for Alberta", "Transferor")),
)

_FILL_IN_TRANSFER = Layout(
    "transfer_on_filled_in_lines",
    Style(face="serif", size=11.2, margin=66),
    (
        Heading("TRANSFER OF LAND", 1.6, centred=True),
        Para("Land Titles Act, section on transfers", "italic", centred=True),
        Space(6),
        Pairs((("full name of each transferor, being the registered owner", "{transferor}"),), "beneath", columns=1),
        Pairs(
            (
                ("number of the existing certificate of title", "{title_number}"),
                ("LINC", "{linc}"),
            ),
            "beneath",
        ),
        Pairs((("description of the land", "{short_legal}"),), "beneath", columns=1),
        Para("{exception}", indent=20),
        Pairs(
            (
                ("sum paid as consideration", "{consideration}"),
                ("date of the transfer", "{transfer_date}"),
            ),
            "beneath",
        ),
        Pairs((("full name of each transferee", "{transferee}"),), "beneath", columns=1),
        Pairs(
            (
                ("how the transferees take title", "{tenure}"),
                ("transferees' postal address", "{transferee_address}"),
            ),
            "beneath",
        ),
        Para(
            "In consideration of the sum stated, receipt of which the transferor acknowledges, the transferor transfers"
            " to the transferee all of the transferor's estate and interest in the land, subject to what is endorsed "
            "on the title."
        ),
        Signatures(("Transferor", "Witness: {witness}")),
        PageBreak(),
        *_VALUE_OATH,
        PageBreak(),
        *_DOWER_OATH,
    ),
    header="{firm}||Ref. {matter_number}",
    footer="|- {page} -|",
)

_RECITED_TRANSFER = Layout(
    "transfer_with_recitals",
    Style(face="serif", size=12, margin=84, leading=1.45, numbering="({})"),
    (
        Heading("TRANSFER", 1.4, centred=True),
        Para("made on {transfer_date}", centred=True),
        Para("between {transferor} (the transferor) and {transferee} (the transferee)", centred=True),
        Space(8),
        Para("WHEREAS", "bold"),
        Clauses(
            (
                "certificate of title {title_number} shows the transferor to be the owner in fee simple of that piece "
                "of land in the {municipality} which is described as {short_legal} and has the LINC {linc};",
                "the transferor has sold the land to the transferee for {consideration}, and this sum has been paid or "
                "secured;",
            )
        ),
        Para("NOW THEREFORE", "bold"),
        Para(
            "the transferor conveys to the transferee, {tenure}, everything that the transferor owns in the said land, "
            "and asks the registrar to cancel the present title and to issue a new one. Mail for the transferee goes "
            "to {transferee_address}."
        ),
        Para("Signed in the presence of the witness named beside."),
        Signatures(("{transferor}", "{witness}, witness")),
        PageBreak(),
        *_EXECUTION_OATH,
        PageBreak(),
        *_VALUE_OATH,
    ),
    footer="Drawn by {firm}, file {matter_number}||{page}",
    legal="line",
)

_TABLED_TRANSFER = Layout(
    "transfer_in_three_tables",
    Style(size=9.8, margin=56),
    (
        Heading("Transfer of land", 1.7),
        Rule(1.4),
        Table(
            ("Existing title no.", "LINC", "Legal description"),
            (("{title_number}", "{linc}", "{short_legal}"),),
            (0.26, 0.22, 0.52),
        ),
        Table(
            ("", "Name", "Address for service"),
            (
                ("Transferor(s)", "{transferor}", "{property_address}"),
                ("Transferee(s)", "{transferee}", "{transferee_address}"),
            ),
            (0.18, 0.38, 0.44),
        ),
        Table(
            ("Consideration", "Title to issue", "Executed on"),
            (("{consideration}", "{tenure}", "{transfer_date}"),),
            (0.36, 0.32, 0.32),
        ),
        Para(
            "Each transferor named above, registered owner of the land, transfers all estate and interest in it to the "
            "transferees for the consideration shown, which has been received."
        ),
        Signatures(("Transferor signs here", "Witness signs here", "{transferor}", "{witness}")),
        Pairs((("Return to", "{firm}, {firm_address}"), ("Client matter", "{matter_number}"))),
        PageBreak(),
        *_EXECUTION_OATH,
        PageBreak(),
        *_VALUE_OATH,
    ),
    footer="Registry copy||{page} of {pages}",
)

# -- mortgage

_LOAN_PROMISES = (
    "The borrower repays the loan by monthly payments that blend principal and interest and begin one month after the "
    "money is advanced; the whole unpaid balance is due when the term is over.",
    "Interest is compounded twice a year, not in advance, and is owed on everything secured, arrears included.",
    "Property taxes are paid on time. The lender may collect a twelfth of them with every payment and pay them itself.",
    "Fire insurance for the full cost of rebuilding is kept up at all times and names the lender as first mortgagee.",
    "The home is kept in repair, is not demolished or altered in structure without leave, and is lived in by the "
    "borrower.",
    "Each year one tenth of the sum first lent may be repaid early free of charge. A larger repayment costs three "
    "months' interest or the lost interest, whichever is the greater.",
    "If the home is sold or mortgaged again without leave, the lender may ask for everything at once.",
    "A borrower who misses a payment or breaks a promise is in default. The lender may then demand the whole balance, "
    "take possession, collect rent, have a receiver named, sell, or foreclose.",
    "All who sign are bound together and each is bound for the whole.",
    "The lender need not advance further money because some has been advanced or because this document is registered.",
    "When nothing remains owing, a discharge is given at the borrower's cost.",
)

_MEMBER_PROMISES = (
    "You make a payment each month from your chequing account. The first falls a month after we hand over the money.",
    "We work out the interest every half year, not in advance. If you are late, you pay interest on the late amount.",
    "You pay your property taxes and your home insurance when they are due and show us that you did.",
    "You look after the home, tell us before you rebuild it, and let us look at it if we give you a day's notice.",
    "Once a year you may pay down up to twenty per cent of the first amount. If you pay more, there is a charge of "
    "three months' interest.",
    "If you sell the home, you repay us, unless we let the new owner take over the mortgage.",
    "If you do not keep these promises, we may ask for all that you owe, and the law allows us to have the home sold.",
    "If two or more of you sign, we may ask any one of you for the whole.",
    "Once you owe us nothing, we sign a discharge so that the mortgage can be taken off your title.",
)

_BANK_GRID_MORTGAGE = Layout(
    "bank_data_sheet_mortgage",
    Style(size=9.2, margin=52, leading=1.28, numbering="{}"),
    (
        Table((), (("{mortgagee}", "Residential Mortgage, Alberta, fixed rate"),), (0.5, 0.5), right=(1,), ruled=False),
        Rule(1.6),
        Heading("Mortgage: data sheet", 1.5),
        Pairs(
            (
                ("Borrower(s) / mortgagor(s)", "{mortgagor}"),
                ("Lender / mortgagee", "{mortgagee}"),
            ),
            "boxed",
            columns=1,
        ),
        Pairs(
            (
                ("Amount lent (principal)", "{principal}"),
                ("Annual interest rate", "{interest_rate}"),
                ("Dated", "{mortgage_date}"),
                ("Term", "{term}"),
                ("Amortization", "{amortisation}"),
                ("Our solicitor's file", "{matter_number}"),
            ),
            "boxed",
            columns=3,
        ),
        Pairs(
            (
                ("Land mortgaged", "{short_legal}"),
                ("Address of the home", "{property_address}"),
            ),
            "boxed",
        ),
        Pairs(
            (
                ("Borrower's SIN", "{mortgagor_sin}"),
                ("Borrower's birth date", "{mortgagor_born}"),
                ("Cell", "{mortgagor_phone}"),
                ("E-mail", "{mortgagor_email}"),
            ),
            "boxed",
        ),
        Heading("Terms that go with the data sheet"),
        Clauses(_LOAN_PROMISES),
        Para(
            "Each borrower mortgages to the lender the whole of the estate in the land mortgaged as security for what "
            "is owed, and acknowledges a copy of these pages."
        ),
        Signatures(("Borrower: {mortgagor}", "Witness")),
    ),
    header="Form 7741||{matter_number}",
    footer="{mortgagee}||{page}/{pages}",
)

_SPOKEN_MORTGAGE = Layout(
    "credit_union_plain_language",
    Style(face="sans", size=10.8, margin=74, leading=1.4),
    (
        Heading("Your mortgage with {mortgagee}", 1.5),
        Para(
            "This mortgage is between {mortgagee}, which is the mortgagee and is called we, and {mortgagor}, the "
            "mortgagor, called you. It was made on {mortgage_date}."
        ),
        Heading("The loan"),
        Para(
            "We lend you {principal}. You pay us interest on it at {interest_rate} a year. The rate is fixed for "
            "{term}. Your payments are worked out so that the loan would be repaid over {amortisation}."
        ),
        Heading("The security"),
        Para(
            "You own the land at {property_address}. Its legal description is {short_legal}. To secure the loan you "
            "mortgage to us all of your estate and interest in that land."
        ),
        Heading("What we expect of each other"),
        Clauses(_MEMBER_PROMISES),
        Heading("How we reach you"),
        Para("Telephone {mortgagor_phone}, e-mail {mortgagor_email}."),
        Para("For tax slips we hold your social insurance number, {mortgagor_sin}."),
        Signatures(("{mortgagor}", "For {mortgagee}")),
    ),
    header="|Member copy|",
    footer="Lawyer's file number {matter_number}||{page}",
)

_TRUST_COMPANY_MORTGAGE = Layout(
    "trust_company_indenture",
    Style(face="serif", size=11.3, margin=72, values="bold"),
    (
        Heading("MORTGAGE UNDER THE LAND TITLES ACT", 1.25, centred=True),
        Table(
            ("Item", "Particulars"),
            (
                ("1  Mortgagor", "{mortgagor}"),
                ("2  Mortgagee", "{mortgagee}"),
                ("3  Lands", "{short_legal}"),
                ("4  Principal sum", "{principal}"),
                ("5  Rate of interest", "{interest_rate} per annum, calculated half-yearly, not in advance"),
                ("6  Term", "{term}"),
                ("7  Date of this mortgage", "{mortgage_date}"),
                ("8  Solicitors and their file", "{firm}, {matter_number}"),
            ),
            (0.34, 0.66),
        ),
        Para(
            "The mortgagor (below, the borrower), being registered as owner of the lands in item 3, mortgages them to "
            "the mortgagee (the lender) as security for the sum in item 4 with interest at the rate in item 5. They "
            "agree that:"
        ),
        Clauses(_LOAN_PROMISES),
        Signatures(("Mortgagor", "Witness", "{mortgagor}", "Print name of witness")),
    ),
    footer="|{mortgagee}, page {page} of {pages}|",
    legal="stacked",
)

# -- tax certificate

_TAX_REMARKS = (
    "This year's levy is due on the last business day of June; a penalty of six per cent follows the day after.",
    "Local improvement charges, if there are any, are part of the levy.",
    "Water and sewer accounts are kept by another department and are not certified here.",
    "Amounts that were paid within the last five business days may not be shown.",
)

_YEARLY_TAXES = Layout(
    "tax_search_by_year",
    Style(size=10, margin=58),
    (
        Table(
            (),
            (("{municipality}", "Tax and Assessment Services"),),
            (0.5, 0.5),
            right=(1,),
            ruled=False,
        ),
        Rule(2.0),
        Heading("TAX CERTIFICATE", 1.6),
        Table(
            ("Roll", "Legal", "Location"),
            (("{roll_number}", "{short_legal}", "{property_address}"),),
            (0.18, 0.38, 0.44),
        ),
        Table(
            ("Assessed person", "Class", "Assessment"),
            (("{owner}", "{property_class}", "{assessed_value}"),),
            (0.48, 0.22, 0.3),
            right=(2,),
        ),
        Table(
            ("Tax account", "Amount"),
            (
                ("Taxes levied for {tax_year}", "{tax_levy}"),
                ("Arrears from earlier years, with penalties", "{tax_arrears}"),
                ("Owing on this roll", "{total_owing}"),
            ),
            (0.66, 0.34),
            right=(1,),
            totals=1,
        ),
        Para("Certified correct as of {certificate_date} for {firm} (reference {matter_number})."),
        Clauses(_TAX_REMARKS),
        Signatures(("Manager, tax and assessment",)),
    ),
    footer="{municipality}||Page {page} of {pages}",
)

_CERTIFYING_PROSE = Layout(
    "town_certificate_in_words",
    Style(face="serif", size=12, margin=86, leading=1.5),
    (
        Heading("{municipality}", 1.6, centred=True),
        Heading("Certificate as to Taxes", 1.2, centred=True),
        Para("under section 350 of the Municipal Government Act", "italic", centred=True),
        Space(10),
        Para(
            "I, the undersigned, being a designated officer of the {municipality}, hereby certify that the tax roll "
            "has been examined for the parcel described as {short_legal}, at {property_address}, which is entered "
            "under roll number {roll_number}, and that the position is this:"
        ),
        Para(
            "The property taxes imposed for {tax_year} amount to {tax_levy}. Taxes unpaid from years before, "
            "including the penalties on them, come to {tax_arrears}.",
            indent=24,
        ),
        Para(
            "The certificate is given on {certificate_date} to {firm} upon payment of the fee set by bylaw. It answers "
            "their request under file {matter_number}."
        ),
        Space(6),
        *(Para(text, "italic") for text in _TAX_REMARKS),
        Space(10),
        Signatures(("Designated officer", "Seal")),
    ),
)

_COUNTY_CARDS = Layout(
    "county_two_panel_certificate",
    Style(face="sans", size=9.8, margin=54, values="bold"),
    (
        Heading("{municipality!u}", 1.2),
        Para("Taxation desk"),
        Heading("PROPERTY TAX CERTIFICATE", 1.5),
        Rule(),
        Pairs(
            (
                ("Roll no", "{roll_number}"),
                ("Issued", "{certificate_date}"),
                ("Applicant", "{firm}"),
                ("Applicant's file", "{matter_number}"),
            ),
            "abreast",
        ),
        Pairs(
            (
                ("Property", "{property_address}"),
                ("Description", "{short_legal}"),
                ("Assessed to", "{owner}"),
            ),
            "columns",
            split=0.22,
        ),
        Heading("Account"),
        Pairs(
            (
                ("Total assessment", "{assessed_value}"),
                ("Current levy", "{tax_levy}"),
                ("Arrears brought forward", "{tax_arrears}"),
                ("Payable now", "{total_owing}"),
            ),
            "leaders",
        ),
        Heading("Please note"),
        Clauses(_TAX_REMARKS),
        Para("Computer generated and valid without a signature."),
    ),
    header="Issued by the {municipality}||Roll {roll_number}",
)

# -- real property report


def _framed(x0: float, y0: float, x1: float, y1: float, width: float = 1.0) -> tuple[Stroke, ...]:
    return (
        Stroke(x0, y0, x1, y0, width),
        Stroke(x1, y0, x1, y1, width),
        Stroke(x1, y1, x0, y1, width),
        Stroke(x0, y1, x0, y0, width),
    )


def _corner_lot(_: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    """A lot at a street corner, cut off at one side, with a house, a deck and a garage off the lane."""
    return (
        Stroke(0.18, 0.1, 0.7, 0.1, 1.5),
        Stroke(0.7, 0.1, 0.7, 0.78, 1.5),
        Stroke(0.7, 0.78, 0.62, 0.88, 1.5),
        Stroke(0.62, 0.88, 0.18, 0.88, 1.5),
        Stroke(0.18, 0.88, 0.18, 0.1, 1.5),
        *_framed(0.27, 0.46, 0.62, 0.76, 1.1),
        *_framed(0.36, 0.38, 0.52, 0.46, 0.6),
        *_framed(0.24, 0.14, 0.42, 0.29, 1.1),
        Stroke(0.18, 0.33, 0.7, 0.33, 0.5, dashed=True),
        Stroke(0.05, 0.03, 0.95, 0.03, 0.5),
        Stroke(0.05, 0.96, 0.76, 0.96, 0.5),
        Stroke(0.76, 0.96, 0.8, 0.9, 0.5),
        Stroke(0.8, 0.9, 0.8, 0.06, 0.5),
        Stroke(0.92, 0.34, 0.92, 0.2, 1.0),
        Stroke(0.92, 0.2, 0.9, 0.24, 1.0),
        Stroke(0.92, 0.2, 0.94, 0.24, 1.0),
        Caption(0.92, 0.18, "N"),
        Caption(0.44, 0.07, "LANE 6.10 WIDE"),
        Caption(0.44, 0.94, "AVENUE"),
        Caption(0.76, 0.5, "STREET", 90),
        Caption(0.33, 0.22, "GARAGE"),
        Caption(0.44, 0.43, "DECK"),
        Caption(0.44, 0.6, "SINGLE FAMILY DWELLING"),
        Caption(0.44, 0.635, "vinyl siding"),
        Caption(0.4, 0.86, "{frontage}"),
        Caption(0.15, 0.5, "{depth}", 90),
        Caption(0.56, 0.32, "line of easement"),
        Caption(0.225, 0.62, "1.40", 90),
        Caption(0.66, 0.62, "2.37", 90),
        Caption(0.87, 0.7, "NOT TO SCALE"),
    )


def _walled_lot(_: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    """A plain lot with a house, its eaves dashed, fences, and what is owned next door."""
    return (
        *_framed(0.3, 0.06, 0.7, 0.9, 1.7),
        *_framed(0.36, 0.44, 0.64, 0.74, 1.1),
        Stroke(0.35, 0.43, 0.65, 0.43, 0.4, dashed=True),
        Stroke(0.35, 0.75, 0.65, 0.75, 0.4, dashed=True),
        *_framed(0.5, 0.12, 0.67, 0.26, 0.9),
        Stroke(0.31, 0.06, 0.31, 0.44, 0.4, dashed=True),
        Stroke(0.69, 0.26, 0.69, 0.44, 0.4, dashed=True),
        Caption(0.5, 0.59, "HOUSE, ONE STOREY"),
        Caption(0.585, 0.2, "SHOP"),
        Caption(0.5, 0.885, "{frontage} m"),
        Caption(0.28, 0.5, "{depth} m", 90),
        Caption(0.735, 0.5, "{depth} m", 90),
        Caption(0.15, 0.5, "adjoining owner"),
        Caption(0.86, 0.4, "adjoining owner"),
        Caption(0.5, 0.97, "road plan"),
        Caption(0.33, 0.6, "1.22", 90),
        Caption(0.68, 0.6, "1.85", 90),
    )


_SURVEY_FINDINGS = (
    "the lines of the parcel were re-established from iron posts found and from the registered plan;",
    "every visible improvement is drawn where it stood on that day, and measured square to the nearest line;",
    "nothing built on the parcel crosses its lines, and nothing built beside it reaches in, but for what the plan "
    "marks;",
    "the easements and rights of way that the title showed in the week of the survey are drawn, and no building "
    "stands in them;",
    "the report may not be altered, and is of use to others only with a permit stamp in red.",
)

_BLOCK_REPORT = Layout(
    "plan_above_title_block",
    Style(size=9.4, margin=44),
    (
        Heading("ALBERTA LAND SURVEYOR'S REAL PROPERTY REPORT", 1.4, centred=True),
        Figure(_corner_lot, 400),
        Table(
            ("LEGAL DESCRIPTION", "MUNICIPAL ADDRESS"),
            (("{short_legal}", "{property_address}"),),
            (0.46, 0.54),
        ),
        Table(
            ("SURVEYED", "TITLE SEARCHED", "CLIENT FILE", "JOB"),
            (("{survey_date}", "{title_number}", "{matter_number}", "{job}"),),
            (0.28, 0.28, 0.24, 0.2),
        ),
        Table(
            (),
            (("{surveyor}", "Distances are in metres. Iron posts found are shown thus: o"),),
            (0.46, 0.54),
        ),
        PageBreak(),
        Heading("Certification", 1.3),
        Para("To {owner}, and to {firm}. I, an Alberta Land Surveyor, certify that:"),
        Clauses(_SURVEY_FINDINGS),
        Signatures(("Alberta Land Surveyor", "Permit to practise")),
    ),
    footer="{surveyor}||Sheet {page} of {pages}",
)

_MAILED_REPORT = Layout(
    "surveyors_letter_before_plan",
    Style(face="serif", size=11.4, margin=76, numbering="({})"),
    (
        Heading("{surveyor}", 1.6, centred=True),
        Para("Legal surveys, construction layout, real property reports", "italic", centred=True),
        Rule(),
        Para("To: {firm}\n{firm_address}"),
        Para("Real property report for {property_address} (your file {matter_number}, our job {job})", "bold"),
        Para(
            "Our crew was on site on {survey_date}, which is the date of this report's survey. The parcel is "
            "{short_legal}, of which the title {title_number} names {owner} as owner. I certify that"
        ),
        Clauses(_SURVEY_FINDINGS),
        Para("The plan on the next sheet is part of the report and should not be separated from it."),
        Signatures(("Alberta Land Surveyor, for {surveyor}",)),
        PageBreak(),
        Heading("PLAN OF THE PARCEL AND ITS IMPROVEMENTS", centred=True),
        Figure(_walled_lot, 480),
        Para("{short_legal}", centred=True),
        Para("Surveyed {survey_date}. Metres and decimals of a metre.", "italic", centred=True),
    ),
    footer="|{surveyor}|{page}",
)

_COVERED_REPORT = Layout(
    "report_behind_a_job_sheet",
    Style(face="sans", size=10, margin=58, values="bold", numbering="{})"),
    (
        Heading("REAL PROPERTY REPORT", 1.7),
        Para("by an Alberta land surveyor, with a plan", "italic"),
        Rule(1.4),
        Pairs(
            (
                ("Prepared by", "{surveyor}"),
                ("Job number", "{job}"),
                ("Prepared for", "{firm}"),
                ("Client's file", "{matter_number}"),
                ("Field survey completed", "{survey_date}"),
                ("Certificate of title searched", "{title_number}"),
            ),
            "above",
        ),
        Pairs((("Lands surveyed", "{short_legal}"), ("Located at", "{property_address}")), "above", columns=1),
        Heading("What the plan shows"),
        Table(
            ("Improvement", "Inside the parcel?", "Nearest line"),
            (
                ("House with attached eaves", "yes", "1.22 m"),
                ("Shop", "yes", "0.94 m"),
                ("Wood fences", "on or near the line", "0.00 m"),
            ),
            (0.44, 0.34, 0.22),
        ),
        Heading("What the surveyor certifies"),
        Clauses(_SURVEY_FINDINGS),
        Signatures(("Alberta Land Surveyor", "Stamp")),
        PageBreak(),
        Figure(_walled_lot, 560),
    ),
    header="{surveyor}||Job {job}",
    footer="||{page} of {pages}",
)

# -- statement of adjustments

_CLOSING_REMARKS = (
    "Taxes are adjusted on last year's levy until the new notices are out; each side will readjust on request.",
    "The buyer bears the day of closing. Utilities are read that day and are billed apart.",
    "E. & O. E.",
)

_TWO_SIDED = Layout(
    "debits_and_credits",
    Style(size=10, margin=56),
    (
        Heading("{other_firm}", 1.3),
        Para("Vendor's solicitors"),
        Heading("STATEMENT OF ADJUSTMENTS", 1.3, centred=True),
        Pairs(
            (
                ("Vendor", "{seller}"),
                ("Purchaser", "{buyer}"),
                ("Premises", "{property_address}"),
                ("Adjusted as of", "{adjustment_date}"),
                ("Your file", "{matter_number}"),
            ),
            "columns",
            split=0.2,
        ),
        Table(
            ("", "Purchaser debit", "Purchaser credit"),
            (
                ("Sale price", "{purchase_price}", ""),
                ("Deposit paid", "", "{deposit}"),
                ("Property taxes: {tax_levy} a year, {tax_days} days", "", "{tax_adjustment}"),
                ("Balance to close, payable to us in trust", "", "{balance_due}"),
                ("Equal totals", "{purchase_price}", "{purchase_price}"),
            ),
            (0.48, 0.26, 0.26),
            right=(1, 2),
            totals=1,
        ),
        *(Para(text, "italic") for text in _CLOSING_REMARKS),
        Signatures(("{other_firm}",)),
    ),
    footer="||{page}",
)

_STEPPED = Layout(
    "numbered_working",
    Style(face="typewriter", size=9.6, margin=60),
    (
        Para("{firm!u}", "bold"),
        Para("{firm_address}"),
        Rule(),
        Heading("STATEMENT OF ADJUSTMENTS", 1.2),
        Para("CLIENT MATTER {matter_number}"),
        Para("{seller} TO {buyer}"),
        Para("{short_legal}"),
        Space(4),
        Table(
            ("LINE", "ITEM", "$"),
            (
                ("1", "Price in the contract", "{purchase_price}"),
                ("2", "Deduct deposit held by brokerage", "{deposit}"),
                ("3", "Deduct seller's share of taxes, {january} to closing", "{tax_adjustment}"),
                ("4", "Add lines 2 and 3", "{credits}"),
                ("5", "Balance owing, line 1 less line 4", "{balance_due}"),
            ),
            (0.1, 0.6, 0.3),
            right=(2,),
            totals=1,
            ruled=False,
        ),
        Rule(),
        Para("ADJUSTMENT DATE: {adjustment_date}"),
        Clauses(_CLOSING_REMARKS),
    ),
    footer="PREPARED BY {lawyer!u}||{page}/{pages}",
)

_EXPLAINED = Layout(
    "letter_that_explains_the_sum",
    Style(face="serif", size=11.6, margin=80, leading=1.4),
    (
        Heading("{firm}", 1.4, centred=True),
        Para("{firm_address}", centred=True),
        Para("{firm_phone}", centred=True),
        Rule(),
        Para("To {buyer}"),
        Para("Your purchase of {property_address}; our file {matter_number}", "bold"),
        Heading("Statement of adjustments", 1.1),
        Para(
            "The sale is adjusted as at {adjustment_date}. You agreed to pay {purchase_price} for the home. Against "
            "that you have already paid a deposit of {deposit}. Because the sellers owned the home for {tax_days} days "
            "of this year but leave you to pay the tax bill, they also allow you {tax_adjustment} for property taxes."
        ),
        Para("There remains a balance due to the sellers of {balance_due}, which we must hold before closing."),
        Heading("How the balance is met", 1.1),
        Pairs(
            (
                ("From your lender", "{mortgage_proceeds}"),
                ("Our fee", "{fees}"),
                ("GST on the fee", "{gst}"),
                ("Land titles charges", "{registration_fees}"),
            ),
            "leaders",
        ),
        *(Para(text) for text in _CLOSING_REMARKS[:2]),
        Para("Please bring a bank draft to your appointment; personal cheques cannot be accepted."),
        Signatures(("{lawyer}",)),
    ),
    footer="|{page}|",
)

# -- caveat

_CLAIMED_INTEREST = (
    "The interest arises from a written agreement of {agreement_on} by which the owner granted the caveator a right "
    "of way for works beneath the surface, with a right to enter and repair.",
    "The caveator forbids the registering of any person as owner of, or of any instrument touching, that interest, "
    "unless it is made subject to the caveator's claim.",
)

_SWORN_CAVEAT = Layout(
    "caveat_with_oath",
    Style(face="serif", size=11.4, margin=80, leading=1.4),
    (
        Heading("CAVEAT", 1.6, centred=True),
        Para("TO THE REGISTRAR OF THE ALBERTA LAND REGISTRATION DISTRICT", centred=True),
        Space(6),
        Para(
            "TAKE NOTICE that {caveator}, of the Province of Alberta, as caveator, claims an estate or interest in the "
            "land described as follows:"
        ),
        Para("{short_legal}", indent=44),
        Para("{exception}", indent=44),
        Para(
            "being the land in certificate of title {title_number} (LINC {linc}), which stands in the register in the "
            "name of {registered_owner}."
        ),
        *(Para(text) for text in _CLAIMED_INTEREST),
        Para("Notices may be sent to the caveator in care of {firm}, {firm_address}, quoting {matter_number}."),
        Signatures(("{caveator}, by its agent",)),
        Heading("AFFIDAVIT IN SUPPORT", 1.1, centred=True),
        Para(
            "I am the agent for the caveator named above. I believe that the caveator has a good and valid claim, and "
            "this caveat is not filed to delay or to embarrass anybody."
        ),
        Signatures(("Sworn before a commissioner", "Agent")),
        Rule(),
        Para("Office use: entered on {registration_date} as number {registration_number}.", "bold"),
    ),
    footer="|{page} of {pages}|",
    legal="stacked",
)

_RECORDED_CAVEAT = Layout(
    "instrument_copy_sheet",
    Style(size=10, margin=58),
    (
        Table(
            ("Instrument", "Registered as no.", "Registered on"),
            (("CAVEAT", "{registration_number}", "{registration_date}"),),
            (0.28, 0.38, 0.34),
        ),
        Heading("Copy of instrument: caveat", 1.5),
        Pairs(
            (
                ("Caveator", "{caveator}"),
                ("Caveator's agent and address for notices", "{firm}, {firm_address}"),
                ("Owner of the land", "{registered_owner}"),
                ("Land charged", "{short_legal}"),
            ),
            "above",
            columns=1,
        ),
        Pairs(
            (
                ("Title", "{title_number}"),
                ("LINC", "{linc}"),
                ("Agent's file", "{matter_number}"),
            ),
            "above",
            columns=3,
        ),
        Heading("Interest claimed"),
        Clauses(_CLAIMED_INTEREST),
        Heading("Partial discharges and postponements"),
        Para("None on the day of copying."),
    ),
    header="Land titles||Copy",
    footer="Instrument {registration_number}||Page {page} of {pages}",
)

_TENANT_CAVEAT = Layout(
    "caveat_form_in_numbered_boxes",
    Style(face="sans", size=9.6, margin=54, values="bold"),
    (
        Heading("CAVEAT FORBIDDING REGISTRATION", 1.4, centred=True),
        Pairs(
            (
                ("1. Who claims (caveator)", "{caveator}"),
                ("2. Against whose title (registered owner)", "{registered_owner}"),
                ("3. In what land", "{short_legal}"),
                ("4. Interest", "Right of way, unregistered"),
            ),
            "boxed",
            columns=1,
        ),
        Pairs(
            (
                ("5. Certificate of title no.", "{title_number}"),
                ("6. LINC", "{linc}"),
                ("7. Filed by", "{firm}"),
                ("8. File reference", "{matter_number}"),
            ),
            "boxed",
        ),
        Clauses(_CLAIMED_INTEREST),
        Signatures(("Caveator or agent", "Witness")),
        Heading("For the land titles office"),
        Pairs(
            (("Registration number", "{registration_number}"), ("Date of registration", "{registration_date}")),
            "boxed",
        ),
    ),
    footer="||{page}",
)

# -- discharge

_PAYOUT_LETTER = Layout(
    "lenders_letter_over_discharge",
    Style(face="sans", size=10.4, margin=70),
    (
        Heading("{mortgagee}", 1.4),
        Para("Mortgage discharge unit"),
        Rule(),
        Para("{discharge_date}"),
        Para("{firm}\n{firm_address}"),
        Para("Your file {matter_number}. Our borrower: {mortgagor}", "bold"),
        Para(
            "The payout that you sent has cleared. The discharge follows on the next page, ready for the land titles "
            "office. A statement of the final interest goes to the borrower by mail; the discharge fee of $75.00 was "
            "part of the payout."
        ),
        Para("Yours truly,"),
        Signatures(("Discharge officer",)),
        PageBreak(),
        Heading("DISCHARGE OF MORTGAGE", 1.4, centred=True),
        Para(
            "{mortgagee}, the mortgagee, acknowledges that all money due or to become due under the mortgage given by "
            "{mortgagor}, which was registered on {registered_on} as instrument {instrument_number} upon certificate "
            "of title {title_number}, has been received, and that the mortgage is wholly discharged."
        ),
        Para("The mortgage has not been transferred. Dated {discharge_date}."),
        Signatures(("Authorized signing officer", "Authorized signing officer")),
    ),
    footer="|{mortgagee}|",
)

_ACKNOWLEDGED_DISCHARGE = Layout(
    "statutory_acknowledgement",
    Style(face="serif", size=12, margin=88, leading=1.5),
    (
        Heading("LAND TITLES ACT", 1.0, centred=True),
        Heading("DISCHARGE", 1.6, centred=True),
        Space(10),
        Para(
            "I, an officer of {mortgagee}, acknowledge on its behalf that it has been paid in full what was owed on a "
            "mortgage from {mortgagor}, registered in the Alberta Land Titles Office under number {instrument_number} "
            "on {registered_on}."
        ),
        Para(
            "The land affected is that in title number {title_number}, described as {short_legal}. The registrar is "
            "asked to remove the mortgage from the title."
        ),
        Para("Signed under seal on {discharge_date}."),
        Space(10),
        Signatures(("{mortgagee}", "Witness")),
        Para("Submitted by {firm} under file {matter_number}.", "italic"),
    ),
    legal="line",
    footer="||",
)

_TABLED_DISCHARGE = Layout(
    "release_in_a_table",
    Style(size=10.2, margin=60),
    (
        Heading("Release of registered mortgage", 1.5),
        Para("Discharge of a mortgage of land in Alberta, for registration", "italic"),
        Table(
            ("Mortgage registered as", "Registered", "Against title"),
            (("{instrument_number}", "{registered_on}", "{title_number}"),),
            (0.36, 0.3, 0.34),
        ),
        Table(
            ("Lender giving the discharge", "Borrower"),
            (("{mortgagee}", "{mortgagor}"),),
            (0.5, 0.5),
        ),
        Para(
            "The lender declares that the debt is paid, that it still holds the mortgage, and that the mortgage is to "
            "be struck off the title. A guarantee given by others is not touched."
        ),
        Table(
            ("Discharged on", "Prepared for", "File"),
            (("{discharge_date}", "{firm}", "{matter_number}"),),
            (0.34, 0.4, 0.26),
        ),
        Signatures(("Signature for the lender", "Name and office")),
    ),
    header="{mortgagee}||Lending operations",
    footer="||{page} of {pages}",
)

# -- estoppel certificate

_CORPORATION_ANSWERS = (
    "Fees fall due on the first of the month and are collected by pre-authorized debit.",
    "The board has voted no special assessment, and none is on the agenda of the next general meeting.",
    "Nobody is suing the corporation, and the corporation sues nobody but owners in arrears.",
    "The building policy is for full replacement cost and renews in the autumn; the certificate of insurance follows.",
    "The corporation may not deny what is certified here to one who has relied on it.",
)

_ASKED_AND_ANSWERED = Layout(
    "estoppel_answer_table",
    Style(size=9.8, margin=56),
    (
        Table(
            (),
            (("{manager}", "Agent for the condominium corporation"),),
            (0.5, 0.5),
            right=(1,),
            ruled=False,
        ),
        Rule(1.5),
        Heading("ESTOPPEL CERTIFICATE", 1.5),
        Table(
            ("Asked", "Answer"),
            (
                ("Which corporation?", "The Owners: Condominium Plan No. {condominium_plan}"),
                ("Which unit?", "Unit {unit_number}"),
                ("Where is it?", "{property_address}"),
                ("Who owns it on our books?", "{owner}"),
                ("What is the monthly contribution?", "{monthly_contribution}"),
                ("What is unpaid today?", "{arrears}"),
                ("How much is in the reserve fund?", "{reserve}"),
                ("As of which day is this certified?", "{certificate_date}"),
                ("Whose request, whose file?", "{firm}, {matter_number}"),
            ),
            (0.4, 0.6),
        ),
        Clauses(_CORPORATION_ANSWERS),
        Signatures(("For the corporation, under seal",)),
    ),
    footer="{manager}||{page}/{pages}",
)

_BOARD_LETTER = Layout(
    "estoppel_by_letter_of_the_board",
    Style(face="serif", size=11.6, margin=82, leading=1.42),
    (
        Para("The Owners: Condominium Plan No. {condominium_plan}", "bold", centred=True),
        Para("c/o {manager}", centred=True),
        Rule(),
        Para("{certificate_date}"),
        Para("{firm}\n{firm_address}"),
        Para("Estoppel certificate: unit {unit_number}, {property_address}. Your file {matter_number}.", "bold"),
        Para(
            "You asked on behalf of a buyer for the certificate that the Condominium Property Act provides for. As of "
            "the date of this letter the corporation certifies as follows. The owner of record, {owner}, is assessed "
            "contributions of {monthly_contribution} every month towards the common expenses. Contributions in arrears"
            " for the unit, with interest, stand at {arrears}. The capital replacement reserve was {reserve} at the "
            "end of the last quarter."
        ),
        *(Para(text) for text in _CORPORATION_ANSWERS),
        Para("Given under the seal of the corporation."),
        Signatures(("President of the board", "Treasurer")),
    ),
    footer="|{page}|",
)

_UNIT_STATEMENT = Layout(
    "unit_status_card",
    Style(face="sans", size=10, margin=60, values="bold"),
    (
        Heading("{manager}", 1.2),
        Heading("Condominium information and estoppel certificate", 1.4),
        Pairs(
            (
                ("Corporation", "Condominium Plan {condominium_plan}"),
                ("Unit", "{unit_number}"),
                ("Certified as at", "{certificate_date}"),
                ("Owner", "{owner}"),
                ("Law firm", "{firm}"),
                ("Law firm's file", "{matter_number}"),
            ),
            "boxed",
            columns=3,
        ),
        Heading("Account of the unit"),
        Pairs(
            (
                ("Condominium fee per month", "{monthly_contribution}"),
                ("Fees outstanding", "{arrears}"),
                ("Special assessments outstanding", "none"),
                ("Reserve fund of the corporation", "{reserve}"),
            ),
            "leaders",
        ),
        Heading("Statements of the corporation"),
        Clauses(_CORPORATION_ANSWERS),
        Signatures(("Condominium manager", "Licence number")),
    ),
    footer="{property_address}||Page {page}",
)

# -- letter of undertaking

_PROMISED = (
    "use the money only in exchange for registrable documents and keys;",
    "pay what is owed to {discharged}, get its discharge, and send you proof of registration when we have it;",
    "hold back {holdback} from the proceeds until the compliance stamp on the real property report reaches you;",
    "clear unpaid property taxes and condominium fees up to the day of closing;",
    "return everything to you on demand if the closing falls through.",
)

_CLOSING_LETTER = Layout(
    "closing_letter_between_firms",
    Style(face="serif", size=11.6, margin=82, leading=1.4, numbering="({})"),
    (
        Table((), (("{firm}", "{firm_address}"),), (0.42, 0.58), ruled=False),
        Rule(),
        Para("{undertaking_date}"),
        Para("DELIVERED BY COURIER", "bold"),
        Para("{addressee}\nAttention: closing department"),
        Para("Dear Sirs and Mesdames:"),
        Para("Undertaking of our firm. Clients: {clients}. File {matter_number}.", "bold"),
        Para("Property: {property_address}, legally {short_legal}"),
        Para(
            "With this letter goes a trust cheque for {trust_amount}. It is sent to you on the undertakings below, "
            "which we give as solicitors and not merely for our clients. We undertake that we will"
        ),
        Clauses(_PROMISED),
        Para(
            "If you cannot accept them as they stand, kindly return the cheque uncashed and telephone the writer "
            "before noon. Otherwise sign and return the copy."
        ),
        Para("Yours truly,\n{firm}"),
        Signatures(("Per: {lawyer}",)),
    ),
    footer="|{firm_phone}, {firm_email}|",
)

_FAX_UNDERTAKING = Layout(
    "fax_cover_and_undertakings",
    Style(face="typewriter", size=9.8, margin=62),
    (
        Heading("FAX", 2.2),
        Table(
            (),
            (
                ("TO", "{addressee}"),
                ("FROM", "{lawyer}, {firm}"),
                ("DATE", "{undertaking_date}"),
                ("RE", "{clients}"),
                ("FILE", "{matter_number}"),
                ("PAGES", "with this one, 1"),
            ),
            (0.16, 0.84),
        ),
        Heading("LETTER OF UNDERTAKING", 1.2),
        Para(
            "We confirm that our trust account holds {trust_amount} for this closing and that the sum was wired to your"
            " account this morning. Until you have what you need, we personally undertake to:"
        ),
        Clauses(_PROMISED),
        Para("The original follows by mail. If a page is missing, call {firm_phone}."),
        Signatures(("{lawyer}",)),
    ),
    header="{firm!u}||PRIVILEGED",
)

_SCHEDULED_UNDERTAKING = Layout(
    "undertaking_with_schedule",
    Style(size=10.2, margin=60),
    (
        Heading("{firm}", 1.5, centred=True),
        Para("{firm_address}", centred=True),
        Heading("Solicitors' undertaking", 1.5, centred=True),
        Pairs(
            (
                ("Given to", "{addressee}"),
                ("Given on", "{undertaking_date}"),
                ("Given on behalf of", "{clients}"),
                ("Funds in trust", "{trust_amount}"),
                ("Concerning", "{property_address}"),
                ("File", "{matter_number}"),
            ),
            "above",
        ),
        Para("The firm undertakes, in consideration of the documents being released to it in trust, as follows:"),
        Table(
            ("No.", "The firm will", "By when"),
            (
                ("1", "pay out {discharged} and register its discharge", "60 days"),
                ("2", "keep {holdback} until compliance is shown", "until shown"),
                ("3", "pay property taxes adjusted to the closing", "closing"),
                ("4", "give back all documents if the transaction fails", "on demand"),
            ),
            (0.1, 0.66, 0.24),
        ),
        Para("This letter of undertaking binds every partner of the firm and cannot be withdrawn after closing."),
        Signatures(("{lawyer}, partner", "Accepted for {addressee}")),
    ),
    footer="{firm_email}||{page} of {pages}",
)

RARE: Mapping[str, tuple[Layout, ...]] = {
    "certificate_of_title": (_PORTAL_TITLE, _SEARCH_HOUSE_TITLE, _LISTED_TITLE),
    "purchase_contract": (_OFFER_LETTER, _GRID_CONTRACT, _PRIVATE_SALE),
    "transfer_of_land": (_FILL_IN_TRANSFER, _RECITED_TRANSFER, _TABLED_TRANSFER),
    "mortgage": (_BANK_GRID_MORTGAGE, _SPOKEN_MORTGAGE, _TRUST_COMPANY_MORTGAGE),
    "tax_certificate": (_YEARLY_TAXES, _CERTIFYING_PROSE, _COUNTY_CARDS),
    "real_property_report": (_BLOCK_REPORT, _MAILED_REPORT, _COVERED_REPORT),
    "statement_of_adjustments": (_TWO_SIDED, _STEPPED, _EXPLAINED),
    "caveat": (_SWORN_CAVEAT, _RECORDED_CAVEAT, _TENANT_CAVEAT),
    "discharge": (_PAYOUT_LETTER, _ACKNOWLEDGED_DISCHARGE, _TABLED_DISCHARGE),
    "estoppel_certificate": (_ASKED_AND_ANSWERED, _BOARD_LETTER, _UNIT_STATEMENT),
    "letter_of_undertaking": (_CLOSING_LETTER, _FAX_UNDERTAKING, _SCHEDULED_UNDERTAKING),
}
