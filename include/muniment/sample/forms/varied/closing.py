"""Statements of adjustments and undertakings as other offices write them."""

from collections.abc import Mapping

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

_UNDERTAKING_TERMS = (
    "not to use the money until the documents are in registrable form and in our possession;",
    "to register the documents without delay and to send you a copy of the new title;",
    "to return everything on demand if the closing fails.",
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

_RARE_STATEMENT = (
    Layout(
        "levy_within_the_label",
        Style(face="serif", size=11, margin=72),
        (
            Heading("{firm}", 1.2, centred=True),
            Heading("STATEMENT OF ADJUSTMENTS", 1.4, centred=True),
            Pairs(
                (
                    ("Vendors", "{seller}"),
                    ("Purchasers", "{buyer}"),
                    ("Property", "{property_address}"),
                    ("Possession and adjustment date", "{adjustment_date}"),
                    ("Our file", "{matter_number}"),
                ),
                "columns",
                split=0.34,
            ),
            Rule(),
            Table(
                head=("", "Debit", "Credit"),
                rows=(
                    ("Sale price", "{purchase_price}", ""),
                    ("Deposit paid to brokerage", "", "{deposit}"),
                    ("Property taxes: {tax_levy} a year, vendor's share {tax_days} days", "", "{tax_adjustment}"),
                    ("Total credits to purchaser", "", "{credits}"),
                    ("BALANCE DUE TO VENDOR", "", "{balance_due}"),
                ),
                widths=(0.56, 0.22, 0.22),
                right=(1, 2),
                ruled=False,
                totals=1,
            ),
            Para("E. & O. E.", "italic"),
        ),
    ),
    Layout(
        "cash_to_close",
        Style(face="sans", size=10, margin=64),
        (
            Heading("Purchase adjustments and cash to close", 1.4),
            Heading("STATEMENT OF ADJUSTMENTS", 1.0),
            Para("Re: {buyer} purchase from {seller}"),
            Para("{property_address}"),
            Para("Adjusted as of: {adjustment_date}"),
            Pairs(
                (
                    ("Purchase price per contract", "{purchase_price}"),
                    ("Less initial deposit", "{deposit}"),
                    ("Less adjustment for property taxes ({january} to closing)", "{tax_adjustment}"),
                    ("Balance due to the seller's lawyer on closing", "{balance_due}"),
                ),
                "leaders",
            ),
            Para("Sources and further costs", "bold"),
            Pairs(
                (
                    ("Net mortgage proceeds", "{mortgage_proceeds}"),
                    ("Legal fees", "{fees}"),
                    ("GST on fees", "{gst}"),
                    ("Land Titles registration", "{registration_fees}"),
                ),
                "leaders",
            ),
        ),
        header="{firm}||File: {matter_number}",
    ),
    Layout(
        "statement_vendor_purchaser_credits",
        Style("serif", 11.0, 1.34, 66.0, "regular"),
        (
            Heading("STATEMENT OF ADJUSTMENTS", 1.4, True),
            Table(
                (),
                (
                    ("VENDOR:", "{seller}"),
                    ("PURCHASER:", "{buyer}"),
                    ("PREMISES:", "{property_address}\n{short_legal}"),
                    ("ADJUSTED AS OF:", "{adjustment_date}"),
                    ("OUR FILE:", "{matter_number}"),
                ),
                (0.26, 0.74),
                ruled=False,
            ),
            Table(
                ("", "Credit Vendor", "Credit Purchaser"),
                (
                    ("SALE PRICE", "{purchase_price}", ""),
                    ("DEPOSIT\nheld by the listing brokerage", "", "{deposit}"),
                    (
                        "REALTY TAXES (not yet paid by Vendor)\nAnnual levy {tax_levy}\nVendor's share {tax_days} "
                        "days\n"
                        "from {january} to closing",
                        "",
                        "{tax_adjustment}",
                    ),
                    ("UTILITIES\nread and billed by the supplier", "no adjustment", ""),
                    ("TOTAL CREDITS TO PURCHASER", "", "{credits}"),
                    ("BALANCE DUE ON CLOSING\npayable to the Vendor's solicitors in trust", "", "{balance_due}"),
                ),
                (0.5, 0.25, 0.25),
                right=(1, 2),
                totals=2,
            ),
            Para("E. & O. E.", "bold"),
            Para(
                "The purchaser is responsible for the taxes from the date of adjustment on, that day included. The "
                "parties will readjust between themselves once the levy for the year is known."
            ),
            Para("Prepared by {firm}. Telephone {firm_phone}."),
        ),
        footer="",
    ),
    Layout(
        "statement_cash_to_close",
        Style("sans", 9.8, 1.4, 72.0, "regular"),
        (
            Para("{firm}", "bold"),
            Para("{firm_address}"),
            Space(4),
            Heading("Closing figures", 1.8),
            Para("{seller} to {buyer}", "italic"),
            Para("{property_address}", "italic"),
            Pairs((("Matter", "{matter_number}"), ("Closing and adjustment date", "{adjustment_date}")), "abreast", 2),
            Heading("A.  What the buyer owes the seller", 1.15),
            Pairs(
                (
                    ("Contract price", "{purchase_price}"),
                    ("Less deposit already paid", "{deposit}"),
                    ("Less seller's portion of property tax (see working)", "{tax_adjustment}"),
                    ("Cash to close", "{balance_due}"),
                ),
                "leaders",
            ),
            Para(
                "Working: tax for the year {tax_levy}, divided by 365 and multiplied by {tax_days} days of the "
                "seller's "
                "ownership. Deposit and tax together come to {credits}.",
                indent=20,
            ),
            Heading("B.  Where the money comes from", 1.15),
            Pairs(
                (
                    ("Net mortgage advance expected", "{mortgage_proceeds}"),
                    ("Remainder from the buyer's own funds", "by bank draft, two days before"),
                ),
                "leaders",
            ),
            Heading("C.  Our account (not part of the adjustments)", 1.15),
            Pairs(
                (
                    ("Legal fee", "{fees}"),
                    ("GST on fee", "{gst}"),
                    ("Registration of transfer and mortgage", "{registration_fees}"),
                ),
                "leaders",
            ),
            Para(
                "Condominium contributions, rents and prepaid services are adjusted only if named above. Please check "
                "the figures and tell us of any mistake before the closing date."
            ),
            Signatures(("Approved by the buyer", "Approved by the seller")),
        ),
        header="",
        footer="{matter_number}|Statement to clients|{page}/{pages}",
    ),
    Layout(
        "three_columns",
        Style(face="serif", size=11.2, margin=64),
        (
            Heading("STATEMENT OF ADJUSTMENTS", 1.4, centred=True),
            Para("{seller} to {buyer}", centred=True),
            Para("{property_address}", centred=True),
            Para("{short_legal}", centred=True),
            Space(6),
            Table(
                (),
                (("Adjusted as of: {adjustment_date}", "File no. {matter_number}"),),
                (0.65, 0.35),
                ruled=False,
            ),
            Table(
                ("Particulars", "Credit Vendor", "Credit Purchaser"),
                (
                    ("Sale price", "{purchase_price}", ""),
                    ("Deposit paid to the listing agent", "", "{deposit}"),
                    (
                        "Property taxes\n{tax_levy} for the year, unpaid; vendor's share {tax_days} days of 365",
                        "",
                        "{tax_adjustment}",
                    ),
                    ("Rents and security deposit", "-", "-"),
                    ("BALANCE DUE TO VENDOR ON CLOSING", "", "{balance_due}"),
                    ("Totals", "{purchase_price}", "{purchase_price}"),
                ),
                (0.54, 0.23, 0.23),
                right=(1, 2),
                totals=2,
            ),
            Para(
                "Make the trust cheque for the balance payable to the vendor's solicitors. Keys are released when "
                "it is "
                "in their hands, and interest is charged from noon if it is late."
            ),
            Para("E. & O. E.", "bold"),
            Para(
                "Utilities not adjusted. The purchaser is to have the meters read on the day of possession.", "italic"
            ),
            Signatures(("Approved for the vendor", "Approved for the purchaser")),
        ),
        header="{firm}||",
        footer="||{page}",
    ),
    Layout(
        "day_count",
        Style(face="sans", size=10, leading=1.34, margin=60),
        (
            Heading("{firm}", 1.25),
            Para("{firm_address}\n{firm_phone}"),
            Rule(1.2),
            Pairs(
                (
                    ("Purchaser", "{buyer}"),
                    ("Vendor", "{seller}"),
                    ("Property", "{property_address}"),
                    ("Our file", "{matter_number}"),
                    ("Adjustment and possession date", "{adjustment_date}"),
                ),
                "columns",
                split=0.38,
            ),
            Heading("PURCHASER'S STATEMENT OF ADJUSTMENTS", 1.15),
            Pairs(
                (
                    ("Purchase price of the property", "{purchase_price}"),
                    ("Less: initial deposit held by the brokerage", "{deposit}"),
                    ("Less: vendor's portion of the current taxes (below)", "{tax_adjustment}"),
                    ("Total of the two deductions", "{credits}"),
                    ("Net balance payable by you on closing", "{balance_due}"),
                ),
                "leaders",
            ),
            Heading("How the tax adjustment was reckoned", 1.0),
            Table(
                ("Annual levy", "From", "Days to vendor", "Divided by"),
                (("{tax_levy}", "{january}", "{tax_days}", "365"),),
                (0.25, 0.3, 0.25, 0.2),
            ),
            Para(
                "The bill for the whole year will come to you in late spring. The deduction above stands for the "
                "part of "
                "the year in which you were not the owner."
            ),
            Heading("What else you should plan for", 1.0),
            Table(
                ("Item", "Amount"),
                (
                    ("Our fee", "{fees}"),
                    ("GST on our fee", "{gst}"),
                    ("Land titles registration, transfer and mortgage", "{registration_fees}"),
                    ("Mortgage money that we expect from your lender", "{mortgage_proceeds}"),
                ),
                (0.7, 0.3),
                right=(1,),
            ),
            Para("A draft for what the mortgage does not cover should reach us two clear days before possession."),
            Para("Figures may change until the vendor's lawyer has approved them.", "italic"),
        ),
        footer="Prepared for signature with {lawyer}||{page} / {pages}",
    ),
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

_RARE_UNDERTAKING = (
    Layout(
        "trust_letter",
        Style(face="serif", size=11.5, margin=76),
        (
            Heading("{firm}", 1.4),
            Para("{firm_address} | Telephone {firm_phone} | {firm_email}", "italic"),
            Rule(),
            Para("{undertaking_date}"),
            Para("{addressee}\nBarristers and Solicitors\nAldergate, Alberta"),
            Para("Our file: {matter_number}"),
            Para("Re: {clients}, purchase of {property_address}", "bold"),
            Para("Dear Counsel:"),
            Para(
                "We have today deposited to your trust account the sum of {trust_amount}, representing the cash to "
                "close. "
                "These funds are sent to you on the following trust conditions and on your undertaking:"
            ),
            Clauses(
                (
                    "to pay out and discharge the mortgage in favour of {discharged};",
                    "to hold back {holdback} until a registerable discharge has been received;",
                    "to release the keys to our clients forthwith.",
                )
            ),
            Para("We undertake to register the transfer without delay and to return the funds on demand if we cannot."),
            Para("Yours truly,"),
            Signatures(("{lawyer}",)),
        ),
        footer="",
    ),
    Layout(
        "memorandum_form",
        Style(face="sans", size=10, margin=62),
        (
            Heading("SOLICITOR'S UNDERTAKING", 1.5, centred=True),
            Pairs(
                (
                    ("TO", "{addressee}"),
                    ("FROM", "{firm}"),
                    ("DATE", "{undertaking_date}"),
                    ("RE", "{clients}"),
                    ("FILE", "{matter_number}"),
                ),
                "columns",
                split=0.16,
            ),
            Rule(),
            Para("Trust funds enclosed: {trust_amount}", "bold"),
            Para("In consideration of your releasing the transfer documents to us, we undertake that we will:"),
            Clauses(
                (
                    "not use the transfer until the funds are paid to you;",
                    "provide you with a certified copy of the new title;",
                    "attend to the discharge of the mortgage of {discharged}.",
                )
            ),
            Signatures(("{firm}, per {lawyer}",)),
        ),
    ),
    Layout(
        "undertaking_reply_letter",
        Style("serif", 11.4, 1.36, 78.0, "regular", "({})", False),
        (
            Table(
                (),
                (("{firm}\nLawyers", "{firm_address}\nT {firm_phone}\n{firm_email}"),),
                (0.45, 0.55),
                ruled=False,
            ),
            Rule(0.8),
            Para("{undertaking_date}"),
            Para("BY COURIER AND E-MAIL", "bold"),
            Para("{addressee}\nMain Floor, 5110 - 48 Street\nAldergate, Alberta"),
            Para("Dear Colleagues:"),
            Para(
                "Re:  Our client(s): {clients}\n{property_address}\n{short_legal}\nOur file {matter_number}   /   "
                "Your file TBA",
                "bold",
                indent=30,
            ),
            Para(
                "Thank you for your letter and the documents under its cover. We confirm that our trust account holds "
                "{trust_amount} for this closing, and on that footing we undertake with you:"
            ),
            Clauses(
                (
                    "to pay out of that money whatever is owed on the mortgage to {discharged}, and to have it "
                    "removed from the title within a reasonable time;",
                    "to hold back {holdback} until the real property report with compliance is in your hands;",
                    "to send you the registered documents and the new title when the office returns them to us;",
                    "to tell you at once of anything that stands in the way of registration.",
                )
            ),
            Para(
                "If these terms are not acceptable, please return our documents unused. Interest of $95.11 a day runs "
                "on funds that arrive after noon of the closing day."
            ),
            Para("Yours very truly,"),
            Para("{firm!u}"),
            Signatures(("{lawyer}",)),
            Para("Encl.   cc: client"),
        ),
        header="",
        footer="",
    ),
    Layout(
        "undertaking_formal",
        Style("sans", 10.4, 1.42, 74.0, "bold", "{}."),
        (
            Heading("UNDERTAKING OF SOLICITORS", 1.35, True),
            Rule(1.2),
            Table(
                (),
                (
                    ("TO:", "{addressee}"),
                    ("FROM:", "{firm}"),
                    ("ON BEHALF OF:", "{clients}"),
                    ("LAND:", "{short_legal}"),
                    ("TITLE:", "{title_number}"),
                    ("FILE:", "{matter_number}"),
                ),
                (0.26, 0.74),
                ruled=False,
            ),
            Rule(0.4),
            Para(
                "IN CONSIDERATION of your completing this matter with us, and of other good and valuable "
                "consideration, we "
                "personally undertake with you that:"
            ),
            Clauses(
                (
                    "We hold, or will hold before closing, {trust_amount} in our trust account, and will disburse "
                    "no part of "
                    "it except as this undertaking permits.",
                    "Out of a further sum of {holdback}, kept apart, we will answer for utilities and other accounts "
                    "left unpaid.",
                    "We will obtain from {discharged} a registrable discharge and register it, and will give you "
                    "particulars of registration.",
                    "We will correct, at our own cost, any document of our drawing that the Registrar rejects.",
                    "These obligations bind us although the retainer of our client ends.",
                )
            ),
            Para("GIVEN at Aldergate, Alberta, {undertaking_date}."),
            Signatures(("{lawyer}, for {firm}",)),
            Para("Receipt of this undertaking is acknowledged by the recipient, who accepts it.", "italic"),
            Signatures(("Date", "Recipient")),
        ),
        footer="{firm}||{firm_phone}",
    ),
    Layout(
        "fax_cover",
        Style(face="typewriter", size=10, leading=1.32, margin=60, numbering="{})"),
        (
            Heading("FACSIMILE", 1.9),
            Table(
                (),
                (
                    ("TO: {addressee}", "FROM: {firm}"),
                    ("ATTENTION: Real estate", "TELEPHONE: {firm_phone}"),
                    ("DATE: {undertaking_date}", "PAGES WITH THIS ONE: 2"),
                    ("YOUR FILE: please advise", "OUR FILE: {matter_number}"),
                ),
                (0.5, 0.5),
            ),
            Para("RE: {clients}\n{property_address}\nUNDERTAKING ON CLOSING", "bold"),
            Para(
                "The sum of {trust_amount} is in our trust account for this matter. We deal with it only in keeping "
                "with "
                "the following undertakings, which are ours and not merely our clients':"
            ),
            Clauses(
                (
                    "We keep the money until registration, or until you tell us in writing that we may let it go "
                    "sooner.",
                    "We see to the discharge of {discharged} from the proceeds and send you the particulars of "
                    "registration when the office gives them.",
                    "Out of the money we keep {holdback} until the survey report has its stamp of compliance.",
                    "If the matter does not close, we send back whatever you gave us within three business days.",
                )
            ),
            Para("Please sign the copy and send it back by fax. The original goes by courier tonight."),
            Signatures(("{lawyer}\nfor the firm", "Accepted by the recipient")),
            Rule(),
            Para(
                "THIS TRANSMISSION MAY BE PRIVILEGED. IF IT HAS REACHED YOU BY MISTAKE, TELEPHONE US COLLECT AND "
                "DESTROY "
                "IT.",
            ),
        ),
        header="SENT 15:07||P. {page}",
        footer="",
    ),
    Layout(
        "trust_conditions",
        Style(face="serif", size=11.4, leading=1.38, margin=72, numbering="({})"),
        (
            Heading("{firm!u}", 1.35, centred=True),
            Para("Barristers and Solicitors", "italic", centred=True),
            Para("{firm_address}", centred=True),
            Rule(0.5),
            Table(
                (),
                (
                    (
                        "Reply to: {lawyer}\n{firm_email}",
                        "Our reference: {matter_number}\nDelivered by hand",
                    ),
                ),
                (0.55, 0.45),
                ruled=False,
            ),
            Para("{undertaking_date}"),
            Para("{addressee}\nAttention: conveyancing or mortgage department"),
            Para("Dear Sirs and Mesdames:"),
            Pairs(
                (("Re", "Our client(s): {clients}"), ("Land", "{short_legal} - {property_address}")),
                "columns",
                split=0.12,
            ),
            Para(
                "We write to set out the trust conditions on which this transaction may close. You may take it that "
                "{trust_amount} will be handled by us in trust, and in consideration of your proceeding we undertake "
                "personally:"
            ),
            Clauses(
                (
                    "to use those funds for this transaction and nothing else;",
                    "to pay what {discharged} requires for a registrable discharge of its mortgage, and to forward the "
                    "discharge once it is registered;",
                    "to retain {holdback} of the funds until outstanding permits and the report of the surveyor are "
                    "settled between our offices;",
                    "to report to you with a copy of the new title within sixty days.",
                )
            ),
            Para(
                "These undertakings end when you release us from them or when all has been done. They do not oblige "
                "us to "
                "pay out of our own money any sum that never came into our account."
            ),
            Para("Yours very truly,"),
            Signatures(("{lawyer}",)),
            Para("cc: client", "italic"),
        ),
        footer="||{page}",
    ),
)

DRAWN: Mapping[str, tuple[Layout, ...]] = {
    "statement_of_adjustments": _STATEMENT,
    "letter_of_undertaking": _UNDERTAKING,
}

RARE: Mapping[str, tuple[Layout, ...]] = {
    "statement_of_adjustments": _RARE_STATEMENT,
    "letter_of_undertaking": _RARE_UNDERTAKING,
}
