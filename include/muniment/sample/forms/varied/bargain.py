"""Contracts of purchase as boards, builders, lawyers and private sellers set them."""

from collections.abc import Mapping

from muniment.sample.forms.bargain import TERMS
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

_RARE_CONTRACT = (
    Layout(
        "offer_and_interim_agreement",
        Style(face="serif", size=11, margin=72),
        (
            Heading("OFFER TO PURCHASE AND INTERIM AGREEMENT", 1.3, centred=True),
            Para(
                "TO: {seller} (the “Vendor”). I/We, {buyer} (the “Purchaser”), having inspected the property, "
                "hereby offer to purchase from the Vendor the property municipally known as {property_address} and "
                "legally described as {short_legal}, free and clear of all encumbrances, at the price of "
                "{purchase_price}, to be paid as follows:"
            ),
            Pairs(
                (
                    ("Deposit, payable to {brokerage} in trust", "{deposit}"),
                    ("By a new first mortgage", "{financing}"),
                    ("Balance of cash on closing", "{balance}"),
                ),
                "leaders",
            ),
            Clauses(
                (
                    "The closing and possession date shall be 12:00 noon on {completion_date}, and all adjustments "
                    "shall be "
                    "made as of that date.",
                    "The purchase price includes all attached goods, the refrigerator, stove, washer and dryer.",
                    "The Vendor shall provide a real property report with evidence of municipal compliance.",
                    "This offer is open for acceptance until 9:00 p.m. on the third day after its date.",
                )
            ),
            Para("DATED at Aldergate, Alberta, {contract_date}."),
            Signatures(("Purchaser", "Witness", "Vendor (acceptance)", "Witness")),
            Para("Solicitor for the Purchaser: {firm}, {firm_phone}. File: {matter_number}"),
        ),
        footer="Offer to Purchase||{page}",
    ),
    Layout(
        "real_estate_board_form",
        Style(face="sans", size=9, margin=50, numbering="2.{}"),
        (
            Para("Real estate board standard form, residential resale", "italic"),
            Heading("RESIDENTIAL PURCHASE CONTRACT", 1.7),
            Para("Between", "bold"),
            Pairs(
                (
                    ("THE SELLER", "{seller}"),
                    ("THE BUYER", "{buyer}"),
                    ("Seller's telephone", "{seller_phone}"),
                    ("Buyer's telephone", "{buyer_phone}"),
                    ("Seller's brokerage", "{brokerage}"),
                    ("Buyer's e-mail", "{buyer_email}"),
                ),
                "above",
            ),
            Rule(),
            Para("1. THE PROPERTY", "bold"),
            Para("The Property is the land and buildings located at:"),
            Pairs(
                (
                    ("Municipal address", "{property_address}"),
                    ("Legal description (plan, block, lot or unit)", "{short_legal}"),
                ),
                "beneath",
                columns=1,
            ),
            Para("2. PRICE AND PAYMENT", "bold"),
            Clauses(
                (
                    "The Purchase Price is {purchase_price}.",
                    "The Initial Deposit of {deposit} will be delivered in trust to {brokerage} within two business "
                    "days.",
                    "New financing of {financing} and the balance owing of {balance} will be paid to the Seller's "
                    "lawyer.",
                )
            ),
            Para("3. COMPLETION", "bold"),
            Para(
                "This contract will be completed and vacant possession given to the Buyer at 12 noon on "
                "{completion_date} "
                "(the Completion Day)."
            ),
            Para("4. SIGNATURES", "bold"),
            Para("SIGNED AND DATED at Aldergate, Alberta on {contract_date}."),
            Signatures(("Seller's signature", "Buyer's signature")),
        ),
        header="||Lawyer's file no.: {matter_number}",
        footer="Seller's initials ____ Buyer's initials ____||Page {page} of {pages}",
    ),
    Layout(
        "contract_fill_in",
        Style("sans", 9.6, 1.34, 50.0, "italic", "{}.", False),
        (
            Table(
                (),
                (
                    (
                        "REAL ESTATE CONTRACT\nExisting dwelling",
                        "This form is used with Schedule 1\nContract no. 2026-A-0417",
                    ),
                ),
                (0.62, 0.38),
            ),
            Para("Words in the margin are for convenience. Strike out what does not apply and initial every change."),
            Heading("PART 1    THE PEOPLE", 1.1),
            Pairs(
                (
                    ("full name(s) of the seller, as on title", "{seller}"),
                    ("full name(s) of the buyer", "{buyer}"),
                    ("seller's telephone", "{seller_phone}"),
                    ("buyer's telephone", "{buyer_phone}"),
                ),
                "beneath",
                2,
            ),
            Heading("PART 2    THE PROPERTY", 1.1),
            Pairs((("civic address and postal code", "{property_address}"),), "beneath", 1),
            Pairs((("legal description (copy it from the title)", "{short_legal}"),), "beneath", 1),
            Para(
                "The unattached goods that stay: refrigerator, stove, dishwasher, washer, dryer, window coverings, "
                "garage opener."
            ),
            Heading("PART 3    THE MONEY", 1.1),
            Pairs(
                (
                    ("total price, including GST if any", "{purchase_price}"),
                    ("initial deposit, on or before two business days", "{deposit}"),
                    ("new financing", "{financing}"),
                    ("balance owing (total price less deposit)", "{balance}"),
                ),
                "beneath",
                2,
            ),
            Para(
                "Deposits go to {brokerage} in trust. Should the buyer's cheque be returned unpaid, the seller may "
                "treat "
                "the contract as at an end on giving written notice."
            ),
            Heading("PART 4    CLOSING", 1.1),
            Para(
                "The contract will be completed, the price fully paid and vacant possession given at 12 noon on "
                "{completion_date} (the Completion Day)."
            ),
            Heading("PART 5    CONDITIONS", 1.1),
            Table(
                ("Condition", "For whose benefit", "To be satisfied or waived before"),
                (
                    ("Financing approved", "Buyer", "9:00 p.m., tenth day after acceptance"),
                    ("Property inspection", "Buyer", "9:00 p.m., seventh day after acceptance"),
                    ("Sale of buyer's property", "Not applicable", "-"),
                ),
                (0.34, 0.24, 0.42),
            ),
            Clauses(
                (
                    "The seller will provide a real property report reflecting the property as it now stands, with the "
                    "municipality's letter of compliance, at least ten business days before the Completion Day.",
                    "Property taxes, utilities and rents are adjusted at noon on the Completion Day.",
                    "The seller warrants that the seller is not a non-resident of Canada and that the buildings "
                    "lie wholly "
                    "on the land.",
                    "Each of the parties may sign a separate copy, and signatures sent electronically bind as "
                    "originals.",
                    "Legal fees are borne by whoever incurs them; the cost of discharging the seller's financing is "
                    "the seller's.",
                )
            ),
            Heading("PART 6    SIGNATURES", 1.1),
            Para(
                "Offered and signed by the buyer, and accepted by the seller, in the {municipality}, on "
                "{contract_date}."
            ),
            Signatures(("{buyer} (buyer)", "{seller} (seller)", "Witness", "Witness")),
            Space(6),
            Table(
                (),
                (("Seller's lawyer\nto be named", "Buyer's lawyer\nto be named", "Office use\nFile {matter_number}"),),
                (0.36, 0.36, 0.28),
            ),
            Heading("SCHEDULE 1    ADDITIONAL TERMS", 1.1),
            Table(
                ("Clause", "Term", "Initials"),
                (
                    (
                        "S1",
                        "The seller will repair the back step before possession, to the buyer's reasonable "
                        "satisfaction.",
                        "",
                    ),
                    ("S2", "The shed and the garden boxes stay. The deep freeze in the basement does not.", ""),
                    ("S3", "A second deposit of $0.00 is payable when conditions are waived.", ""),
                    (
                        "S4",
                        "The offer is open for acceptance until 9:00 p.m. on the second day after the buyer signs it.",
                        "",
                    ),
                ),
                (0.12, 0.72, 0.16),
            ),
            Heading(
                "Brokerage acknowledgement. The deposit cheque was received in trust by the brokerage named in "
                "Part 3, whose "
                "remuneration is set out in its own agreement. Nothing on this page changes the price.",
                0.75,
            ),
        ),
        footer="Buyer's initials ______   Seller's initials ______||page {page} of {pages}",
    ),
    Layout(
        "contract_agreement_for_sale",
        Style("serif", 11.2, 1.4, 80.0, "regular", "{}.0", False),
        (
            Para("{firm}\nBarristers and Solicitors", "bold", centred=True),
            Space(16),
            Para("THIS AGREEMENT is made effective {contract_date}."),
            Space(4),
            Para("BETWEEN:"),
            Para("{seller!u}", "bold", centred=True),
            Para('(called the "Vendor")', centred=True),
            Para("OF THE FIRST PART", indent=320),
            Para("- and -", centred=True),
            Para("{buyer!u}", "bold", centred=True),
            Para('(called the "Purchaser")', centred=True),
            Para("OF THE SECOND PART", indent=320),
            Space(6),
            Heading("AGREEMENT FOR PURCHASE AND SALE", 1.25, True),
            Space(4),
            Para("WHEREAS the Vendor is entitled to be registered as owner of the lands legally described as:"),
            Para("{short_legal}", indent=56),
            Para("{exception}", indent=56),
            Para('and known municipally as {property_address} (the "Lands");'),
            Para(
                "AND WHEREAS the Vendor has agreed to sell and the Purchaser to buy the Lands on the terms below; NOW "
                "THEREFORE the parties covenant and agree as follows:"
            ),
            Clauses(
                (
                    "The Vendor sells and the Purchaser buys the Lands, with all buildings standing on them, for "
                    "the sum of "
                    '{purchase_price} (the "Price").',
                    "The Price is payable as follows: (a) {deposit} upon execution of this Agreement, to be held "
                    "in trust by "
                    "{brokerage} as a deposit; and (b) the remainder, being {balance}, subject to the usual "
                    "adjustments, by "
                    "solicitor's trust cheque on Closing.",
                    "Closing takes place, and the Purchaser is let into vacant possession, on {completion_date}, "
                    "or upon "
                    "such earlier or later day as the parties may set in writing. All adjustments are made as of "
                    "that day.",
                    "The Purchaser's obligations are conditional upon the Purchaser arranging a first mortgage of "
                    "not less "
                    "than {financing} within fourteen days. The condition is for the sole benefit of the Purchaser.",
                    "The Vendor shall deliver to the Purchaser's solicitors a registrable transfer in good time "
                    "before Closing, "
                    "on trust conditions consistent with this Agreement and with the practice of the profession.",
                    "The Lands remain at the risk of the Vendor until the Price has been released.",
                    "If the Purchaser defaults, the deposit is forfeited as a genuine pre-estimate of damages, without "
                    "prejudice to the Vendor's other remedies; if the Vendor defaults, it is returned with interest.",
                    "Goods and Services Tax. The Vendor represents that the Lands are a used residential complex, the "
                    "supply of which is exempt.",
                    "Time is of the essence. This Agreement enures to the benefit of the parties, their heirs, "
                    "executors, "
                    "administrators, successors and permitted assigns, and is governed by the laws of Alberta.",
                )
            ),
            Para(
                "IN WITNESS WHEREOF the parties have set their hands and seals as of the day and year first above "
                "written."
            ),
            Signatures(("Witness as to the Vendor", "Vendor", "Witness as to the Purchaser", "Purchaser")),
        ),
        footer="File {matter_number} / Agreement for Sale||- {page} -",
    ),
    Layout(
        "numbered_articles",
        Style(face="sans", size=9.6, leading=1.34, margin=54, values="bold"),
        (
            Heading("RESIDENTIAL RESALE CONTRACT", 1.6, centred=True),
            Para("For use with a dwelling on its own title or in a condominium", "italic", centred=True),
            Table(
                ("THE SELLER", "THE BUYER"),
                (
                    ("Name(s): {seller}", "Name(s): {buyer}"),
                    ("Telephone: {seller_phone}", "Telephone: {buyer_phone}"),
                    ("Represented by: {brokerage}", "E-mail: {buyer_email}"),
                ),
                (0.5, 0.5),
            ),
            Heading("1.  The Property"),
            Para("1.1  The Property is the land, the buildings on it and the goods named in 4.1. It is located at:"),
            Para("(a)  municipal address: {property_address}", indent=26),
            Para("(b)  legal description: {short_legal}", indent=26),
            Para("(c)  as described on certificate of title {title_number}", indent=26),
            Heading("2.  Price and completion"),
            Para("2.1  The Purchase Price is {purchase_price}. It includes goods and services tax, if any is due."),
            Para(
                "2.2  The contract is completed, the price paid in full and vacant possession given at 12 noon on "
                "{completion_date} (the Completion Day)."
            ),
            Heading("3.  Deposit and payment"),
            Para(
                "3.1  Deposits are held in trust by {brokerage} and are delivered no later than three business days "
                "after "
                "final signing. The price is paid as follows:"
            ),
            Table(
                (),
                (
                    ("Initial Deposit", "{deposit}"),
                    ("Additional Deposit", "none"),
                    ("Balance Owing on the Completion Day, subject to adjustment", "{balance}"),
                    ("Total Purchase Price", "{purchase_price}"),
                ),
                (0.7, 0.3),
                right=(1,),
                totals=1,
            ),
            Heading("4.  Goods"),
            Para(
                "4.1  Attached goods stay. The unattached goods that stay are the refrigerator, stove, dishwasher, "
                "washer, dryer, window coverings and the garage door opener with its controls."
            ),
            Heading("5.  Conditions for the buyer"),
            Para(
                "5.1  Financing: this contract depends on the buyer securing a new mortgage of at least "
                "{financing}, at a "
                "rate that the buyer accepts, within ten business days of final signing."
            ),
            Para(
                "5.2  Inspection: the same period applies to an inspection by a licensed inspector at the buyer's cost."
            ),
            Para(
                "5.3  If a notice that a condition is met or waived is not given in time, this contract is at an end."
            ),
            Heading("6.  Closing documents"),
            Para(
                "6.1  The seller delivers a current real property report with evidence of municipal compliance, or "
                "for a "
                "condominium an estoppel certificate, a reasonable time before the Completion Day."
            ),
            Para("6.2  Taxes, fees and rents are adjusted as of noon on the Completion Day."),
            Para(
                "6.3  The seller's lawyer may close on reasonable trust conditions and pays out the seller's charges "
                "afterwards."
            ),
            Heading("7.  Warranties"),
            Para(
                "7.1  The seller warrants that the buildings are within the lot, that the use of the land is "
                "lawful, that "
                "nobody else has an unregistered interest in it, and that the seller is not a non-resident of Canada."
            ),
            Para(
                "7.2  The property is in the state in which the buyer saw it, and goods that stay are in working order."
            ),
            Heading("8.  Default"),
            Para(
                "8.1  A buyer who fails to complete loses the deposit, without prejudice to a claim for more. A seller "
                "who fails to complete returns the deposit and may be ordered to perform."
            ),
            Para("8.2  Money paid late carries interest at the lender's prime rate and 3% from the Completion Day."),
            Heading("9.  Notices"),
            Para("9.1  Notices are in writing and are given to the brokerage or to the party, by hand, fax or e-mail."),
            Heading("10.  Signing"),
            Para(
                "10.1  Final signing of this contract took place on {contract_date}, when the last party accepted it."
            ),
            Signatures(("Seller", "Buyer", "Witness", "Witness")),
        ),
        header="||Law office file {matter_number}",
        footer="Seller's initials ______   Buyer's initials ______||Page {page} of {pages}",
    ),
    Layout(
        "interim_agreement",
        Style(face="serif", size=11.4, leading=1.36, margin=70),
        (
            Heading("{brokerage!u}", 1.1, centred=True),
            Heading("OFFER TO PURCHASE AND INTERIM AGREEMENT", 1.25, centred=True),
            Para("Dated at the {municipality}, Alberta, {contract_date}."),
            Para("TO: {seller} (the Vendor)"),
            Para(
                "The undersigned, {buyer} (the Purchaser), having looked over the premises known as {property_address} "
                "and legally described as {short_legal}, offers to buy them from the Vendor for the full price of "
                "{purchase_price}, to be paid thus:"
            ),
            Pairs(
                (
                    ("By deposit with this offer, to the agent in trust", "{deposit}"),
                    ("By solicitor's trust cheque on closing, more or less", "{balance}"),
                ),
                "leaders",
            ),
            Para(
                "The Purchaser intends to raise {financing} of the second sum by a first mortgage and applies for it "
                "within seven days. The deposit goes back to the Purchaser if no lender agrees."
            ),
            Para(
                "This sale closes on {completion_date}. On that day possession passes, and all taxes, rents and "
                "insurance "
                "are apportioned. The Vendor gives title clear of every charge but utility rights of way and the "
                "reservations of the Crown grant."
            ),
            Para(
                "Drapes, fixtures, storm windows and the built-in appliances are included. Risk stays with the Vendor "
                "until closing. Time is of the essence, and there are no promises other than those in writing here."
            ),
            Para("This offer may be accepted until nine o'clock in the evening of the second day after its date."),
            Signatures(("Witness", "{buyer}, Purchaser")),
            Rule(),
            Heading("ACCEPTANCE", 1.0, centred=True),
            Para(
                "The Vendor accepts the offer, agrees to pay the agent the commission fixed by the listing, and "
                "lets the "
                "agent take it from the deposit."
            ),
            Signatures(("Witness", "{seller}, Vendor")),
            Para("Copy for the closing to {firm}, {firm_phone} - their matter {matter_number}.", "italic"),
        ),
        footer="White: brokerage|Yellow: purchaser|Pink: vendor",
    ),
)

DRAWN: Mapping[str, tuple[Layout, ...]] = {
    "purchase_contract": _CONTRACT,
}

RARE: Mapping[str, tuple[Layout, ...]] = {
    "purchase_contract": _RARE_CONTRACT,
}
