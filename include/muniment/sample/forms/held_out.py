"""Layouts that no reader was written with: three to each type, each after the house style of another invented office.
They were set without a look at the reader, at what it made of other layouts, or at layouts held out before. What a
reader makes of them tells how it fares on forms that are new to it."""

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

_ORDERED_TITLE = Layout(
    "registry_agent_mailout",
    Style(face="serif", size=11.2, margin=76),
    (
        Heading("Cottonwood Registry Agents", 1.5),
        Para("Land titles, corporate and personal property searches", "italic"),
        Rule(),
        Para("{searched_on}"),
        Para("{firm}\n{firm_address}"),
        Para("Attention: Conveyancing department"),
        Para("Re: Your file {matter_number}", "bold"),
        Para(
            "Further to your online order we enclose one certified copy of title {title_number}. The fee has been "
            "charged to your account. If the copy is wanted for a closing, please remember that the register can "
            "change at any time and that we search it again only on request."
        ),
        Table(
            ("Product", "Copies", "Fee"),
            (("Certified copy of title", "1", "$15.00"), ("Delivery", "", "$4.50"), ("GST", "", "$0.98")),
            (0.6, 0.16, 0.24),
            right=(1, 2),
        ),
        Para("Sincerely,"),
        Signatures(("Search clerk",)),
        PageBreak(),
        Heading("CERTIFICATE OF TITLE", 1.35, centred=True),
        Para("North and South Alberta Land Registration Districts", centred=True),
        Space(8),
        Para(
            "This certifies that {registered_owner}, of {owner_address}, as {tenure}, is at the date of this "
            "certificate the owner of the fee simple in"
        ),
        Para("{short_legal}", "bold", indent=44),
        Para("{exception}", indent=44),
        Para(
            "in the {municipality}, an area of {area} more or less, which carries the land identification number "
            "{linc}, subject to what is endorsed below."
        ),
        Para(
            "The title issued on {registration_date}, when a transfer of land was registered under number "
            "{title_number}. The consideration sworn to in the transfer was {consideration}."
        ),
        Heading("Endorsements", 1.05),
        Para(
            "Mortgage {mortgage_number} in favour of {old_lender}, registered {registration_date}, to secure "
            "{old_principal}.",
            indent=20,
        ),
        Para("Caveat {caveat_number} by {caveator}, registered {caveat_on}, concerning a right of way.", indent=20),
        Para("No other instrument is endorsed. Certified from the register on {searched_on}."),
        Signatures(("Registrar",)),
    ),
    footer="||{page}",
)

_GRIDDED_TITLE = Layout(
    "conveyancing_software_parcel_grid",
    Style(size=9, margin=46),
    (
        Heading("Land title record", 1.7),
        Para("Fetched electronically from the land titles register for {firm} on {searched_on}"),
        Heading("PARCEL"),
        Table(
            (),
            (
                ("Title no.", "{title_number}", "LINC no.", "{linc}"),
                ("Legal", "{short_legal}", "Area", "{area}"),
                ("Municipality", "{municipality}", "Estate", "Fee simple"),
                ("Matter no.", "{matter_number}", "Status", "Active"),
            ),
            (0.14, 0.42, 0.14, 0.3),
        ),
        Para("{exception}"),
        Para("ATS: {ats}"),
        Heading("PROPRIETORSHIP"),
        Table(
            ("Proprietor", "Address for service", "Interest"),
            (("{registered_owner!u}", "{owner_address}", "{tenure}"),),
            (0.36, 0.44, 0.2),
        ),
        Table(
            ("Reg. date", "Instrument", "Instrument no.", "Value", "Consideration"),
            (("{registration_date}", "Transfer", "{title_number}", "{declared_value}", "{consideration}"),),
            (0.24, 0.13, 0.19, 0.22, 0.22),
            right=(3, 4),
        ),
        Heading("CHARGES AND OTHER INSTRUMENTS"),
        Table(
            ("No.", "Instrument no.", "Date", "Nature", "In favour of"),
            (
                ("1", "{mortgage_number}", "{registration_date}", "Mortgage, {old_principal}", "{old_lender}"),
                ("2", "{caveat_number}", "{caveat_on}", "Caveat", "{caveator}"),
            ),
            (0.06, 0.16, 0.23, 0.24, 0.31),
        ),
        Para("Pending registrations: none found. Writs against the proprietor: none found.", "italic"),
        Heading("CLOSING CHECKLIST"),
        Table(
            ("Step", "Done", "By"),
            (
                ("Names on title agree with the contract", "[  ]", ""),
                ("Charges to be paid out identified", "[  ]", ""),
                ("Title to be searched again on the day of registration", "[  ]", ""),
            ),
            (0.66, 0.12, 0.22),
        ),
        Para(
            "The record is machine-read from the official title. Compare it with the official copy before you rely on "
            "it in a closing.",
            "italic",
        ),
    ),
    header="Title record||{title_number}",
    footer="{firm}||{page} of {pages}",
)

_CARD_TITLE = Layout(
    "certified_copy_on_lines",
    Style(face="serif", size=11, margin=70, leading=1.4),
    (
        Heading("PROVINCE OF ALBERTA", 1.0, centred=True),
        Heading("Certified Copy of Certificate of Title", 1.5, centred=True),
        Rule(1.2),
        Pairs(
            (("Certificate of title number", "{title_number}"), ("Date of registration", "{registration_date}")),
            "beneath",
        ),
        Pairs((("Name of registered owner", "{registered_owner}"),), "beneath", columns=1),
        Pairs((("Postal address of owner", "{owner_address}"),), "beneath", columns=1),
        Pairs((("Legal description of the land", "{short_legal}"),), "beneath", columns=1),
        Para("{exception}", "italic"),
        Pairs(
            (
                ("Municipality in which the land lies", "{municipality}"),
                ("LINC", "{linc}"),
                ("Consideration paid", "{consideration}"),
                ("Area, more or less", "{area}"),
            ),
            "beneath",
        ),
        Heading("Memoranda on this title"),
        Pairs(
            (
                ("Mortgage {mortgage_number}", "{old_lender}"),
                ("Caveat {caveat_number}", "{caveator}"),
            ),
            "leaders",
        ),
        Para(
            "I hereby certify that the above is a full copy of what stands on the register at 8:31 a.m. on "
            "{searched_on}."
        ),
        Signatures(("Deputy Registrar", "Office seal")),
        Para("Copy furnished to {firm}, client reference {matter_number}."),
    ),
    footer="Form LT-14 (certified copy)||",
    legal="lot_first",
)

# -- purchase contract

_BROKER_TERMS = (
    "The Deposit shall be payable to the Seller's brokerage, {brokerage}, within one business day of final signing and "
    "shall be held in its trust account.",
    "The Buyer shall pay the balance of {balance}, plus or minus adjustments, through the Buyer's lawyer.",
    "Adjustable items shall be divided between Buyer and Seller as of 12:01 a.m. on the Completion Day.",
)

_BROKER_CONDITIONS = (
    "Buyer's financing condition: approval of a mortgage of at least {financing}. To be waived in writing by 9:00 p.m. "
    "on the seventh day after final signing.",
    "Buyer's inspection condition: a written report of a home inspector that satisfies the Buyer. Same time.",
    "Unless a condition is waived or satisfied by its time, this Contract ends and the Deposit goes back to the Buyer.",
)

_BROKER_DELIVERIES = (
    "The Seller shall deliver a current real property report with municipal compliance, or title insurance in its "
    "stead where the Buyer agrees. No report is needed for a conventional condominium.",
    "The Seller warrants that the Seller is not a non-resident of Canada, that use of the property complies with its "
    "zoning, and that no goods left on it are under lien.",
    "Unattached goods included: fridge, stove, hood fan, dishwasher, washer, dryer, all window coverings. Attached "
    "goods excluded: wall mount of the television in the living room.",
    "The transaction is governed by the law of Alberta, and time is of the essence.",
)

_BROKER_CLOSING = (
    "The Seller's lawyer shall send the transfer and the other closing documents to the Buyer's lawyer on reasonable "
    "trust conditions no later than ten business days before the Completion Day.",
    "If the documents arrive late, the Completion Day is not moved, but the Buyer pays no interest for the delay.",
    "If the funds arrive late and the Seller accepts them, the Buyer shall pay interest at prime plus three percent.",
    "Possession shall be given when the Seller or the Seller's lawyer has been paid in full, and keys shall be "
    "released through the brokerages.",
    "The Seller shall pay the Seller's own lawyer, the cost of preparing the closing documents, the real property "
    "report and every cost of clearing title. The Buyer shall pay the Buyer's own lawyer and registration fees.",
)

_BROKER_REMEDIES = (
    "If the Seller or the Buyer fails to meet any obligation before or on the Completion Day, the other may end this "
    "Contract and seek all remedies allowed by law.",
    "Where the Buyer is at fault the Deposit is forfeited. If it is more than ten percent of the price, the excess is "
    "held until a court or the parties decide.",
    "The brokerage may deduct its unpaid remuneration from a forfeited Deposit only as the listing agreement allows.",
    "Neither party may register a caveat against title after this Contract has ended.",
)

_BROKER_CONTRACT = Layout(
    "brokerage_fill_in_contract",
    Style(size=9.6, margin=56, leading=1.36),
    (
        Heading("RESIDENTIAL RESALE REAL ESTATE CONTRACT", 1.35, centred=True),
        Para("This form is for the sale of an existing dwelling. Seek advice before signing.", "italic", centred=True),
        Heading("PARTIES TO THE CONTRACT"),
        Pairs((("Name(s) of Seller", "{seller}"), ("Name(s) of Buyer", "{buyer}")), "beneath"),
        Heading("THE PROPERTY"),
        Pairs((("Municipal address", "{property_address}"),), "beneath", columns=1),
        Pairs((("Plan, block and lot, unit, or quarter section", "{short_legal}"),), "beneath", columns=1),
        Heading("PRICE AND DATES"),
        Pairs(
            (
                ("Purchase Price (GST included if any)", "{purchase_price}"),
                ("Deposit", "{deposit}"),
                ("Completion Day, 12 noon", "{completion_date}"),
                ("Date of final signing", "{contract_date}"),
            ),
            "beneath",
        ),
        Heading("PAYMENT"),
        Clauses(_BROKER_TERMS),
        Heading("CONDITIONS"),
        Clauses(_BROKER_CONDITIONS),
        Heading("DELIVERIES AND WARRANTIES"),
        Clauses(_BROKER_DELIVERIES),
        Heading("CLOSING PROCESS"),
        Clauses(_BROKER_CLOSING),
        Heading("REMEDIES"),
        Clauses(_BROKER_REMEDIES),
        Heading("REPRESENTATION"),
        Pairs(
            (
                ("Seller's brokerage", "{brokerage}"),
                ("Seller's phone", "{seller_phone}"),
                ("Buyer's e-mail", "{buyer_email}"),
                ("Buyer's phone", "{buyer_phone}"),
                ("Buyer's lawyer", "{firm}"),
                ("Lawyer's file no.", "{matter_number}"),
            ),
            "abreast",
        ),
        Signatures(("Buyer", "Seller", "Witness", "Witness")),
    ),
    header="{brokerage}||Contract dated {contract_date}",
    footer="Initials: Seller ______  Buyer ______||Page {page} of {pages}",
)

_RECITED_CONTRACT = Layout(
    "country_office_recited_agreement",
    Style(face="serif", size=11.6, margin=80, leading=1.38),
    (
        Heading("AGREEMENT FOR SALE OF LAND", 1.3, centred=True),
        Space(6),
        Para("MEMORANDUM OF AGREEMENT dated {contract_date}."),
        Para(
            "Between {seller}, of the Province of Alberta, hereinafter called the Vendor, of the first part; and "
            "{buyer}, of the same Province, hereinafter called the Purchaser, of the second part."
        ),
        Para(
            "WHEREAS the Vendor is the owner of the lands known municipally as {property_address} and legally as "
            "{short_legal}, with the dwelling and outbuildings on them;"
        ),
        Para(
            "AND WHEREAS the Vendor has agreed to sell and the Purchaser has agreed to purchase the said lands free "
            "of financial encumbrances;"
        ),
        Para("NOW THEREFORE the parties agree:"),
        Clauses(
            (
                "The Purchaser shall pay for the said lands the sum of {purchase_price} in lawful money of Canada, of "
                "which {deposit} has been paid to the Vendor's solicitor as a deposit before the signing of this "
                "agreement, and the rest of {balance} shall be paid on closing.",
                "The closing shall take place on {completion_date} at the offices of {firm}, and the Purchaser shall "
                "have vacant possession at noon of that day.",
                "Taxes and other periodic charges shall be apportioned to the day of closing.",
                "The Vendor shall convey by transfer in registrable form, with a release of dower rights if there be "
                "any, and shall pay the cost of discharging whatever mortgage the lands are subject to.",
                "The Purchaser has viewed the lands, relies on that viewing and on nothing else, and accepts the well, "
                "the septic system or the municipal services as they are.",
                "Crops, stored fuel and farm machinery, if any, do not pass with the lands.",
                "Should the Purchaser make default the deposit shall be kept by the Vendor as liquidated damages; "
                "should the Vendor make default it shall be paid back with interest.",
                "This agreement enures to the benefit of the heirs, executors, administrators and assigns of the "
                "parties.",
            )
        ),
        Para("IN WITNESS WHEREOF the parties have set their hands."),
        Signatures(("{seller}, Vendor", "{buyer}, Purchaser", "Witness", "Witness")),
        Para("Drawn by {firm}, {firm_address}. File {matter_number}.", "italic"),
    ),
    footer="|- {page} -|",
)

_SCHEDULED_CONTRACT = Layout(
    "commercial_term_table_contract",
    Style(size=10, margin=64),
    (
        Heading("Purchase and Sale Agreement", 1.8),
        Para("Part 1: Business terms. Part 2: Standard terms. Where the parts differ, Part 1 prevails."),
        Heading("Part 1: Business terms", 1.15),
        Table(
            ("Ref.", "Term", "Particulars"),
            (
                ("1.1", "Effective date", "{contract_date}"),
                ("1.2", "Vendor", "{seller}"),
                ("1.3", "Purchaser", "{buyer}"),
                ("1.4", "Premises", "{property_address}"),
                ("1.5", "Lands", "{short_legal}"),
                ("1.6", "Price", "{purchase_price}"),
                ("1.7", "Initial deposit, held by {brokerage}", "{deposit}"),
                ("1.8", "Balance on closing, before adjustments", "{balance}"),
                ("1.9", "Closing date", "{completion_date}"),
                ("1.10", "Purchaser's solicitor", "{firm}, file {matter_number}"),
                ("1.11", "Vendor's solicitor", "{other_firm}"),
            ),
            (0.09, 0.34, 0.57),
        ),
        Signatures(("Vendor", "Purchaser")),
        PageBreak(),
        Heading("Part 2: Standard terms", 1.15),
        Clauses(
            (
                "Agreement. On the closing date the vendor sells and the purchaser buys the lands and everything "
                "affixed to them.",
                "Deposit. The stakeholder holds the deposit for both parties, credits it against the price at closing "
                "and may pay it into court if they disagree.",
                "Due diligence. The purchaser has twelve days from the effective date to search title, inspect the "
                "premises and arrange a mortgage of {financing}. Silence at the end of the period is refusal.",
                "Closing deliveries. The vendor delivers a transfer, a statement of adjustments, keys, and either a "
                "survey with a compliance stamp or a policy of title insurance.",
                "Adjustments. Realty taxes, condominium contributions and rents are adjusted per diem; the purchaser "
                "has the closing date for its account.",
                "Risk. The lands remain at the vendor's risk until the price is releasable.",
                "Tax. The vendor states that the premises are used housing and that no goods and services tax is "
                "payable, and that the vendor resides in Canada.",
                "Assignment. The purchaser may not assign without the consent of the vendor.",
                "Notices. Notices go to the solicitors named in Part 1, or to the purchaser at {buyer_email}.",
                "Chattels. The appliances, blinds and garage controls on the premises at the effective date are "
                "included at no value.",
                "Damage. If the premises suffer damage above five per cent of the price before closing, the purchaser "
                "may elect to terminate and recover the deposit, or to close with an assignment of insurance.",
                "Planning. If title to part only of a parcel is sold, the sale is subject to subdivision approval.",
                "Costs. Each party bears its own legal costs; the vendor pays for discharges.",
                "Entire agreement. There are no representations, warranties or collateral terms other than these.",
                "Counterparts. Scanned and electronic signatures bind.",
            )
        ),
    ),
    header="||Purchase and Sale Agreement",
    footer="PSA rev. 7||{page} / {pages}",
)

# -- transfer of land

_DOWER = (
    Heading("AFFIDAVIT UNDER THE DOWER ACT", 1.1, centred=True),
    Para("I, the transferor named in the within instrument, make oath and say that:"),
    Clauses(
        (
            "I am the transferor named in the within instrument.",
            "Neither myself nor my spouse have resided on the land at any time since our marriage, or, where we did, "
            "the consent of my spouse is endorsed on the instrument.",
        )
    ),
    Signatures(("Commissioner for Oaths in and for Alberta", "Transferor")),
)

_SPOKEN_TRANSFER = Layout(
    "statutory_transfer_in_first_person",
    Style(face="serif", size=11.8, margin=78, leading=1.42),
    (
        Heading("LAND TITLES ACT", 1.0, centred=True),
        Heading("TRANSFER", 1.5, centred=True),
        Space(6),
        Para("I/We, {transferor!u},"),
        Para(
            "being the registered owner of an estate in fee simple, subject however to such encumbrances, liens and "
            "interests as are notified by memorandum underwritten or endorsed hereon, in the parcel of land in the "
            "{municipality}, LINC {linc}, contained in certificate of title {title_number} and being"
        ),
        Para("{short_legal}", indent=50),
        Para("{exception}", indent=50),
        Para("do hereby, in consideration of the sum of {consideration} paid to me by"),
        Para("{transferee!u}", indent=50),
        Para(
            "whose address is {transferee_address}, transfer to the said {transferee} {tenure} all my estate and "
            "interest in that piece of land."
        ),
        Para("I have signed this transfer at Foxhollow, Alberta on {transfer_date}."),
        Signatures(("Signature of Transferor", "{witness} (Witness)")),
        PageBreak(),
        *_DOWER,
        Space(10),
        Heading("AFFIDAVIT OF TRANSFEREE", 1.1, centred=True),
        Para(
            "I, one of the transferees or their agent, say that the current value of the land, together with "
            "everything that is attached to it, is in my opinion {land_value}."
        ),
        Signatures(("Commissioner for Oaths in and for Alberta", "Transferee or agent")),
    ),
    footer="{firm} file {matter_number}||{page}",
)

_PARTIED_TRANSFER = Layout(
    "transfer_with_party_table",
    Style(size=10, margin=58),
    (
        Table(
            (),
            (("{firm}\n{firm_address}", "Return to sender after registration\nClient file {matter_number}"),),
            (0.62, 0.38),
            ruled=False,
        ),
        Rule(1.4),
        Heading("Transfer of Land", 1.6, centred=True),
        Heading("A. Land transferred"),
        Table(
            ("Title number", "LINC", "Legal description"),
            (("{title_number}", "{linc}", "{short_legal}"),),
            (0.24, 0.22, 0.54),
        ),
        Para("{exception}"),
        Heading("B. Parties"),
        Table(
            ("", "Transferor", "Transferee"),
            (
                ("Name", "{transferor}", "{transferee}"),
                ("Capacity", "registered owner", "{tenure}"),
                ("Address", "as on title", "{transferee_address}"),
            ),
            (0.16, 0.36, 0.48),
        ),
        Heading("C. Consideration and value"),
        Table(
            ("True consideration", "Market value per affidavit", "Dated"),
            (("{consideration}", "{land_value}", "{transfer_date}"),),
            (0.33, 0.37, 0.3),
        ),
        Heading("D. Operative words"),
        Para(
            "For the consideration above the transferor transfers to the transferee the whole of the transferor's "
            "estate in the land, and the transferee accepts it subject to the registered encumbrances."
        ),
        Signatures(("Transferor", "Witness as to execution: {witness}")),
        Heading("E. Checklist of the registry clerk"),
        Para(
            "[  ] Affidavit of execution     [  ] Dower affidavit or consent     [  ] Affidavit of value     [  ] Fee"
        ),
    ),
    footer="Transfer||Page {page} of {pages}",
)

_SOFTWARE_TRANSFER = Layout(
    "document_assembly_transfer",
    Style(face="typewriter", size=9.8, margin=60, leading=1.36),
    (
        Heading("TRANSFER OF LAND", 1.4),
        Para("To: Registrar, Land Titles"),
        Rule(),
        Pairs(
            (
                ("Transferor(s)", "{transferor}"),
                ("Transferee(s)", "{transferee}"),
                ("Interest", "{tenure}"),
                ("Consideration", "{consideration}"),
                ("Certificate of Title", "{title_number}"),
                ("LINC No.", "{linc}"),
                ("Land", "{short_legal}"),
                ("Reserving", "{exception}"),
                ("Address of transferee(s)", "{transferee_address}"),
                ("Date of execution", "{transfer_date}"),
            ),
            "columns",
            split=0.34,
        ),
        Rule(),
        Para(
            "The transferor(s) named above, being the registered owner(s), hereby transfer(s) the land to the "
            "transferee(s) named above for the consideration stated, and acknowledge(s) its receipt."
        ),
        Signatures(("Transferor", "Transferor", "Witness", "Occupation of witness")),
        Para(
            "AFFIDAVIT OF EXECUTION: I, {witness}, was personally present and did see the transferor(s), who on the "
            "basis of identification provided to me I believe to be the person(s) named in the within instrument, "
            "duly sign it."
        ),
        Signatures(("Sworn before me: Commissioner for Oaths",)),
        Para("Contact for requisitions: {phone}, {email}"),
    ),
    header="Our ref {matter_number}||{firm}",
    footer="|{page}/{pages}|",
)

# -- mortgage

_UNION_TERMS = (
    "You promise to pay us the loan amount, interest and every cost that this mortgage lets us charge.",
    "You will pay the property taxes as they come due. If we ask, you will pay one twelfth of the estimated yearly tax "
    "to us each month and we will pay the municipality.",
    "You will insure the buildings for what it would cost to replace them and name us on the policy.",
    "You will not tear down, rent out or substantially change the buildings unless we agree.",
    "If you sell the property we may require payment of the loan in full or let the buyer take it over.",
    "You may increase your payment by up to one fifth once a year, and pay down as much as one fifth of the original "
    "amount on any payment date.",
    "If you miss a payment for fifteen days, if you break a promise made here or if someone else starts proceedings "
    "against the property, we may ask for the whole loan at once and use every remedy that the law gives us.",
    "We may inspect the property and have it appraised, at your expense if you are in default.",
    "We do not have to advance the loan, or the rest of it, if we learn that something you told us is untrue.",
    "If you separate, die or become bankrupt, those who take over the property take it subject to this mortgage.",
    "When everything is paid we will give you a discharge. You pay our fee for it and the registration fee.",
    "For these promises you mortgage to us your whole estate and interest in the property.",
)

_MEMBER_MORTGAGE = Layout(
    "credit_union_member_mortgage",
    Style(size=9.8, margin=54, values="bold"),
    (
        Heading("{mortgagee}", 1.4),
        Heading("Residential Mortgage", 1.7),
        Para(
            "In this mortgage you means each person who signs as mortgagor; we and us mean {mortgagee}, the mortgagee."
        ),
        Pairs(
            (
                ("Mortgagor(s)", "{mortgagor}"),
                ("Social insurance no.", "{mortgagor_sin}"),
                ("Birth date", "{mortgagor_born}"),
                ("Home phone", "{mortgagor_phone}"),
                ("E-mail", "{mortgagor_email}"),
                ("Property", "{property_address}"),
                ("Legal land description", "{short_legal}"),
                ("Loan amount", "{principal}"),
                ("Annual interest rate", "{interest_rate}"),
                ("Date of mortgage", "{mortgage_date}"),
                ("Term", "{term}"),
                ("Amortization", "{amortisation}"),
            ),
            "boxed",
        ),
        Heading("What you promise"),
        Clauses(_UNION_TERMS),
        Heading("Signing"),
        Para(
            "By signing you say that you have received a copy of this mortgage and were told that you may see a "
            "lawyer of your own."
        ),
        Signatures(("Member", "Witness", "Member", "Witness")),
    ),
    footer="Branch copy. Solicitor's file {matter_number}||Page {page} of {pages}",
)

_BETWEEN_MORTGAGE = Layout(
    "trust_deed_between_parties",
    Style(face="serif", size=11.4, margin=76, leading=1.38),
    (
        Para("THIS MORTGAGE, made under the Land Titles Act of Alberta and dated {mortgage_date},"),
        Heading("BETWEEN", 1.0, centred=True),
        Para("{mortgagor!u}", "bold", centred=True),
        Para("of the first part, called the Mortgagor,", centred=True),
        Para("and", centred=True),
        Para("{mortgagee!u}", "bold", centred=True),
        Para("of the second part, called the Mortgagee, WITNESSES THAT:", centred=True),
        Space(4),
        Para(
            "The Mortgagor is the registered owner in fee simple of {short_legal} (the Lands), and has asked the "
            "Mortgagee for a loan on the security of the Lands. In consideration of {principal} advanced or to be "
            "advanced by the Mortgagee, the Mortgagor covenants with the Mortgagee:"
        ),
        Clauses(
            (
                "To pay to the Mortgagee, at its head office or where it directs, the principal sum of {principal} "
                "together with interest on it at {interest_rate} a year, compounded semi-annually not in advance, both "
                "before and after maturity and default.",
                "That the principal and interest be paid in equal monthly payments sufficient to retire the loan over "
                "{amortisation}, and that whatever is then unpaid be paid at the end of {term}.",
                "To pay rates, taxes and condominium levies, and to give the Mortgagee proof of payment each year by "
                "the thirtieth of September.",
                "To insure against fire and other insurable hazards in an amount that the Mortgagee approves.",
                "Not to commit waste, and to repair within seven days of a notice to do so.",
                "That the Mortgagee may on default for one month enter and take possession, and may sell by public "
                "auction or private contract under an order of the Court.",
                "That no sale, further charge or lease for more than three years be made without leave in writing.",
                "That the Mortgagee may have a receiver of the rents appointed who is the agent of the Mortgagor.",
                "That the reasonable charges of the Mortgagee's solicitors be added to the debt.",
                "That on default in any payment or covenant the whole of the moneys secured become due without notice.",
                "That the Mortgagor may prepay on any payment date one tenth of the original principal sum without "
                "bonus, and may otherwise prepay only on paying three months' interest.",
                "That a judgment on any covenant does not merge the covenant, and that no extension of time or "
                "renewal, whether or not registered, postpones the security.",
                "That the Mortgagor is not aware of urea formaldehyde insulation, of contamination, or of the growing "
                "of plants that the law forbids on the Lands, now or earlier.",
                "That words importing one number or gender include every other, and that the covenants are joint and "
                "several.",
            )
        ),
        Para(
            "AND for the better securing of the said sums the Mortgagor hereby mortgages to the Mortgagee all the "
            "Mortgagor's estate and interest in the Lands."
        ),
        Signatures(("{mortgagor}", "Witness")),
        Para("Particulars kept for the Mortgagee: SIN {mortgagor_sin}.", "italic"),
        Para("Telephone of the first Mortgagor: {mortgagor_phone}.", "italic"),
    ),
    header="||{firm} / {matter_number}",
    footer="|Page {page}|",
)

_DISCLOSED_MORTGAGE = Layout(
    "bank_cost_table_mortgage",
    Style(size=9.6, margin=52, leading=1.34),
    (
        Table(
            (),
            (("{mortgagee}\nRetail Lending Centre", "Mortgage registration copy\nSolicitor ref. {matter_number}"),),
            (0.6, 0.4),
            right=(1,),
            ruled=False,
        ),
        Rule(1.6),
        Heading("Mortgage and Statement of Terms", 1.5),
        Table(
            ("Who and what", "Details"),
            (
                ("The lender", "{mortgagee}"),
                ("The borrower, who is also the mortgagor", "{mortgagor}"),
                ("The mortgaged property", "{short_legal}"),
                ("Known as", "{property_address}"),
                ("This mortgage is dated", "{mortgage_date}"),
            ),
            (0.36, 0.64),
        ),
        Table(
            ("Amount borrowed", "Rate per year", "Term", "Amortization", "Type"),
            (("{principal}", "{interest_rate}", "{term}", "{amortisation}", "Fixed, closed"),),
            (0.28, 0.18, 0.16, 0.18, 0.2),
        ),
        Table(
            ("About the first borrower", ""),
            (
                ("SIN", "{mortgagor_sin}"),
                ("Date of birth", "{mortgagor_born}"),
                ("Phone", "{mortgagor_phone}"),
                ("E-mail", "{mortgagor_email}"),
            ),
            (0.36, 0.64),
        ),
        Heading("Terms"),
        Clauses(
            (
                "The borrower charges the property with payment of the amount borrowed, interest and costs.",
                "Payments are applied to insurance premiums and taxes that we paid, then to interest, then to the "
                "amount borrowed.",
                "The standard mortgage terms filed by the lender at the land titles office form part of this mortgage, "
                "and the borrower acknowledges having been given them.",
                "Prepayment of more than the yearly privilege costs the greater of three months' interest and the "
                "difference in interest rates for the remainder of the term.",
                "If the borrower is a couple or a group, each is bound by all of it.",
                "The lender may assign this mortgage without notice to the borrower.",
            )
        ),
        Signatures(("Borrower", "Witness to borrower's signature")),
    ),
    footer="6040-AB (mortgage, fixed rate)||{page} of {pages}",
)

# -- tax certificate

_COUNTER_TAXES = Layout(
    "town_online_tax_certificate",
    Style(size=10.2, margin=56, values="bold"),
    (
        Heading("{municipality}", 1.3),
        Heading("Property Tax Certificate", 1.8),
        Rule(1.0),
        Space(4),
        Pairs(
            (
                ("Roll #", "{roll_number}"),
                ("Issued", "{certificate_date}"),
                ("Your file #", "{matter_number}"),
                ("Civic address", "{property_address}"),
                ("Legal", "{short_legal}"),
                ("Owner", "{owner}"),
                ("{tax_year} levy", "{tax_levy}"),
                ("Arrears", "{tax_arrears}"),
                ("Total balance", "{total_owing}"),
            ),
            "boxed",
            columns=3,
        ),
        Heading("Assessment"),
        Pairs(
            (("Assessed value", "{assessed_value}"), ("Class", "{property_class}"), ("Taxable", "Yes")),
            "abreast",
            columns=3,
        ),
        Heading("Please note"),
        Clauses(
            (
                "Issued under section 350 of the Municipal Government Act.",
                "A penalty of 7% applies to current taxes that are unpaid after June 30, and of 9% to balances that "
                "are unpaid after December 31.",
                "The account is not on the tax instalment payment plan. A plan cannot be passed on to a new owner.",
                "Water, sewer and waste accounts are separate. Ask for a utility statement.",
            )
        ),
        Para("Issued to {firm} through the online service. Valid without signature."),
    ),
    footer="{municipality} Tax Department||Page {page} of {pages}",
)

_COUNTY_TAXES = Layout(
    "county_treasurer_reply",
    Style(face="serif", size=11.8, margin=80, leading=1.4),
    (
        Heading("{municipality!u}", 1.2, centred=True),
        Para("Finance and Administration", "italic", centred=True),
        Rule(),
        Para("{certificate_date}"),
        Para("{firm}\n{firm_address}"),
        Para("Dear Sir or Madam:"),
        Para("RE: Tax Certificate, Roll No. {roll_number}, {owner}", "bold"),
        Para(
            "Your letter on file {matter_number} has been received with the prescribed fee. We confirm that the "
            "property under the above roll, namely {short_legal}, is assessed in this municipality at "
            "{assessed_value}."
        ),
        Para(
            "The total property tax levied for {tax_year} is {tax_levy}. In addition there is an amount of "
            "{tax_arrears} in tax arrears, including penalties, from prior years. We therefore show {total_owing} as "
            "payable on the roll at the date of this letter."
        ),
        Para(
            "There is no local improvement charge on the parcel, and no tax recovery notification has been "
            "registered. Should payment arrive late, penalties are added on the first of September and the first of "
            "January in accordance with our bylaw."
        ),
        Para(
            "This letter is given as a certificate under the Municipal Government Act. Trusting that this is the "
            "information you require,"
        ),
        Para("Yours truly,"),
        Signatures(("Taxation Clerk",)),
        Para("for the {municipality}"),
    ),
    footer="|Property: {property_address}|",
)

_YEARED_TAXES = Layout(
    "roll_by_year_table",
    Style(face="typewriter", size=9.4, margin=54),
    (
        Heading("CERTIFICATE OF TAXES", 1.4, centred=True),
        Para("{municipality!u}", "bold", centred=True),
        Rule(),
        Table(
            (),
            (
                ("ROLL NUMBER", "{roll_number}", "CERTIFICATE DATE", "{certificate_date}"),
                ("REQUESTED BY", "{firm}", "REFERENCE", "{matter_number}"),
            ),
            (0.18, 0.32, 0.22, 0.28),
            ruled=False,
        ),
        Para("LEGAL DESCRIPTION: {short_legal}"),
        Para("LOCATION: {property_address}"),
        Para("ASSESSED PERSON(S): {owner!f}"),
        Table(
            ("TAX YEAR", "LEVY", "PENALTY", "OUTSTANDING"),
            (
                ("{tax_year}", "{tax_levy}", "0.00", "{tax_levy}"),
                ("PRIOR (ARREARS)", "", "", "{tax_arrears}"),
                ("TOTAL", "", "", "{total_owing}"),
            ),
            (0.25, 0.26, 0.2, 0.29),
            right=(1, 2, 3),
            totals=1,
        ),
        Para("LOCAL IMPROVEMENTS: NONE     TAX SALE: NO     INSTALMENT PLAN: NO"),
        Para(
            "I HEREBY CERTIFY THAT THE ABOVE IS A CORRECT STATEMENT OF THE TAXES ON THE ABOVE DESCRIBED PARCEL AS "
            "SHOWN BY THE RECORDS OF THIS OFFICE. SUBJECT TO CHEQUES CLEARING."
        ),
        Signatures(("ASSESSMENT AND TAX OFFICE",)),
    ),
    footer="PRINTED BY TAX ENQUIRY||{page}",
)

# -- real property report


def _outline(x0: float, y0: float, x1: float, y1: float, width: float) -> tuple[Stroke, ...]:
    return (
        Stroke(x0, y0, x1, y0, width),
        Stroke(x1, y0, x1, y1, width),
        Stroke(x1, y1, x0, y1, width),
        Stroke(x0, y1, x0, y0, width),
    )


def _corner_lot(_: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    """A corner lot between an avenue below and a street at the right, with a house, a porch and a shed."""
    return (
        *_outline(0.1, 0.08, 0.78, 0.84, 1.6),
        *_outline(0.2, 0.36, 0.62, 0.7, 1.1),
        *_outline(0.34, 0.7, 0.48, 0.76, 0.7),
        *_outline(0.16, 0.14, 0.28, 0.24, 0.9),
        Stroke(0.02, 0.93, 0.98, 0.93, 0.6),
        Stroke(0.88, 0.02, 0.88, 0.93, 0.6),
        Stroke(0.1, 0.11, 0.78, 0.11, 0.4, dashed=True),
        Stroke(0.5, 0.76, 0.5, 0.93, 0.4, dashed=True),
        Stroke(0.94, 0.24, 0.94, 0.1, 1.0),
        Stroke(0.94, 0.1, 0.928, 0.14, 1.0),
        Stroke(0.94, 0.1, 0.952, 0.14, 1.0),
        Caption(0.94, 0.08, "N"),
        Caption(0.44, 0.98, "AVENUE"),
        Caption(0.925, 0.55, "STREET", 90),
        Caption(0.41, 0.54, "DWELLING"),
        Caption(0.41, 0.74, "porch"),
        Caption(0.22, 0.2, "shed"),
        Caption(0.44, 0.82, "{frontage}"),
        Caption(0.075, 0.46, "{depth}", 90),
        Caption(0.815, 0.46, "{depth}", 90),
        Caption(0.5, 0.07, "fence 0.10 inside"),
        Caption(0.155, 0.55, "2.44", 90),
        Caption(0.7, 0.55, "3.66"),
    )


_FIELD_NOTES = (
    "Measurements are metric. Iron posts found are shown by a solid dot, those placed by an open one.",
    "Eaves are dimensioned to the line of the fascia, foundations to the concrete.",
    "Fences lie within 0.20 metres of the boundary unless the plan shows a figure.",
)

_LETTER_REPORT = Layout(
    "surveyor_reporting_letter",
    Style(face="serif", size=11.2, margin=74, leading=1.38),
    (
        Heading("{surveyor}", 1.6, centred=True),
        Para("Professional land surveying in central Alberta", "italic", centred=True),
        Rule(),
        Para("To {firm}, {firm_address}"),
        Para("Your file {matter_number}, our job {job}"),
        Heading("Alberta Land Surveyor's Real Property Report", 1.1),
        Para(
            "As instructed, our crew completed the field survey of {property_address} on {survey_date}. The property "
            "is legally {short_legal} and stands in the name of {owner} in certificate of title {title_number}, "
            "which we searched before the survey."
        ),
        Para(
            "I certify that the survey was made under my direct supervision in accordance with the standards of "
            "practice of the Alberta Land Surveyors' Association. It is my opinion that the attached plan illustrates "
            "the boundaries of the property and the improvements on it; that the improvements are entirely within the "
            "boundaries; that nothing visible encroaches from next door; and that there are no registered easements "
            "or rights of way that touch the improvements, save those drawn on the plan."
        ),
        Para(
            "The report is prepared for the benefit of the owner, later owners and their agents in the sale of the "
            "property. It shows matters at the date of survey only, and it should not be used to establish boundaries "
            "for building a fence."
        ),
        Para("Respectfully,"),
        Signatures(("Alberta Land Surveyor (seal)",)),
        PageBreak(),
        Heading("Plan", 1.2, centred=True),
        Figure(_corner_lot, 500),
    ),
    footer="|{surveyor}|{page}",
)

_TITLED_PLAN = Layout(
    "drawing_with_title_block",
    Style(size=9, margin=44),
    (
        Figure(_corner_lot, 440),
        Rule(1.2),
        Pairs(
            (
                ("CLIENT / FILE", "{firm} / {matter_number}"),
                ("DATE OF SURVEY", "{survey_date}"),
                ("LEGAL DESCRIPTION", "{short_legal}"),
                ("MUNICIPAL ADDRESS", "{property_address}"),
                ("SURVEY FIRM", "{surveyor}"),
                ("JOB NO. / SCALE", "{job} / 1:200"),
            ),
            "boxed",
        ),
        Para("ALBERTA LAND SURVEYOR'S REAL PROPERTY REPORT", "bold"),
        Para("Certified correct. Plan is not valid unless it bears an original or digital signature and permit stamp."),
        PageBreak(),
        Heading("NOTES AND CERTIFICATION", 1.2),
        Clauses(
            (
                *_FIELD_NOTES,
                "Title {title_number}, registered owner {owner}, was searched and its encumbrances were reviewed.",
                "I certify that the improvements as shown are within the boundaries and that no encroachments are "
                "visible.",
            )
        ),
        Signatures(("A.L.S.", "Municipal compliance stamp")),
    ),
    header="||RPR {job}",
    footer="{surveyor}||SHEET {page}/{pages}",
)

_LEADERED_REPORT = Layout(
    "report_with_leaders",
    Style(size=10.4, margin=66),
    (
        Heading("REAL PROPERTY REPORT", 1.5),
        Para("Part 1 of 2: description and certification"),
        Rule(),
        Pairs(
            (
                ("Prepared by", "{surveyor}"),
                ("Field work completed", "{survey_date}"),
                ("Registered owner", "{owner}"),
                ("Title examined", "{title_number}"),
                ("Surveyor's job", "{job}"),
                ("Lawyer's file", "{matter_number}"),
            ),
            "leaders",
        ),
        Heading("Property surveyed"),
        Pairs((("Legal description", "{short_legal}"), ("Address", "{property_address}")), "inline"),
        Heading("Improvements found"),
        Table(
            ("Improvement", "Nearest boundary", "Distance (m)"),
            (
                ("Dwelling, storey and a half", "West", "2.44"),
                ("Dwelling, storey and a half", "East", "3.66"),
                ("Porch, covered", "South", "4.10"),
                ("Shed, movable", "North", "0.92"),
            ),
            (0.46, 0.3, 0.24),
            right=(2,),
        ),
        Heading("Certification"),
        Para(
            "I, a practising Alberta Land Surveyor, certify that this report was prepared from a survey that I "
            "supervised, and that in my opinion:"
        ),
        Clauses(
            (
                "what is drawn in Part 2 is what was there on the day of the field work;",
                "no improvement crosses a boundary, and none reaches into a registered right of way;",
                "the boundaries agree with the registered plan and with the evidence found on the ground.",
            )
        ),
        Signatures(("Surveyor's signature", "Date signed")),
        PageBreak(),
        Para("Part 2 of 2: plan"),
        Figure(_corner_lot, 480),
        Clauses(_FIELD_NOTES),
    ),
    footer="{surveyor}|Job {job}|{page} of {pages}",
    legal="numbered",
)

# -- statement of adjustments

_DOUBLE_ENTRY = Layout(
    "seller_office_double_entry",
    Style(size=10.2, margin=58),
    (
        Heading("Statement of Adjustments", 1.7, centred=True),
        Para("{seller} sale to {buyer}", centred=True),
        Para("{property_address}", centred=True),
        Para("{short_legal}", centred=True),
        Space(6),
        Table(
            (),
            (("Adjusted as of: {adjustment_date}", "File: {matter_number}"),),
            (0.6, 0.4),
            right=(1,),
            ruled=False,
        ),
        Table(
            ("Particulars", "Seller", "Buyer"),
            (
                ("Sale price", "{purchase_price}", ""),
                ("Deposit paid to the brokerage", "", "{deposit}"),
                (
                    "Property taxes, yearly levy of {tax_levy}: seller's share for {tax_days} days",
                    "",
                    "{tax_adjustment}",
                ),
                ("Payable by the buyer to close", "", "{balance_due}"),
                ("", "{purchase_price}", "{purchase_price}"),
            ),
            (0.54, 0.23, 0.23),
            right=(1, 2),
            totals=1,
        ),
        Para(
            "The buyer is responsible for the day of adjustment. Interest at the contract rate runs on funds that are "
            "received after noon."
        ),
        Para("E. & O. E.", "bold"),
        Para("Prepared by {other_firm} for the seller. Reviewed by {firm} for the buyer.", "italic"),
    ),
    footer="||{page}",
)

_FUNDS_LETTER = Layout(
    "letter_asking_for_funds",
    Style(face="serif", size=11.6, margin=80, leading=1.4),
    (
        Heading("{firm}", 1.3),
        Para("{firm_address}\nTelephone {firm_phone}"),
        Space(8),
        Para("{buyer}"),
        Para("Our file {matter_number}: your purchase of {property_address} from {seller}", "bold"),
        Para(
            "We have now received the statement of adjustments and set out below how the amount needed to complete "
            "your purchase was arrived at. All items were adjusted as at {adjustment_date}."
        ),
        Para(
            "You agreed to a purchase price of {purchase_price}. Against it you have credit for the deposit of "
            "{deposit} that you paid when the contract was signed. You also have credit for property taxes: the taxes "
            "for the year, at {tax_levy}, have not been paid, so that the seller allows you {tax_adjustment} for the "
            "{tax_days} days from {january} on which the seller owned the property. When the tax notice arrives in "
            "spring you will pay the whole of it."
        ),
        Para(
            "Your credits come to {credits}, which leaves a balance of {balance_due} due to the seller's lawyer. Your "
            "lender will send us {mortgage_proceeds} toward this. Our fee of {fees} and GST of {gst}, and land titles "
            "charges of {registration_fees}, are billed separately."
        ),
        Para(
            "Please bring a bank draft for the difference when you come in to sign. Do not send funds on instructions "
            "received by e-mail without calling us first."
        ),
        Para("Yours very truly,"),
        Signatures(("{lawyer}",)),
    ),
    footer="|{firm_email}|",
)

_WORKSHEET = Layout(
    "closing_worksheet",
    Style(size=10.5, margin=72, values="bold"),
    (
        Heading("CLOSING WORKSHEET AND ADJUSTMENTS", 1.3),
        Pairs(
            (
                ("Matter", "{matter_number}"),
                ("Adjusting date", "{adjustment_date}"),
                ("Purchaser", "{buyer}"),
                ("Vendor", "{seller}"),
            ),
            "abreast",
        ),
        Rule(),
        Heading("Price", 1.05),
        Pairs((("Purchase price per contract", "{purchase_price}"),), "leaders"),
        Heading("Less", 1.05),
        Pairs(
            (
                ("Deposit", "{deposit}"),
                ("Vendor's share of property tax", "{tax_adjustment}"),
                ("Total deductions", "{credits}"),
            ),
            "leaders",
        ),
        Heading("Result", 1.05),
        Pairs((("Balance due on closing", "{balance_due}"),), "leaders"),
        Rule(),
        Heading("How the tax was worked out", 1.05),
        Para(
            "Levy {tax_levy} divided by 365, times {tax_days} days from {january} to the day before the adjusting "
            "date. The current levy is not yet known; last year's is used, without readjustment."
        ),
        Heading("Cheques to issue", 1.05),
        Table(
            ("Payee", "For"),
            (
                ("{other_firm}, in trust", "balance due on closing"),
                ("{firm}", "fees, disbursements and GST"),
                ("Land titles office", "registration of transfer and mortgage"),
            ),
            (0.5, 0.5),
        ),
        Signatures(("Prepared by (clerk)", "Reviewed by {lawyer}")),
    ),
    footer="{firm}||Worksheet page {page}",
)

# -- caveat

_NOTICE_CAVEAT = Layout(
    "take_notice_with_affidavit",
    Style(face="serif", size=11.6, margin=78, leading=1.4),
    (
        Heading("CAVEAT", 1.6, centred=True),
        Para("To the Registrar, North Alberta Land Registration District", centred=True),
        Space(6),
        Para(
            "TAKE NOTICE that {caveator}, a body corporate with an office in the Province of Alberta, claims an estate "
            "or interest as grantee under a utility easement in writing bearing date {agreement_on}, made by "
            "{registered_owner} as grantor, in the following land:"
        ),
        Para("{short_legal}", indent=48),
        Para("{exception}", indent=48),
        Para(
            "LINC {linc}; and being the land in certificate of title {title_number} standing in the register in the "
            "name of the said grantor, AND IT FORBIDS the registration of any person as transferee or owner of, or of "
            "any instrument affecting, that estate or interest, unless the instrument or certificate of title, as the "
            "case may be, is expressed to be subject to its claim."
        ),
        Para(
            "IT APPOINTS the office of {firm}, {firm_address}, as the place at which notices and proceedings relating "
            "hereto may be served."
        ),
        Signatures(("Agent for the caveator",)),
        PageBreak(),
        Heading("AFFIDAVIT IN SUPPORT OF CAVEAT", 1.15, centred=True),
        Clauses(
            (
                "I am agent for the within named caveator.",
                "I believe that the caveator has a good and valid claim upon the land, and I say that this caveat is "
                "not filed for the purpose of delaying or embarrassing any person interested in it.",
            )
        ),
        Signatures(("Commissioner for Oaths", "Deponent")),
        Space(6),
        Rule(),
        Para(
            "Endorsed by the registrar: this caveat was registered as number {registration_number} on "
            "{registration_date}."
        ),
    ),
    header="File {matter_number}||",
    footer="||{page}",
)

_COVERED_CAVEAT = Layout(
    "registered_instrument_cover_sheet",
    Style(size=10, margin=60),
    (
        Heading("Land Titles Office", 1.1),
        Heading("Image of Document Registered", 1.5),
        Pairs(
            (
                ("Document number", "{registration_number}"),
                ("Registered", "{registration_date}"),
                ("Document type", "Caveat"),
                ("Number of pages", "2"),
            ),
            "above",
            columns=4,
        ),
        Table(
            ("LINC", "Title number", "Land affected"),
            (("{linc}", "{title_number}", "{short_legal}"),),
            (0.22, 0.24, 0.54),
        ),
        Para(
            "Advisory: this cover sheet is produced by the registry for the convenience of the searcher and is not "
            "part of the document. The original is kept on microfilm.",
            "italic",
        ),
        Para("Searched for {firm}. Reference: {matter_number}"),
        PageBreak(),
        Heading("CAVEAT RE: EASEMENT AGREEMENT", 1.2),
        Pairs(
            (
                ("Caveator", "{caveator}"),
                ("Registered owner of the land", "{registered_owner}"),
                ("Interest claimed under", "an agreement made {agreement_on}"),
                ("Address for service", "Land Department, Box 1190, Stonebrook, Alberta"),
            ),
            "columns",
        ),
        Para(
            "The caveator claims the right to keep conduits, cables and their appurtenances on the land and forbids "
            "any registration that is not made subject to the right."
        ),
        Signatures(("Per: {caveator}", "Witness")),
    ),
    footer="{registration_number}||Page {page} of {pages}",
)

_DEVELOPER_CAVEAT = Layout(
    "developer_restrictive_covenant_caveat",
    Style(face="typewriter", size=10, margin=64, leading=1.34),
    (
        Heading("CAVEAT (RESTRICTIVE COVENANT)", 1.25),
        Rule(),
        Pairs(
            (
                ("Filed by", "{caveator}"),
                ("Against title", "{title_number}"),
                ("In the name of", "{registered_owner}"),
                ("LINC", "{linc}"),
                ("Legal description", "{short_legal}"),
                ("Registration no.", "{registration_number}"),
                ("Date registered", "{registration_date}"),
                ("Covenant dated", "{agreement_on}"),
                ("Solicitor's file", "{matter_number}"),
            ),
            "inline",
        ),
        Rule(),
        Para(
            "The caveator claims for its own lands the benefit of a covenant by which the owner and those who follow:"
        ),
        Clauses(
            (
                "keep the drainage swale along the rear boundary open and graded as built;",
                "finish the exterior in the colours and materials of the architectural guidelines;",
                "build no fence of chain link, and none higher than 1.83 metres.",
            )
        ),
        Para(
            "No instrument may be registered unless it is subject to this claim. Service may be made on the solicitors "
            "for the caveator."
        ),
        Signatures(("Authorized officer", "Commissioner for Oaths")),
    ),
    footer="|Page {page}|",
)

# -- discharge

_BANK_DISCHARGE = Layout(
    "bank_discharge_of_mortgage_boxes",
    Style(size=10.4, margin=58),
    (
        Heading("{mortgagee}", 1.2),
        Para("Mortgage Discharge Unit"),
        Rule(1.4),
        Para("[X] Full discharge     [  ] Partial discharge     [  ] Discharge of assignment of rents"),
        Heading("FULL DISCHARGE OF MORTGAGE", 1.4),
        Space(4),
        Pairs(
            (
                ("Registration number of mortgage", "{instrument_number}"),
                ("Registration date", "{registered_on}"),
                ("Certificate of title", "{title_number}"),
                ("Our discharge dated", "{discharge_date}"),
                ("Mortgagee", "{mortgagee}"),
                ("Mortgagor(s)", "{mortgagor}"),
            ),
            "boxed",
        ),
        Pairs((("Land charged", "{short_legal}"),), "boxed", columns=1),
        Para(
            "The mortgagee states that the mortgage is wholly discharged, that it is still the holder of the mortgage "
            "and is the party entitled by law to discharge it."
        ),
        Signatures(("Authorized Signing Officer", "Authorized Signing Officer")),
        Para("Solicitor: {firm}. Solicitor's file: {matter_number}."),
        Para(
            "The registration fee is the borrower's. This form releases no overdraft, credit card or line of credit.",
            "italic",
        ),
    ),
    footer="DSC-AB-01||{page}/{pages}",
)

_ENCLOSED_DISCHARGE = Layout(
    "letter_enclosing_discharge",
    Style(face="serif", size=11.6, margin=78, leading=1.42),
    (
        Heading("{mortgagee}", 1.4),
        Para("Customer Service Centre, Mortgages", "italic"),
        Space(8),
        Para("{discharge_date}"),
        Para("{firm}\n{firm_address}"),
        Para("Your file: {matter_number}\nOur customer: {mortgagor}"),
        Para(
            "Thank you for the payout funds. The loan has been closed, and the discharge follows this letter for "
            "registration at your client's cost. Please let us have particulars of registration when you have them."
        ),
        Para("Sincerely,"),
        Signatures(("Payout specialist",)),
        PageBreak(),
        Heading("DISCHARGE", 1.4, centred=True),
        Para(
            "{mortgagee} does hereby acknowledge to have received all the money due, or to become due, under the "
            "mortgage made by {mortgagor} to {mortgagee}, which mortgage was registered in the Land Titles Office on "
            "{registered_on} as number {instrument_number} on certificate of title {title_number}, and that the "
            "mortgage has not been transferred, and that the same is wholly discharged."
        ),
        Para("In witness whereof its duly authorized officers have signed on {discharge_date}."),
        Signatures(("Per", "Per")),
        Heading("Affidavit verifying corporate signing authority", 1.05),
        Para(
            "I am an officer of the corporation named in the within instrument and am authorized by it to execute the "
            "instrument without affixing a corporate seal."
        ),
        Signatures(("Commissioner for Oaths", "Officer")),
    ),
    footer="|{page}|",
)

_LISTED_DISCHARGE = Layout(
    "payout_confirmation_listing",
    Style(size=9.8, margin=62),
    (
        Heading("Mortgage payout and discharge confirmation", 1.5),
        Para("Keep this page with the title documents.", "italic"),
        Table(
            ("Item", "Particulars"),
            (
                ("Lender (mortgagee)", "{mortgagee}"),
                ("Borrower (mortgagor)", "{mortgagor}"),
                ("Property", "{property_address}"),
                ("Title", "{title_number}"),
                ("Instrument discharged", "Mortgage {instrument_number}"),
                ("Discharged on", "{discharge_date}"),
                ("Requested by", "{firm}, matter {matter_number}"),
            ),
            (0.34, 0.66),
        ),
        Heading("Final account"),
        Table(
            ("Entry", "Balance after"),
            (("Principal paid out", "0.00"), ("Accrued interest", "0.00"), ("Discharge fee", "0.00")),
            (0.6, 0.4),
            right=(1,),
        ),
        Para(
            "The lender authorizes the registrar to remove the instrument from the title and claims no further "
            "interest in the land under it."
        ),
        Signatures(("For the lender", "Title and date")),
    ),
    header="{mortgagee}||Page {page} of {pages}",
    footer="||",
)

# -- estoppel certificate

_QUESTIONED = Layout(
    "manager_information_table",
    Style(size=9.8, margin=56),
    (
        Heading("{manager}", 1.3),
        Para("as agent for Condominium Corporation No. {condominium_plan}"),
        Heading("ESTOPPEL CERTIFICATE AND INFORMATION STATEMENT", 1.25),
        Table(
            (),
            (("Date issued: {certificate_date}", "Law office file: {matter_number}"),),
            (0.55, 0.45),
            ruled=False,
        ),
        Table(
            ("#", "Item", "Response"),
            (
                ("1", "Condominium plan number", "{condominium_plan}"),
                ("2", "Legal unit number", "{unit_number}"),
                ("3", "Suite address", "{property_address}"),
                ("4", "Owner on our records", "{owner}"),
                ("5", "Condominium contribution per month", "{monthly_contribution}"),
                ("6", "Contributions and interest in arrears", "{arrears}"),
                ("7", "Special levies approved but unpaid", "None"),
                ("8", "Balance of the reserve fund", "{reserve}"),
                ("9", "Actions or judgments against the corporation", "None known to the manager"),
                ("10", "Parking", "One stall, common property, assigned by lease"),
                ("11", "Post-dated cheques on hand", "None, paid by pre-authorized debit"),
                ("12", "Deductible for water damage", "$50,000.00"),
                ("13", "Pets", "With the consent of the board"),
            ),
            (0.06, 0.46, 0.48),
        ),
        Para(
            "Certified correct as of the date issued, for the use of {firm} and its client, under the Condominium "
            "Property Act."
        ),
        Signatures(("{manager}", "Board member")),
    ),
    footer="Certificate fee paid. Updates within 30 days are free.||{page}",
)

_BOARD_PROSE = Layout(
    "board_certifies_by_statute",
    Style(face="serif", size=11.6, margin=80, leading=1.42),
    (
        Heading("THE OWNERS: CONDOMINIUM PLAN NO. {condominium_plan}", 1.2, centred=True),
        Rule(),
        Para("To: {firm}, {firm_address}"),
        Para("Re: {owner}, {property_address}. Your reference {matter_number}."),
        Heading("Estoppel Certificate", 1.2),
        Para(
            "At your request, and as the Condominium Property Act provides, the corporation hereby certifies with "
            "respect to Unit {unit_number} as of {certificate_date}:"
        ),
        Clauses(
            (
                "that the contribution set by the board for the unit is {monthly_contribution} each month, payable on "
                "the first of the month to {manager};",
                "that the amount owing and unpaid for the unit is {arrears}, inclusive of interest to date;",
                "that no special assessment has been passed by the board since the last annual meeting;",
                "that the capital replacement reserve fund held {reserve} at the last month end;",
                "that the corporation is insured as its bylaws require, and that the deductible for water escape is "
                "$25,000.",
            )
        ),
        Para(
            "Copies of the bylaws, the budget, the reserve fund plan and the last minutes may be had from the manager "
            "for the usual charge."
        ),
        Para("Sealed with the seal of the corporation in the presence of its proper officers."),
        Signatures(("President", "Treasurer")),
    ),
    footer="|{page}|",
)

_STRATA_FORM = Layout(
    "property_manager_account_form",
    Style(size=10.4, margin=62, values="bold"),
    (
        Heading("Condominium Estoppel", 1.9),
        Para("Prepared by {manager}"),
        Heading("Unit"),
        Pairs(
            (
                ("Condo plan #", "{condominium_plan}"),
                ("Unit #", "{unit_number}"),
                ("Registered owner", "{owner}"),
                ("Civic address", "{property_address}"),
            ),
            "ruled",
            split=0.32,
        ),
        Heading("Account"),
        Pairs(
            (
                ("Condo fees (monthly)", "{monthly_contribution}"),
                ("Fees outstanding", "{arrears}"),
                ("Special assessment", "Nil"),
                ("NSF and late charges", "Nil"),
            ),
            "ruled",
            split=0.32,
        ),
        Heading("Corporation"),
        Pairs(
            (
                ("Reserve fund", "{reserve}"),
                ("Fiscal year end", "July 31"),
                ("Insurance certificate", "attached"),
            ),
            "ruled",
            split=0.32,
        ),
        Pairs((("Certificate date", "{certificate_date}"), ("Lawyer file", "{matter_number}")), "above"),
        Para(
            "The corporation is bound by the figures on this form. Payments received after the certificate date are "
            "not shown."
        ),
        Signatures(("Condominium manager",)),
    ),
    footer="{manager}||Page {page} of {pages}",
)

# -- letter of undertaking

_COUNSEL_LETTER = Layout(
    "counsel_to_counsel_prose",
    Style(face="serif", size=11.4, margin=78, leading=1.4),
    (
        Table(
            (),
            (("{firm}\nLawyers", "{firm_address}\n{firm_phone}"),),
            (0.45, 0.55),
            right=(1,),
            ruled=False,
        ),
        Rule(),
        Para("{undertaking_date}"),
        Para("Delivered by courier"),
        Para("{addressee}"),
        Para("Attention: the lawyer in charge of the file"),
        Para("Re: {clients}\n{property_address}\nOur file {matter_number}", "bold"),
        Para(
            "We act for {clients} in this transaction. Your documents were received on trust conditions which we "
            "accept, with the clarifications below."
        ),
        Para(
            "You have our undertaking that the sum of {trust_amount} will be held in our trust account and dealt with "
            "only as your trust letter allows. We further undertake to retire the mortgage to {discharged} out of "
            "that sum and to provide you with a certified copy of title showing its discharge once we have it, and to "
            "hold back {holdback} pending a compliant real property report."
        ),
        Para(
            "If for any reason the transaction cannot be concluded we will return everything you sent us, unused, on "
            "request. We will also pay a per diem for every day by which funds arrive late."
        ),
        Para("Kindly confirm by return that funds may be released on this footing."),
        Para("Yours truly,"),
        Para("{firm!u}"),
        Signatures(("{lawyer}",)),
        Para("Encl.", "italic"),
    ),
    footer="|{firm_email}|",
)

_SLIP_UNDERTAKING = Layout(
    "solicitor_undertaking_slip",
    Style(size=10.4, margin=64, numbering="({})"),
    (
        Heading("SOLICITOR'S UNDERTAKING", 1.6, centred=True),
        Pairs(
            (
                ("Given to", "{addressee}"),
                ("Given by", "{firm}"),
                ("Responsible lawyer", "{lawyer}"),
                ("On behalf of", "{clients}"),
                ("Property", "{property_address}"),
                ("Dated", "{undertaking_date}"),
                ("Amount in trust", "{trust_amount}"),
                ("File number", "{matter_number}"),
            ),
            "above",
        ),
        Para("The firm, for value received, personally and irrevocably undertakes:"),
        Clauses(
            (
                "to retain the amount in trust until the conditions of the recipient are met;",
                "to obtain from {discharged} a statement of what is owing, pay it, and file the discharge;",
                "to keep {holdback} until evidence of municipal compliance has been delivered;",
                "to see that taxes and utilities are paid to the closing;",
                "to report to the recipient in writing within 45 days.",
            )
        ),
        Signatures(("For the firm", "Received by")),
    ),
    footer="{firm}, {firm_phone}||Page {page} of {pages}",
)

_FUNDED_UNDERTAKING = Layout(
    "funds_and_conditions_table",
    Style(size=10, margin=60),
    (
        Heading("{firm}", 1.2),
        Para("{firm_address}"),
        Rule(),
        Heading("LETTER OF UNDERTAKING", 1.4),
        Table(
            (),
            (
                ("To:", "{addressee}"),
                ("Date:", "{undertaking_date}"),
                ("Our client:", "{clients}"),
                ("Our file:", "{matter_number}"),
                ("Land:", "{short_legal}"),
            ),
            (0.18, 0.82),
            ruled=False,
        ),
        Para(
            "The funds described in the first table are in our trust account. We undertake to apply them as the second "
            "table says, and in no other way."
        ),
        Table(
            ("Funds", "Amount"),
            (("Closing funds held in trust", "{trust_amount}"), ("Of which kept back after closing", "{holdback}")),
            (0.66, 0.34),
            right=(1,),
        ),
        Table(
            ("Undertaking", "Performed when"),
            (
                ("Pay out the mortgage of {discharged}", "discharge is registered"),
                ("Release the sum kept back", "compliance is stamped"),
                ("Pay municipal taxes due", "receipt is sent to you"),
                ("Return documents if not closed", "you ask for them"),
            ),
            (0.6, 0.4),
        ),
        Para("Please tell us today if this is not acceptable. Otherwise we take it that we may proceed."),
        Para("Yours truly,"),
        Signatures(("{lawyer}, for {firm}",)),
    ),
    footer="{firm_email}||{page}",
)

HELD_OUT: Mapping[str, tuple[Layout, ...]] = {
    "certificate_of_title": (_ORDERED_TITLE, _GRIDDED_TITLE, _CARD_TITLE),
    "purchase_contract": (_BROKER_CONTRACT, _RECITED_CONTRACT, _SCHEDULED_CONTRACT),
    "transfer_of_land": (_SPOKEN_TRANSFER, _PARTIED_TRANSFER, _SOFTWARE_TRANSFER),
    "mortgage": (_MEMBER_MORTGAGE, _BETWEEN_MORTGAGE, _DISCLOSED_MORTGAGE),
    "tax_certificate": (_COUNTER_TAXES, _COUNTY_TAXES, _YEARED_TAXES),
    "real_property_report": (_LETTER_REPORT, _TITLED_PLAN, _LEADERED_REPORT),
    "statement_of_adjustments": (_DOUBLE_ENTRY, _FUNDS_LETTER, _WORKSHEET),
    "caveat": (_NOTICE_CAVEAT, _COVERED_CAVEAT, _DEVELOPER_CAVEAT),
    "discharge": (_BANK_DISCHARGE, _ENCLOSED_DISCHARGE, _LISTED_DISCHARGE),
    "estoppel_certificate": (_QUESTIONED, _BOARD_PROSE, _STRATA_FORM),
    "letter_of_undertaking": (_COUNSEL_LETTER, _SLIP_UNDERTAKING, _FUNDED_UNDERTAKING),
}
