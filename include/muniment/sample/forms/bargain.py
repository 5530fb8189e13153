"""The residential purchase contract in its three layouts."""

from collections.abc import Mapping

from muniment.sample.facts import Matter
from muniment.sample.forms.form import Form, common
from muniment.sample.spelling import Value
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


def _values(matter: Matter) -> Mapping[str, Value | None]:
    return common(matter) | {
        "buyer": matter.buyers,
        "seller": matter.owners,
        "purchase_price": matter.price,
        "deposit": matter.deposit,
        "balance": matter.price - matter.deposit,
        "completion_date": matter.closing_on,
        "contract_date": matter.contract_on,
        "financing": matter.principal,
        "brokerage": matter.brokerage,
        "buyer_email": matter.buyers[0].email,
        "buyer_phone": matter.buyers[0].phone,
        "seller_phone": matter.owners[0].phone,
    }


_MONEY = (
    "The deposit is delivered in trust to {brokerage} within two business days after this contract is "
    "made, and is placed in an account that bears no interest unless the parties agree otherwise in "
    "writing. It forms part of the price on completion.",
    "If the buyer does not deliver the deposit in time, the seller may end this contract by notice given "
    "at any moment before the deposit arrives, and neither side then owes the other anything.",
    "The balance of the price, adjusted as this contract provides, is paid by solicitor's trust cheque, "
    "bank draft or wire to the seller's lawyer on or before noon of the completion day.",
    "Where the balance is late and the seller's lawyer accepts it, the buyer pays interest on what is "
    "unpaid, from the completion day until payment, at the prime rate of the seller's bank plus three per"
    " cent a year.",
    "Taxes, condominium contributions, local improvement charges, rents and prepaid services are adjusted"
    " so that the seller bears them to the end of the day before completion and the buyer from the "
    "completion day onward.",
)

_PROPERTY = (
    "The property includes the land, the buildings, and everything fixed to either, together with the "
    "chattels listed in the schedule. Fixtures that the seller may take away are listed there too, and "
    "nothing else is excluded.",
    "Vacant possession is given at noon on the completion day, with every key, code, remote control and "
    "manual that the seller has, unless a tenancy is noted in the schedule.",
    "The seller leaves the property in the condition in which the buyer saw it, ordinary wear aside, "
    "swept clean and free of rubbish, and keeps it insured until possession passes.",
    "Until the completion day the property is at the seller's risk. If it is substantially damaged the "
    "buyer may end this contract and have the deposit back, or complete and take the proceeds of the "
    "seller's insurance.",
    "The seller provides, not later than ten days before completion, a real property report that shows "
    "the land and improvements as they are, with evidence of municipal compliance, or for a condominium "
    "the documents which the statute lists and an estoppel certificate.",
    "The buyer may walk through the property once in the two days before completion, at a time convenient"
    " to both, to see that it is as this contract requires.",
)

_PROMISES = (
    "The seller is not a non-resident of Canada for the purposes of the tax law, or else provides the "
    "clearance certificate that lets the buyer pay the price without holding any of it back.",
    "The seller has the right to sell, no other person must consent, and dower, where it applies, is "
    "released in the form that the statute requires.",
    "So far as the seller knows, the buildings do not encroach on neighbouring land or on a right of way,"
    " nothing that stands next door encroaches on the property, and no permit that was needed is missing.",
    "The seller knows of no latent defect that makes the property dangerous or unfit to live in, and has "
    "told the buyer of every notice from a public authority that remains unanswered.",
    "Heating, plumbing, electrical and other systems included in the sale are in normal working order on "
    "the completion day.",
    "These promises survive completion and may be enforced afterwards, provided that written notice of "
    "the breach is given within one year.",
)

_CONDITIONS = (
    "Financing: this contract is conditional for the benefit of the buyer on the approval of a new "
    "mortgage of not less than {financing} on terms that are usual for a residence, by nine in the "
    "evening of the tenth day after it is made.",
    "Inspection: the buyer may have the property inspected by a licensed inspector at the buyer's own "
    "cost, and is to be satisfied with the report by the same hour.",
    "Each condition is for the one side that it names, and that side alone may waive it. A condition that"
    " is neither satisfied nor waived by notice in time ends this contract, and the deposit is returned "
    "without deduction.",
    "Each party undertakes to use reasonable efforts to satisfy the conditions that depend on it.",
)

_REMEDIES = (
    "Time matters. If the seller cannot or will not complete although the buyer is ready to, the deposit "
    "is returned forthwith and the buyer may claim damages or performance besides.",
    "If the buyer fails to complete, the deposit is forfeited to the seller on account of damages, and "
    "the seller may resell and recover any shortfall with the costs of the second sale.",
    "The trustee of the deposit pays it out only as this contract, both parties in writing, or a court "
    "directs, and is discharged by doing so.",
    "A party that disputes the release of the deposit says so in writing within ten days of the demand, "
    "failing which the trustee may act on the demand.",
)

_GENERAL = (
    "This contract is the whole agreement. What was said or advertised earlier binds nobody unless it is written here.",
    "Notices are in writing and may be delivered by hand, by courier or by electronic mail to the "
    "addresses on the first page; one that is sent after five in the afternoon counts from the next "
    "business day.",
    "The contract may be signed in counterparts and by electronic signature, and binds heirs, executors "
    "and permitted assigns.",
    "The parties have had the opportunity to take legal advice. The brokerages acted for the side that "
    "engaged them and for no other, unless a written consent says differently.",
    "Alberta law governs, and the courts of the province have jurisdiction.",
    "Words in the singular include the plural; days are calendar days unless called business days; "
    "headings do not interpret.",
    "Personal information in this contract may be used and disclosed to lenders, insurers, lawyers and "
    "public registries so far as completing the purchase requires.",
)

TERMS = (*_MONEY, *_PROPERTY, *_PROMISES, *_CONDITIONS, *_REMEDIES, *_GENERAL)
"""What a contract says whatever its layout."""

_CHATTELS = Table(
    head=("Item", "Included", "Remarks"),
    rows=(
        ("Refrigerator, stove, dishwasher", "yes", "as viewed"),
        ("Washer and dryer", "yes", "stacked unit"),
        ("Window coverings and rods", "yes", "throughout"),
        ("Garage door opener", "yes", "two controls"),
        ("Garden shed", "no", "seller removes before possession"),
    ),
    widths=(0.44, 0.16, 0.4),
)

_SIGNATURES = Signatures(
    (
        "Buyer: {buyer}",
        "Seller: {seller}",
        "Witness to the buyer's signature",
        "Witness to the seller's signature",
    )
)

PURCHASE_CONTRACT = Form(
    "purchase_contract",
    "Residential Purchase Contract",
    _values,
    (
        Layout(
            "agency",
            Style(size=10, leading=1.36, values="bold"),
            (
                Heading("RESIDENTIAL PURCHASE CONTRACT", 1.5, centred=True),
                Para("between buyer and seller of an Alberta residence", "italic", centred=True),
                Heading("1 THE PARTIES"),
                Pairs((("The Buyer", "{buyer}"), ("The Seller", "{seller}"))),
                Heading("2 THE PROPERTY"),
                Pairs(
                    (
                        ("Municipal address", "{property_address}"),
                        ("Legal description", "{short_legal}"),
                        ("Municipality", "{municipality}"),
                    )
                ),
                Heading("3 THE MONEY"),
                Pairs(
                    (
                        ("Purchase Price", "{purchase_price}"),
                        ("Deposit", "{deposit}"),
                        ("Balance owing", "{balance}"),
                        ("New financing", "{financing}"),
                        ("Completion Day", "{completion_date}"),
                        ("Contract Date", "{contract_date}"),
                    ),
                    "columns",
                ),
                Clauses(_MONEY),
                Heading("4 WHAT IS SOLD"),
                Clauses(_PROPERTY),
                _CHATTELS,
                Heading("5 WHAT THE SELLER PROMISES"),
                Clauses(_PROMISES),
                Heading("6 CONDITIONS"),
                Clauses(_CONDITIONS),
                Heading("7 REMEDIES AND THE DEPOSIT"),
                Clauses(_REMEDIES),
                Heading("8 GENERAL"),
                Clauses(_GENERAL),
                Heading("9 SIGNATURES"),
                Para("Signed and dated at Aldergate, Alberta on {contract_date}."),
                _SIGNATURES,
                Pairs(
                    (
                        ("Buyer's contact", "{buyer_email}, {buyer_phone}"),
                        ("Seller's contact", "{seller_phone}"),
                    )
                ),
            ),
            header="{brokerage}||File No. {matter_number}",
            footer="Buyer's initials ____   Seller's initials ____||Page {page} of {pages}",
        ),
        Layout(
            "solicitor",
            Style(face="serif", size=11.5, margin=76, leading=1.34),
            (
                Heading("AGREEMENT FOR PURCHASE AND SALE", 1.35, centred=True),
                Para("THIS AGREEMENT is made on {contract_date}"),
                Para("BETWEEN:", "bold"),
                Para('{seller} (the "Seller")', indent=60),
                Para("- and -", centred=True),
                Para('{buyer} (the "Buyer")', indent=60),
                Para(
                    "The Seller agrees to sell and the Buyer agrees to buy the residence known as "
                    '{property_address} and legally described as {short_legal} (the "Property"), on the '
                    "terms that follow."
                ),
                Clauses(
                    (
                        "The purchase price of the Property is {purchase_price}, all in Canadian dollars.",
                        "The Buyer pays a deposit of {deposit}, and the remainder of {balance} on completion.",
                        'The sale is completed on {completion_date} (the "completion day"), when title '
                        "and possession pass.",
                        *TERMS,
                    )
                ),
                Heading("SCHEDULE OF CHATTELS"),
                _CHATTELS,
                Para("The parties have signed on the date first written above.", "italic"),
                _SIGNATURES,
            ),
            header="|{firm}|",
            footer="Our File: {matter_number}||- {page} -",
        ),
        Layout(
            "summary",
            Style(size=9.5, leading=1.34, numbering="({})"),
            (
                Heading("Purchase Contract", 2.0),
                Para(
                    "Residential resale. This page states the bargain; the following pages state its terms.",
                    "italic",
                ),
                Rule(),
                Pairs(
                    (
                        ("Buyer", "{buyer}"),
                        ("Seller", "{seller}"),
                        ("Property address", "{property_address}"),
                        ("Legal description", "{short_legal}"),
                        ("Purchase price", "{purchase_price}"),
                        ("Deposit", "{deposit}"),
                        ("Completion date", "{completion_date}"),
                        ("Date of contract", "{contract_date}"),
                        ("Buyer's lawyer", "{firm}"),
                        ("Seller's lawyer", "{other_firm}"),
                        ("Listing brokerage", "{brokerage}"),
                        ("Matter", "{matter_number}"),
                    ),
                    "above",
                ),
                Space(8),
                _SIGNATURES,
                Heading("Included and excluded goods"),
                _CHATTELS,
                Heading("Terms: price and payment", 1.15),
                Clauses(_MONEY),
                Heading("Terms: property and possession", 1.15),
                Clauses(_PROPERTY),
                Heading("Terms: conditions", 1.15),
                Clauses(_CONDITIONS),
                Heading("Terms: warranties", 1.15),
                Clauses(_PROMISES),
                Heading("Terms: default", 1.15),
                Clauses(_REMEDIES),
                Heading("Terms: interpretation and notices", 1.15),
                Clauses(_GENERAL),
            ),
            header="{brokerage}||Residential purchase contract",
            footer="|Page {page} of {pages}|",
            legal="line",
        ),
    ),
)
