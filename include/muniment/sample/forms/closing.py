"""What the lawyers write for the closing: the statement of adjustments and the letter of undertaking."""

from collections.abc import Mapping
from decimal import Decimal

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


def _statement_values(matter: Matter) -> Mapping[str, Value | None]:
    january = matter.closing_on.replace(month=1, day=1)
    return common(matter) | {
        "purchase_price": matter.price,
        "deposit": matter.deposit,
        "tax_adjustment": matter.tax_adjustment,
        "balance_due": matter.balance_due,
        "adjustment_date": matter.closing_on,
        "credits": matter.deposit + matter.tax_adjustment,
        "tax_levy": matter.parcel.tax_levy,
        "tax_days": (matter.closing_on - january).days,
        "january": january,
        "buyer": matter.buyers,
        "seller": matter.owners,
        "mortgage_proceeds": matter.principal,
        "fees": Decimal("1450.00"),
        "registration_fees": Decimal("385.00"),
        "gst": Decimal("72.50"),
    }


_STATEMENT_NOTES = (
    "The municipality has not yet levied the taxes of the year, or the seller has not paid them; the "
    "buyer therefore has credit for the seller's share and pays the whole when it falls due.",
    "The levy of the preceding year is used where that of the current year is not known. If the two "
    "differ by more than fifty dollars, either side may ask for a readjustment.",
    "Utilities are read and billed to each owner directly and are not adjusted. Fuel oil and propane in "
    "tanks pass with the land.",
    "Errors and omissions excepted.",
)

STATEMENT_OF_ADJUSTMENTS = Form(
    "statement_of_adjustments",
    "Statement of Adjustments",
    _statement_values,
    (
        Layout(
            "ledger",
            Style(size=10.5),
            (
                Heading("{firm}", 1.2),
                Para("{firm_address}"),
                Rule(1.2),
                Heading("STATEMENT OF ADJUSTMENTS", 1.4, centred=True),
                Pairs(
                    (
                        ("Seller", "{seller}"),
                        ("Buyer", "{buyer}"),
                        ("Property", "{property_address}"),
                        ("Adjustment date", "{adjustment_date}"),
                        ("Our File", "{matter_number}"),
                    )
                ),
                Table(
                    head=("", "Credit to seller", "Credit to buyer"),
                    rows=(
                        ("Purchase price", "{purchase_price}", ""),
                        ("Deposit", "", "{deposit}"),
                        ("Property tax adjustment: {tax_days} days of {tax_levy}", "", "{tax_adjustment}"),
                        ("Balance due on closing", "", "{balance_due}"),
                    ),
                    widths=(0.5, 0.25, 0.25),
                    right=(1, 2),
                    totals=1,
                ),
                Clauses(_STATEMENT_NOTES),
            ),
            footer="{firm_phone}, {firm_email}||Page {page} of {pages}",
        ),
        Layout(
            "trust_report",
            Style(face="serif", size=11.5, margin=74),
            (
                Heading("Statement of adjustments and cash to close", 1.4),
                Para(
                    "Re: {buyer} purchase from {seller}, {property_address}, {short_legal}. Adjusted as "
                    "at {adjustment_date}. Matter: {matter_number}."
                ),
                Table(
                    head=("Adjustments", "Amount"),
                    rows=(
                        ("Purchase Price", "{purchase_price}"),
                        ("Less: Deposit held in trust", "{deposit}"),
                        ("Less: Tax adjustment from {january}", "{tax_adjustment}"),
                        ("Total credits", "{credits}"),
                        ("Balance due to seller", "{balance_due}"),
                    ),
                    widths=(0.66, 0.34),
                    right=(1,),
                    totals=1,
                ),
                Heading("Disbursements of the buyer"),
                Table(
                    head=("Item", "Amount"),
                    rows=(
                        ("Legal fees", "{fees}"),
                        ("Goods and services tax", "{gst}"),
                        ("Registration fees", "{registration_fees}"),
                        ("Mortgage proceeds expected", "{mortgage_proceeds}"),
                    ),
                    widths=(0.66, 0.34),
                    right=(1,),
                ),
                Clauses(_STATEMENT_NOTES),
                Signatures(("{lawyer}, for {firm}",)),
            ),
            header="{firm}||Privileged and confidential",
        ),
        Layout(
            "plain_list",
            Style(face="typewriter", size=10),
            (
                Heading("STATEMENT OF ADJUSTMENTS", 1.25),
                Para("FILE NO. {matter_number}"),
                Rule(),
                Pairs(
                    (
                        ("ADJUSTMENT DATE", "{adjustment_date}"),
                        ("PURCHASE PRICE", "{purchase_price}"),
                        ("DEPOSIT", "{deposit}"),
                        ("TAX ADJUSTMENT", "{tax_adjustment}"),
                        ("BALANCE DUE", "{balance_due}"),
                    ),
                    "columns",
                    split=0.42,
                ),
                Rule(),
                Para("SELLER: {seller}"),
                Para("BUYER: {buyer}"),
                Clauses(_STATEMENT_NOTES),
            ),
        ),
    ),
)


def _undertaking_values(matter: Matter) -> Mapping[str, Value | None]:
    return common(matter) | {
        "addressee": matter.other_firm if matter.type != "refinance" else matter.lender,
        "trust_amount": matter.trust_amount,
        "undertaking_date": matter.closing_on,
        "clients": matter.clients,
        "holdback": matter.holdback,
        "discharged": matter.old_lender,
    }


_UNDERTAKINGS = (
    "to hold the money in trust and not to release any of it until the transfer and the other closing "
    "documents have been accepted for registration in the form in which you sent them;",
    "to pay out the existing mortgage of {discharged} from the proceeds, to obtain its discharge, and to "
    "register it within a reasonable time;",
    "to keep back {holdback} until the real property report, with evidence of compliance, or its "
    "substitute is in your hands;",
    "to pay the property taxes to the date of adjustment where the statement shows that they are to be "
    "paid by our client;",
    "to return the documents unused on your written demand, if the closing does not take place within ten days.",
)

LETTER_OF_UNDERTAKING = Form(
    "letter_of_undertaking",
    "Letter of Undertaking",
    _undertaking_values,
    (
        Layout(
            "letter",
            Style(face="serif", size=11.5, margin=78),
            (
                Heading("{firm}", 1.4),
                Para("Barristers and Solicitors", "italic"),
                Para("{firm_address} | {firm_phone} | {firm_email}"),
                Rule(),
                Para("{undertaking_date}"),
                Para("{addressee}"),
                Para("Dear colleague:"),
                Para("Re: {clients}, {property_address}", "bold"),
                Para("Our File: {matter_number}"),
                Para(
                    "We enclose our trust cheque in the amount of {trust_amount}, which you receive on "
                    "the trust conditions of your letter. On our part, and in exchange for your closing "
                    "documents, we undertake:"
                ),
                Clauses(_UNDERTAKINGS),
                Para(
                    "These undertakings are personal to the firm and survive the closing. Please "
                    "acknowledge them by signing the enclosed copy, and let us know at once should any of"
                    " them be unacceptable."
                ),
                Para("Yours truly,"),
                Signatures(("{lawyer}",)),
            ),
            footer="|{page}|",
        ),
        Layout(
            "memorandum",
            Style(size=10.5, values="bold", numbering="{})"),
            (
                Heading("LETTER OF UNDERTAKING", 1.4),
                Pairs(
                    (
                        ("To", "{addressee}"),
                        ("From", "{firm}, attention {lawyer}"),
                        ("Date", "{undertaking_date}"),
                        ("File No.", "{matter_number}"),
                        ("Amount held in trust", "{trust_amount}"),
                        ("Property", "{property_address}"),
                        ("Land", "{short_legal}"),
                    ),
                    "columns",
                    split=0.28,
                ),
                Rule(),
                Para(
                    "In consideration of your releasing the documents to us in trust, the firm gives you "
                    "its solemn promise:"
                ),
                Clauses(_UNDERTAKINGS),
                Space(8),
                Signatures(("For {firm}", "Accepted for {addressee}")),
            ),
            header="{firm}||Trust undertaking",
        ),
    ),
)
