"""Contracts of purchase as boards, builders, lawyers and private sellers set them."""

from collections.abc import Mapping

from muniment.sample.forms.bargain import TERMS
from muniment.sample.typeset import Clauses, Heading, Layout, Pairs, Para, Rule, Signatures, Style, Table

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
)

DRAWN: Mapping[str, tuple[Layout, ...]] = {
    "purchase_contract": _CONTRACT,
}

RARE: Mapping[str, tuple[Layout, ...]] = {
    "purchase_contract": _RARE_CONTRACT,
}
