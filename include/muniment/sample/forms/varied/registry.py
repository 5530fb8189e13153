"""What the land titles office prints and registers, as other districts and search services set it."""

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


def _box(x0: float, y0: float, x1: float, y1: float, width: float = 0.8, dashed: bool = False) -> Sequence[Stroke]:
    return (
        Stroke(x0, y0, x1, y0, width, dashed),
        Stroke(x1, y0, x1, y1, width, dashed),
        Stroke(x1, y1, x0, y1, width, dashed),
        Stroke(x0, y1, x0, y0, width, dashed),
    )


def _stamp(values: Mapping[str, Printed]) -> Sequence[Stroke | Caption]:
    return (
        *_box(0.52, 0.02, 1.0, 0.98, 1.2),
        Caption(0.76, 0.2, "LAND TITLES OFFICE"),
        Caption(0.76, 0.4, "registered as number"),
        Caption(0.76, 0.59, "{registration_number}"),
        Caption(0.76, 0.76, "on {registration_date}"),
        Caption(0.76, 0.91, "for the Registrar"),
        Caption(0.2, 0.3, "LAND TITLES ACT"),
        Caption(0.2, 0.5, "Section 130"),
        Caption(0.2, 0.7, "FORM 26"),
    )


_CAVEAT_TERMS = (
    "The caveator claims an interest in the land by reason of an agreement in writing dated {agreement_on}.",
    "The caveator forbids the registration of any instrument that affects this interest unless it is subject to it.",
    "Notices to the caveator may be sent in care of the registrar to the address on file.",
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
    Layout(
        "microfilm",
        Style(face="typewriter", size=10, margin=60),
        (
            Heading("CERTIFICATE OF TITLE NO. {title_number}", 1.1, centred=True),
            Para("LINC {linc}", centred=True),
            Para("THE REGISTRAR CERTIFIES THAT ON {registration_date!u}"),
            Para("{registered_owner!u}"),
            Para("OF {owner_address!u}"),
            Para("BECAME THE OWNER IN FEE SIMPLE, FOR A CONSIDERATION OF {consideration}, OF THE LAND IN"),
            Para("THE {municipality!u} DESCRIBED AS"),
            Para("{short_legal}"),
            Para("{exception}"),
            Rule(),
            Para("ENCUMBRANCES AND INTERESTS: MORTGAGE {mortgage_number}, CAVEAT {caveat_number}"),
            Para("SEARCH FOR {firm!u}, THEIR FILE {matter_number}"),
        ),
    ),
    Layout(
        "certified_copy",
        Style(face="serif", size=10.5, margin=70, values="bold"),
        (
            Para("PROVINCE OF ALBERTA", centred=True),
            Heading("Certified Copy of Certificate of Title", 1.5, centred=True),
            Pairs(
                (
                    ("TITLE NUMBER", "{title_number}"),
                    ("LINC NUMBER", "{linc}"),
                    ("DATE OF REGISTRATION", "{registration_date}"),
                    ("CONSIDERATION PAID", "{consideration}"),
                ),
                "boxed",
            ),
            Heading("The land"),
            Para("{short_legal}", indent=24),
            Para("{exception}", indent=24),
            Para("situated in the {municipality}, containing {area} more or less."),
            Heading("Registered owners"),
            Para("{registered_owner}, {tenure}", indent=24),
            Para("{owner_address}", indent=24),
            Heading("Encumbrances, liens and interests"),
            Table(
                head=("Number", "Day registered", "Nature"),
                rows=(
                    ("{mortgage_number}", "{registration_date}", "Mortgage, {old_lender}"),
                    ("{caveat_number}", "{caveat_on}", "Caveat, {caveator}"),
                ),
                widths=(0.24, 0.26, 0.5),
            ),
            Para("Given under my hand and seal of office, Registrar of Land Titles."),
            Para("Requested by {firm} (file {matter_number})", "italic"),
        ),
    ),
    Layout(
        "portal",
        Style(size=9.5),
        (
            Heading("Title details", 1.8),
            Pairs(
                (
                    ("LINC", "{linc}"),
                    ("Title", "{title_number}"),
                    ("Type of estate", "Fee simple"),
                    ("Customer reference", "{matter_number}"),
                    ("Municipality", "{municipality}"),
                    ("Consideration", "{consideration}"),
                    ("Registration date", "{registration_date}"),
                    ("Searched", "{searched_on}"),
                ),
                "above",
                columns=4,
            ),
            Heading("Owner(s)"),
            Para("{registered_owner!f}"),
            Heading("Legal"),
            Para("{short_legal}"),
            Heading("Interests registered"),
            Para("{caveat_number} Caveat {caveator}"),
            Para("Land Titles registrar, Alberta. Encumbrances, liens and interests as listed."),
        ),
    ),
)

_RARE_TITLE = (
    Layout(
        "registrys_certified_copy",
        Style(face="typewriter", size=9, margin=54, leading=1.25),
        (
            Heading("ALBERTA LAND TITLES OFFICE", 1.1, centred=True),
            Heading("CERTIFIED COPY OF TITLE", 1.3, centred=True),
            Rule(),
            Pairs(
                (
                    ("Title", "{title_number}"),
                    ("LINC", "{linc}"),
                    ("Short Legal", "{short_legal}"),
                    ("ATS Reference", "{ats}"),
                    ("Area", "{area}"),
                    ("Local Municipality", "{municipality!u}"),
                ),
                "abreast",
            ),
            Para("{exception}"),
            Para("ESTATE: FEE SIMPLE"),
            Rule(),
            Para("REGISTERED OWNER(S)", "bold"),
            Table(
                head=("OWNER(S)", "REGISTERED ON", "TYPE", "CONSIDERATION"),
                rows=(
                    (
                        "{registered_owner!u}\n{owner_address!u}",
                        "{registration_date}",
                        "TRANSFER OF LAND",
                        "{consideration}",
                    ),
                ),
                widths=(0.42, 0.2, 0.17, 0.21),
                ruled=False,
            ),
            Para("ENCUMBRANCES, LIENS & INTERESTS", "bold"),
            Table(
                head=("REG. NUMBER", "PARTICULARS"),
                rows=(
                    (
                        "{mortgage_number}",
                        "MORTGAGE  MORTGAGEE - {old_lender!u}\nORIGINAL PRINCIPAL AMOUNT: {old_principal}",
                    ),
                    ("{caveat_number}", "CAVEAT {caveat_on}\nCAVEATOR - {caveator!u}"),
                ),
                widths=(0.26, 0.74),
                ruled=False,
            ),
            Para("*** END OF CERTIFICATE ***", centred=True),
            Para("Search made {searched_on}. Customer file number: {matter_number}"),
        ),
    ),
    Layout(
        "torrens_certificate",
        Style(face="serif", size=12, margin=84, leading=1.4),
        (
            Para("Province of Alberta", "italic", centred=True),
            Heading("CERTIFICATE OF TITLE", 1.5, centred=True),
            Para("No. {title_number}", centred=True),
            Space(10),
            Para(
                "THIS IS TO CERTIFY THAT {registered_owner}, of {owner_address}, {tenure}, is now the owner of an "
                "estate in fee simple of and in the following land, situate in the {municipality}:"
            ),
            Para("{short_legal}", indent=40),
            Para("{exception}", indent=40),
            Para("(LINC {linc}), subject to the encumbrances notified by memorandum underwritten."),
            Para(
                "IN WITNESS WHEREOF I have hereunto subscribed my name and affixed my official seal, this title having "
                "been entered in the register on {registration_date}."
            ),
            Para("Value and consideration: {consideration}"),
            Signatures(("Registrar, Alberta Land Registration District",)),
            Para(
                "Memorandum: mortgage {mortgage_number} to {old_lender}; caveat {caveat_number} by {caveator}.",
                "italic",
            ),
        ),
        footer="Applicant's reference {matter_number}||{page} / {pages}",
    ),
    Layout(
        "title_agent_report",
        Style("sans", 8.8, 1.3, 46.0, "bold"),
        (
            Table(
                (),
                (
                    (
                        "Parkland Registry Services\nLicensed agent no. 0417\n210, 5004 - 50 Avenue, Aldergate AB",
                        "Prepared for: {firm}\nCustomer reference: {matter_number}\nOrder 51882046, service 3 of 3",
                    ),
                ),
                (0.55, 0.45),
                ruled=False,
            ),
            Rule(1.4),
            Heading("Current Land Title with Instruments", 1.75),
            Para("Information current at {searched_on}. Cancelled interests are left out.", "italic"),
            Table(
                (),
                (("Title\n{title_number}", "LINC\n{linc}", "Short legal\n{short_legal}", "Status\nActive"),),
                (0.27, 0.23, 0.34, 0.16),
            ),
            Table(
                (),
                (("Municipality\n{municipality}", "Estate\nFee simple", "Area\n{area}, more or less"),),
                (0.42, 0.2, 0.38),
            ),
            Para("ATS reference {ats}"),
            Para("{exception}"),
            Para("This title replaces title 981 204 556, cancelled."),
            Heading("Who owns it", 1.15),
            Table(
                ("Owner(s) on title", "Holding", "Address for service"),
                (("{registered_owner}", "{tenure}", "{owner_address}"),),
                (0.4, 0.17, 0.43),
            ),
            Heading("How title was acquired", 1.15),
            Table(
                ("Document", "Registered", "Declared value", "Consideration paid"),
                (("Transfer of land", "{registration_date}", "{declared_value}", "{consideration}"),),
                (0.25, 0.25, 0.25, 0.25),
                right=(2, 3),
            ),
            Heading("What is registered against it (2)", 1.15),
            Table(
                ("#", "Number", "Registered", "Kind", "In favour of", "Amount"),
                (
                    ("1", "{mortgage_number}", "same day as title", "Mortgage", "{old_lender}", "{old_principal}"),
                    ("2", "{caveat_number}", "{caveat_on}", "Caveat re: easement", "{caveator}", ""),
                ),
                (0.05, 0.16, 0.19, 0.15, 0.27, 0.18),
                right=(5,),
            ),
            Space(6),
            Heading("Notes", 1.0),
            Para(
                "This product repeats what the registrar's system held at the moment of the search. It is no "
                "opinion on "
                "the state of the title, and interests that bind land without being registered do not appear here."
            ),
            Para("Pending registration queue: no documents waiting. Total instruments listed: 2."),
        ),
        footer="Parkland Registry Services|Order 51882046|{page} / {pages}",
        legal="short",
    ),
    Layout(
        "title_duplicate_prose",
        Style("serif", 11.5, 1.42, 84.0, "regular", rules=False),
        (
            Heading("C  O  P  Y", 2.6, True),
            Heading("CANADA", 0.95, True),
            Heading("PROVINCE OF ALBERTA", 0.95, True),
            Heading("LAND REGISTRATION DISTRICT", 0.95, True),
            Space(6),
            Heading("Certificate of Title", 2.0, True),
            Para("Numbered {title_number}", centred=True),
            Rule(1.2),
            Space(8),
            Para(
                "THIS IS TO CERTIFY that {registered_owner!u}, of {owner_address}, now stands in the register as "
                "{tenure} of an estate in fee simple"
            ),
            Para("of and in"),
            Para("{short_legal!u}", indent=48),
            Para("{exception}", indent=48),
            Para(
                "lying within the {municipality}, containing {area} more or less, and carrying Land Identification "
                "Number "
                "{linc},"
            ),
            Para(
                "subject to the encumbrances, liens and interests notified by memorandum written below or endorsed "
                "hereon, or which may afterwards be made in the register."
            ),
            Para(
                "Issued upon a transfer entered on {registration_date}, the consideration sworn to being "
                "{consideration}."
            ),
            Space(4),
            Para(
                "IN WITNESS WHEREOF I have subscribed my name and affixed my official seal.",
            ),
            Signatures(("Seal", "Registrar of Titles")),
            Heading("MEMORANDA", 1.0, True),
            Table(
                ("Instrument", "Entered", "Nature and party"),
                (
                    ("{mortgage_number}", "with this title", "Mortgage to {old_lender} for {old_principal}"),
                    ("{caveat_number}", "{caveat_on}", "Caveat by {caveator}"),
                ),
                (0.24, 0.26, 0.5),
                ruled=False,
            ),
        ),
        header="||Copy requested by {firm}",
        footer="Your file {matter_number}||Copy made {searched_on}",
    ),
    Layout(
        "register_printout",
        Style(face="typewriter", size=9.2, leading=1.24, margin=52, rules=False),
        (
            Heading("LAND TITLE CERTIFICATE", 1.1, centred=True),
            Para("S"),
            Table(
                ("LINC", "SHORT LEGAL", "TITLE NUMBER"),
                (("{linc}", "{short_legal}", "{title_number}"),),
                (0.24, 0.46, 0.3),
                ruled=False,
            ),
            Para("LEGAL DESCRIPTION\n{short_legal!u}"),
            Para("{exception}"),
            Para("AREA: {area!u} MORE OR LESS"),
            Space(4),
            Para("ESTATE: FEE SIMPLE"),
            Para("ATS REFERENCE: {ats}"),
            Para("MUNICIPALITY: {municipality!u}"),
            Para("REFERENCE NUMBER: 972 118 664"),
            Rule(0.6),
            Para("REGISTERED OWNER(S)", centred=True),
            Table(
                ("REGISTRATION", "DATE", "DOCUMENT TYPE", "VALUE", "CONSIDERATION"),
                (("{title_number}", "{registration_date}", "TRANSFER OF LAND", "{declared_value}", "{consideration}"),),
                (0.2, 0.21, 0.2, 0.19, 0.2),
                ruled=False,
            ),
            Para("OWNERS"),
            Para("{registered_owner!u}\nOF {owner_address!u}\nAS {tenure!u}", indent=14),
            Rule(0.6),
            Para("ENCUMBRANCES, LIENS & INTERESTS", centred=True),
            Table(
                ("REG. NUMBER", "DATE", "PARTICULARS"),
                (
                    (
                        "{mortgage_number}",
                        "{registration_date}",
                        "MORTGAGE\nMORTGAGEE - {old_lender!u}\nORIGINAL PRINCIPAL AMOUNT: {old_principal}",
                    ),
                    (
                        "{caveat_number}",
                        "{caveat_on}",
                        "CAVEAT\nRE : UTILITY RIGHT OF WAY\nCAVEATOR - {caveator!u}",
                    ),
                ),
                (0.22, 0.24, 0.54),
                ruled=False,
            ),
            Para("TOTAL INSTRUMENTS: 002"),
            Rule(0.6),
            Para(
                "THE REGISTRAR OF TITLES STATES THAT THIS PRINT AGREES WITH THE TITLE REPRESENTED BY IT IN THE "
                "REGISTER "
                "AS SEARCHED ON {searched_on!u}."
            ),
            Para("ORDER NUMBER: 48213377\nCUSTOMER FILE NUMBER: {matter_number}"),
            Para("*END OF CERTIFICATE*", centred=True),
        ),
        footer="( CONTINUED OR ENDED AS MARKED )||PAGE {page} OF {pages}",
    ),
    Layout(
        "parchment_title",
        Style(face="serif", size=11, leading=1.3, margin=66),
        (
            Para("Province of Alberta", "italic", centred=True),
            Heading("CERTIFICATE OF TITLE", 1.7, centred=True),
            Para("Land Titles Office", "italic", centred=True),
            Table(
                (),
                (
                    (
                        "Previous title\n912 044 017 +3\ncancelled as to the whole",
                        "No. {title_number}\nL.I.N.C. {linc}\nThis title registered: {registration_date}",
                    ),
                ),
                (0.5, 0.5),
                ruled=False,
            ),
            Rule(1.2),
            Para(
                "THIS WRITING SHOWS that {registered_owner!u} ({tenure}), whose post office address is "
                "{owner_address}, "
                "now stands in the register as owner of an estate in fee simple, subject to the encumbrances, liens "
                "and "
                "interests noted below or afterwards endorsed, of and in the following land, which lies within the "
                "{municipality}:"
            ),
            Para("{short_legal}", "bold", indent=54),
            Para("{exception}", indent=54),
            Para("containing {area}, more or less", indent=54),
            Para(
                "The consideration sworn to when the transfer was presented was {consideration}, and the fees of the "
                "assurance fund were taken on the same sum."
            ),
            Para("Given under the seal of this office.", "italic"),
            Signatures(("Registrar",)),
            Heading("MEMORANDA OF ENCUMBRANCES", 1.0, centred=True),
            Table(
                ("Nature", "Instrument no.", "Entered", "In favour of", "Amount"),
                (
                    ("Mortgage", "{mortgage_number}", "{registration_date}", "{old_lender}", "{old_principal}"),
                    ("Caveat", "{caveat_number}", "{caveat_on}", "{caveator}", "-"),
                ),
                (0.13, 0.2, 0.22, 0.25, 0.2),
                right=(4,),
            ),
            Para("CERTIFIED COPY OF THE TITLE AS IT STOOD ON {searched_on!u}", "bold", centred=True),
            Para(
                "Not a duplicate certificate. Whoever deals with the land should search again on the day of "
                "registration.",
                "italic",
            ),
        ),
        footer="Searched for {firm}||Your file {matter_number}",
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
    Layout(
        "registry_2020",
        Style(size=10, margin=64),
        (
            Heading("Alberta Land Titles Transfer of Land", 1.5),
            Pairs(
                (
                    ("Certificate of title number", "{title_number}"),
                    ("LINC number", "{linc}"),
                    ("Legal description", "{short_legal}"),
                    ("Name of transferor", "{transferor}"),
                    ("Name of transferee", "{transferee}"),
                    ("Amount of consideration", "{consideration}"),
                    ("Date executed", "{transfer_date}"),
                    ("Submitting firm's file", "{matter_number}"),
                ),
                "boxed",
                columns=1,
            ),
            Para("The transferor conveys the estate in fee simple. Affidavit of value attached."),
        ),
    ),
    Layout(
        "three_boxes",
        Style(size=10, margin=60),
        (
            Heading("TRANSFER OF LAND", 1.5),
            Heading("A. Land"),
            Pairs(
                (
                    ("LINC", "{linc}"),
                    ("Title number", "{title_number}"),
                    ("Description", "{short_legal}"),
                    ("Agent's file", "{matter_number}"),
                ),
                "boxed",
            ),
            Heading("B. Parties"),
            Pairs(
                (
                    ("Transferor (registered owner in fee simple)", "{transferor}"),
                    ("Transferee and tenancy", "{transferee}, {tenure}"),
                    ("Transferee's postal address", "{transferee_address}"),
                ),
                "boxed",
                columns=1,
            ),
            Heading("C. Execution"),
            Pairs(
                (
                    ("Consideration in Canadian dollars", "{consideration}"),
                    ("Signed on", "{transfer_date}"),
                ),
                "boxed",
            ),
            Signatures(("Transferor", "Witness")),
        ),
    ),
    Layout(
        "deed",
        Style(face="serif", size=12, margin=82),
        (
            Heading("Transfer of Freehold Land", 1.4, centred=True),
            Para("{matter_number}", centred=True),
            Para("BE IT KNOWN THAT on this {transfer_date}"),
            Para(
                "{transferor}, who is registered as the owner in fee simple of {short_legal} (Land Identification "
                "Number {linc}) by certificate of title {title_number}, for the price of {consideration}, transfers "
                "that land to {transferee}, whose address is {transferee_address}."
            ),
            Para("The transferor has signed before a witness."),
            Signatures(("Transferor", "Witness")),
        ),
        header="||File {matter_number}",
    ),
)

_RARE_TRANSFER = (
    Layout(
        "statutory_prose",
        Style(face="serif", size=12, margin=78, leading=1.45),
        (
            Para("Land Titles Act", centred=True),
            Heading("TRANSFER OF LAND", 1.3, centred=True),
            Para(
                "I/WE, {transferor}, being the registered owner(s) of an estate in fee simple, subject to the "
                "encumbrances, "
                "liens and interests notified by memorandum on the existing certificate of title, in all that certain "
                "tract of land described as follows:"
            ),
            Para("{short_legal}", indent=48),
            Para("{exception}", indent=48),
            Para("being the whole of Certificate of Title {title_number}, LINC {linc},"),
            Para(
                "do hereby, in consideration of the sum of {consideration} paid to me/us by {transferee} "
                "(hereinafter called "
                "the “Transferee”), the receipt of which sum I/we hereby acknowledge, transfer to the said Transferee, "
                "{tenure}, all my/our estate and interest in the said land."
            ),
            Para("IN WITNESS WHEREOF I/we have subscribed my/our name(s) this {transfer_date}."),
            Signatures(("Signature of transferor", "Witness: {witness}")),
            PageBreak(),
            Heading("AFFIDAVIT OF VALUE", 1.2, centred=True),
            Para("I, one of the transferees named in the within transfer, make oath and say:"),
            Clauses(
                (
                    "My address is {transferee_address}.",
                    "The current value of the land, in my opinion, is {land_value}.",
                )
            ),
        ),
        footer="{firm}||File {matter_number}",
    ),
    Layout(
        "registry_numbered_boxes",
        Style(face="sans", size=9.5, margin=56, values="bold"),
        (
            Heading("Alberta Land Titles — Transfer of Land", 1.4),
            Pairs(
                (
                    ("1. Transferor(s): name as on title", "{transferor}"),
                    ("2. Transferee(s): full name", "{transferee}"),
                    ("3. Transferees hold", "{tenure}"),
                    ("4. Address for service of transferee", "{transferee_address}"),
                    ("5. Land identification number (LINC)", "{linc}"),
                    ("6. Certificate of title number", "{title_number}"),
                    ("7. Legal description of land", "{short_legal}"),
                    ("8. Consideration for this transfer", "{consideration}"),
                    ("9. Date of execution", "{transfer_date}"),
                    ("10. Agent's file number", "{matter_number}"),
                ),
                "boxed",
            ),
            Para("The transferor transfers all estate and interest in the land above to the transferee."),
            Signatures(("Transferor", "Witness ({witness})")),
        ),
    ),
    Layout(
        "transfer_statutory",
        Style("typewriter", 10.2, 1.38, 66.0, "bold", rules=False),
        (
            Heading("LAND TITLES ACT", 1.0, True),
            Heading("TRANSFER", 1.5, True),
            Space(10),
            Para(
                "We (or I), {transferor}, being registered as owner of an estate in fee simple, subject to the "
                "encumbrances, liens and interests notified by memorandum underwritten, in all that certain tract "
                "of land "
                "described as follows, namely:"
            ),
            Para("{short_legal}", indent=40),
            Para("{exception}", indent=40),
            Para(
                "as the same stands under title {title_number} and LINC {linc}, for and in consideration of the sum of"
            ),
            Para("{consideration}", centred=True),
            Para(
                "(receipt whereof is acknowledged), do hereby transfer all our estate and interest in the said land to"
            ),
            Para("{transferee}", centred=True),
            Para("{tenure}, whose post office address is {transferee_address}."),
            Space(6),
            Para("IN WITNESS WHEREOF we have subscribed our names {transfer_date}."),
            Space(6),
            Para("SIGNED by the above named in the presence of:"),
            Signatures(("(witness) {witness}", "(transferor)")),
            Para("Memorandum of encumbrances: as shown on the existing certificate."),
            PageBreak(),
            Heading("AFFIDAVIT OF TRANSFEREE", 1.2, True),
            Para("CANADA\nPROVINCE OF ALBERTA\nTO WIT:"),
            Clauses(
                (
                    "I am the transferee, or one of them, named in the within transfer, and know the land therein "
                    "described.",
                    "The present value of the land, in my opinion, is {land_value}, which takes in every building "
                    "and other "
                    "improvement affixed to it.",
                    "The true consideration paid is the amount stated in the transfer, and is made up of cash and "
                    "mortgage "
                    "money only.",
                    "The land is not controlled land, and no foreign interest is being acquired.",
                )
            ),
            Para("SWORN before me in the Province of Alberta on the date of the transfer."),
            Signatures(("Commissioner for Oaths", "Deponent")),
            Para("Drawn by {firm}, {firm_address}"),
        ),
        header="||Our ref. {matter_number}",
        footer="",
    ),
    Layout(
        "transfer_form_a",
        Style("sans", 9.0, 1.3, 44.0, "regular"),
        (
            Table(
                (),
                (
                    (
                        "LAND TITLES OFFICE\nFREEHOLD TRANSFER\nForm A (rev. 2019-11)",
                        "(for the registrar's use only)\nLeave this space blank",
                    ),
                ),
                (0.5, 0.5),
            ),
            Table(
                (),
                (
                    (
                        "1. APPLICATION (name, address and signature of applicant or agent)\n{firm}, {firm_address}\n"
                        "Client file no. {matter_number}",
                        "Fee enclosed\nper tariff",
                    ),
                ),
                (0.76, 0.24),
            ),
            Table(
                ("2(a) PARCEL IDENTIFIER", "2(b) LEGAL DESCRIPTION", "2(c) EXISTING TITLE"),
                (("{linc}", "{short_legal}", "{title_number}"),),
                (0.24, 0.5, 0.26),
            ),
            Table(
                (),
                (("3. MARKET VALUE\n{land_value}", "4. CONSIDERATION\n{consideration}"),),
                (0.5, 0.5),
            ),
            Table((), (("5. TRANSFEROR(S)\n{transferor!u}",),), (1.0,)),
            Table((), (("6. FREEHOLD ESTATE TRANSFERRED\nFee simple",),), (1.0,)),
            Table(
                (),
                (
                    (
                        "7. TRANSFEREE(S) (including occupation(s), postal address(es) and postal code(s))\n"
                        "{transferee!u}, {tenure}\n{transferee_address}",
                    ),
                ),
                (1.0,),
            ),
            Table(
                (),
                (
                    (
                        "8. EXECUTION(S): The transferor(s) accept(s) the above consideration and understand(s) "
                        "that this "
                        "instrument operates to transfer the freehold estate in the land described above to the "
                        "transferee(s).",
                    ),
                ),
                (1.0,),
            ),
            Table(
                ("Officer signature(s)", "Execution date", "Transferor(s) signature(s)"),
                (
                    (
                        "Sign here: ____________________\n{witness}\nBarrister and Solicitor",
                        "{transfer_date}",
                        "Sign here: ____________________\nSign here: ____________________\n(all transferors)",
                    ),
                ),
                (0.36, 0.24, 0.4),
            ),
            Heading(
                "OFFICER CERTIFICATION: Your signature is a representation that you are a person authorised to take "
                "affidavits, and that the matters set out for the taking of this instrument have been observed.",
                0.78,
            ),
            Heading("* If space is insufficient, enter SEE SCHEDULE and attach a schedule in Form E.", 0.78),
            Heading("** If space is insufficient, continue executions on additional page(s) in Form D.", 0.78),
        ),
        footer="Form A|Page {page} of {pages} pages|",
    ),
    Layout(
        "statutory_transfer",
        Style(face="serif", size=11.5, leading=1.42, margin=72),
        (
            Para("Alberta - Land Titles Act", centred=True),
            Heading("TRANSFER", 1.5, centred=True),
            Space(6),
            Para(
                "{transferor!u}, being registered as owner of an estate in fee simple, subject however to such "
                "encumbrances, liens and interests as are notified by memorandum written on the title, in all that "
                "certain piece of land described as follows:"
            ),
            Para("{short_legal!u}", indent=60),
            Para("{exception}", indent=60),
            Para("(LINC {linc}; title {title_number})", indent=60),
            Para(
                "in consideration of the sum of {consideration}, of lawful money of Canada, paid by {transferee!u}, "
                "the "
                "receipt of which sum is admitted by the signing of this instrument, transfers to {transferee!u}, "
                "{tenure}, whose address for service is {transferee_address}, all the estate and interest held in that "
                "piece of land."
            ),
            Para("Signed on {transfer_date} in the presence of the witness named opposite the signature."),
            Signatures(("{witness}, witness", "{transferor}")),
            Heading("Dower", 1.0),
            Para(
                "Each transferor says that no spouse of the transferor has lived on this land since the marriage, "
                "or else "
                "that the spouse has joined in this transfer as owner. A consent of spouse is not needed and is not "
                "annexed."
            ),
            PageBreak(),
            Heading("AFFIDAVIT OF EXECUTION", 1.2, centred=True),
            Para("I, {witness}, of the {municipality}, Barrister and Solicitor, make oath:"),
            Clauses(
                (
                    "I was there and saw the transfer signed by everyone named in it as a person who transfers.",
                    "It was signed in Alberta, and I am the witness whose name is written beside the signatures.",
                    "Each signatory is known to me or was identified by two documents, one with a photograph, and "
                    "is in "
                    "my belief at least eighteen years of age.",
                )
            ),
            Signatures(("A Commissioner for Oaths in and for Alberta", "{witness}")),
            Heading("AFFIDAVIT OF TRANSFEREE", 1.2, centred=True),
            Para(
                "I am one of the persons to whom the land is transferred, or their agent. The true consideration is "
                "the "
                "sum stated in the transfer. In my opinion the present value of the land and of what is built on it is "
                "{land_value}."
            ),
            Signatures(("A Commissioner for Oaths in and for Alberta", "Deponent")),
        ),
        footer="{firm}||File {matter_number} / {page}",
    ),
    Layout(
        "numbered_panels",
        Style(face="sans", size=9.8, margin=48, values="bold"),
        (
            Heading("TRANSFER OF LAND", 1.6),
            Para(
                "Type or print clearly. Panels 1 to 9 must be completed. Fees are taken from the deposit account named."
            ),
            Pairs(
                (
                    ("1  Document presented by", "{firm}, {firm_address}"),
                    ("2  Deposit account / reference", "LA-2207  /  {matter_number}"),
                    ("3  Title to be cancelled", "{title_number}"),
                    ("4  LINC", "{linc}"),
                ),
                "boxed",
            ),
            Pairs(
                (
                    ("5  Land, short legal description", "{short_legal}"),
                    ("6  Person(s) giving up title - transferor (as on the title)", "{transferor!f}"),
                    ("7  Person(s) taking title - transferee (family name first)", "{transferee!f}"),
                ),
                "boxed",
                columns=1,
            ),
            Pairs(
                (
                    ("7a  Interest taken", "{tenure}"),
                    ("7b  Address for service of notices", "{transferee_address}"),
                    ("8  Consideration", "{consideration}"),
                    ("9  Date of transfer", "{transfer_date}"),
                ),
                "boxed",
            ),
            Para(
                "By signing, the persons named in panel 6 acknowledge that they have the consideration in hand or "
                "that it "
                "is secured to their satisfaction, and make over to those named in panel 7 the whole of their "
                "estate in "
                "the land of panel 5, subject to what stands registered against it."
            ),
            Signatures(("Transferor", "Transferor", "Witness: {witness}", "Transferee or agent")),
            Heading("OFFICE USE", 0.9),
            Table(
                ("Fee code", "Assurance", "Value sworn to", "Reader", "Registered as"),
                (("TRAN-01", "yes", "{land_value}", "", ""),),
                (0.15, 0.15, 0.3, 0.15, 0.25),
            ),
            Para(
                "Collected under the Act for the public register; panel 7b may be seen by anybody who searches.",
                "italic",
            ),
        ),
        header="||Form TL-4 (2019/09)",
        footer="One transfer for each title|Page {page} of {pages}|",
    ),
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
    Layout(
        "utility",
        Style(face="sans", size=10.5, margin=70),
        (
            Heading("CAVEAT FORBIDDING REGISTRATION", 1.3),
            Para("{caveator} (the Caveator) claims an interest in the following land as grantee of a right of way:"),
            Pairs(
                (
                    ("Legal description", "{short_legal}"),
                    ("LINC", "{linc}"),
                    ("Title no.", "{title_number}"),
                ),
                "inline",
            ),
            Para("The registrar is asked to register nothing that affects it. Your file: {matter_number}"),
            Rule(),
            Para("For office use", "italic"),
            Pairs(
                (
                    ("Registration number", "{registration_number}"),
                    ("Registered", "{registration_date}"),
                ),
                "boxed",
            ),
        ),
    ),
    Layout(
        "lawyers_caveat",
        Style(face="typewriter", size=10, margin=70),
        (
            Heading("CAVEAT", 1.4, centred=True),
            Para("TO THE REGISTRAR OF LAND TITLES"),
            Para("{caveator!u}, AS CAVEATOR, GIVES NOTICE THAT IT CLAIMS AN INTEREST IN:"),
            Pairs(
                (
                    ("LAND", "{short_legal}"),
                    ("LINC NO", "{linc}"),
                    ("TITLE NO", "{title_number}"),
                ),
                "columns",
                split=0.2,
            ),
            Para("AND FORBIDS ANY REGISTRATION AFFECTING THAT INTEREST."),
            Rule(),
            Para("REGISTRATION NUMBER {registration_number} DATE {registration_date}"),
            Para("RETURN TO {firm!u}, FILE {matter_number}"),
        ),
    ),
    Layout(
        "instrument_record",
        Style(size=10),
        (
            Heading("Registered instrument: caveat", 1.4),
            Table(
                head=("Instrument", "Registered", "Filed for"),
                rows=(("{registration_number}", "{registration_date}", "{matter_number}"),),
                widths=(0.34, 0.33, 0.33),
            ),
            Pairs(
                (
                    ("Caveator", "{caveator}"),
                    ("Interest claimed", "Right of way agreement of {agreement_on}"),
                    ("Land", "{short_legal}"),
                    ("Land identification number", "{linc}"),
                    ("Certificate of title", "{title_number}"),
                    ("File", "{matter_number}"),
                ),
                "ruled",
            ),
            Para("The caveator forbids the registration of any transfer that is not subject to this interest."),
        ),
    ),
)

_RARE_CAVEAT = (
    Layout(
        "number_over_prose",
        Style(face="serif", size=12, margin=80, leading=1.4),
        (
            Pairs(
                (("Registration no.", "{registration_number}"), ("Registered", "{registration_date}")),
                "boxed",
            ),
            Heading("CAVEAT FORBIDDING REGISTRATION", 1.3, centred=True),
            Para("TO THE REGISTRAR OF THE ALBERTA LAND REGISTRATION DISTRICT"),
            Para(
                "TAKE NOTICE that {caveator} (the “Caveator”) claims an interest under a purchase agreement made "
                "{agreement_on} in the following lands:"
            ),
            Para("{short_legal}", indent=40),
            Para(
                "being lands described in Certificate of Title {title_number} (LINC: {linc}), standing in the "
                "register in "
                "the name of {registered_owner}, and forbids the registration of any person as transferee or owner "
                "of, or "
                "of any instrument affecting, that estate or interest, unless it is expressed to be subject to this "
                "claim."
            ),
            Signatures(("Agent for the Caveator",)),
        ),
        footer="|Law firm file {matter_number}|",
    ),
    Layout(
        "registration_particulars",
        Style(face="typewriter", size=9.5, margin=58),
        (
            Heading("LAND TITLES REGISTRATION PARTICULARS", 1.1),
            Para("DOCUMENT TYPE: CAVEAT"),
            Pairs(
                (
                    ("REGISTRATION NUMBER ASSIGNED", "{registration_number}"),
                    ("DATE OF REGISTRATION", "{registration_date}"),
                    ("CLAIMANT (CAVEATOR)", "{caveator}"),
                    ("REGISTERED OWNER", "{registered_owner}"),
                    ("TITLE AFFECTED", "{title_number}"),
                    ("PARCEL LINC", "{linc}"),
                    ("PARCEL LEGAL DESCRIPTION", "{short_legal}"),
                    ("SUBMITTER FILE", "{matter_number}"),
                ),
                "leaders",
            ),
            Para("NATURE OF INTEREST: AN UNREGISTERED AGREEMENT RESTRICTING THE USE OF THE LAND."),
        ),
        legal="short",
    ),
    Layout(
        "caveat_stamped_notice",
        Style("serif", 11.4, 1.38, 76.0, "regular", "{}.", False),
        (
            Figure(_stamp, 92.0),
            Heading("CAVEAT FORBIDDING REGISTRATION", 1.3, True),
            Para("To the Registrar:"),
            Para(
                "TAKE NOTICE that {caveator}, a body corporate having an office in the Province of Alberta, claims an "
                "interest in land as grantee under an agreement in writing dated {agreement_on} with "
                "{registered_owner}, by "
                "which the latter granted the right to lay, keep and repair works in, over and under the land, in:"
            ),
            Para("{short_legal}", indent=50),
            Para("(LINC {linc})", indent=50),
            Para("{exception}", indent=50),
            Para(
                "being land described in Certificate of Title {title_number}, standing in the register in the name of "
                "{registered_owner}; and forbids the registration of any person as transferee or owner of, or of any "
                "instrument affecting, that estate or interest, unless the instrument or certificate of title is "
                "expressed "
                "to be subject to its claim."
            ),
            Para(
                "It designates as the place at which notices relating to this caveat may be served: {firm}, "
                "{firm_address} "
                "(Attention: {lawyer}; File {matter_number})."
            ),
            Para("Signed on behalf of the caveator by its agent and solicitor."),
            Signatures(("Witness", "Agent for the caveator")),
            PageBreak(),
            Heading("AFFIDAVIT IN SUPPORT OF CAVEAT", 1.15, True),
            Para("I, {lawyer}, of Aldergate, in the Province of Alberta, solicitor, make oath and say:"),
            Clauses(
                (
                    "I am the agent of the within named caveator.",
                    "I believe that the caveator has a good and valid claim on the land, and that this caveat is "
                    "not filed "
                    "to delay or embarrass any person interested in it.",
                )
            ),
            Signatures(("A Commissioner for Oaths in and for Alberta", "Deponent")),
        ),
        footer="{caveator}|{page}|",
    ),
    Layout(
        "caveat_instrument_detail",
        Style("typewriter", 9.6, 1.4, 52.0, "regular", rules=False),
        (
            Table(
                (),
                (("REGISTERED INTEREST DETAIL", "DOCUMENT RETRIEVAL"),),
                (0.6, 0.4),
                right=(1,),
                totals=1,
                ruled=False,
            ),
            Rule(1.0),
            Table(
                ("REG. NO.", "REG. DATE", "INTEREST TYPE", "STATUS"),
                (("{registration_number}", "{registration_date!u}", "CAVEAT", "CURRENT"),),
                (0.25, 0.33, 0.22, 0.2),
                ruled=False,
            ),
            Pairs(
                (
                    ("NATURE OF CLAIM", "RIGHT OF WAY AGREEMENT"),
                    ("AGREEMENT DATED", "{agreement_on!u}"),
                    ("CLAIMANT", "{caveator!u}"),
                    ("AGENT", "{firm!u}"),
                    ("SERVICE AT", "{firm_address!u}"),
                ),
                "leaders",
            ),
            Rule(0.5),
            Para("AFFECTED PARCELS (1)", "bold"),
            Table(
                ("LINC", "TITLE", "LEGAL", "EXTENT"),
                (("{linc}", "{title_number}", "{short_legal!u}", "ALL"),),
                (0.2, 0.23, 0.43, 0.14),
                ruled=False,
            ),
            Para("{exception}"),
            Para("REGISTERED OWNER AT TIME OF FILING", "bold"),
            Para("{registered_owner!f}"),
            Rule(0.5),
            Para("RELATED INSTRUMENTS", "bold"),
            Table(
                ("ACTION", "COUNT"),
                (("POSTPONEMENTS", "0"), ("PARTIAL DISCHARGES", "0"), ("NOTICES TO TAKE PROCEEDINGS", "0")),
                (0.5, 0.2),
                right=(1,),
                ruled=False,
            ),
            Rule(0.5),
            Pairs(
                (("REQUESTOR REFERENCE", "{matter_number}"), ("DELIVERY", "ELECTRONIC"), ("FEE CODE", "07-DOC")),
                "abreast",
                2,
            ),
            Para("** END OF DETAIL **", centred=True),
        ),
        footer="||PAGE {page} OF {pages}",
    ),
    Layout(
        "stamped_caveat",
        Style(face="serif", size=11.2, leading=1.36, margin=70, numbering="{})"),
        (
            Table(
                (),
                (
                    (
                        "Document: CAVEAT, 1 of 1\nFees: $10.00 and $1.00\nPresented by: {firm}",
                        "LAND TITLES OFFICE\nREGISTERED AS NUMBER\n{registration_number}\nON {registration_date!u}",
                    ),
                ),
                (0.55, 0.45),
            ),
            Heading("CAVEAT FORBIDDING REGISTRATION", 1.35, centred=True),
            Para("TO THE REGISTRAR OF LAND TITLES:"),
            Para(
                "TAKE NOTICE that {caveator!u}, hereinafter called the caveator, claims an equitable interest by "
                "virtue "
                "of a utility right of way agreement in writing made on {agreement_on}, in the lands described below, "
                "standing in the register in the name of {registered_owner!u}:"
            ),
            Para("{short_legal}", "bold", indent=48),
            Para("{exception}", indent=48),
            Para("Linc: {linc}; Certificate of Title: {title_number}", indent=48),
            Clauses(
                (
                    "The interest extends to a strip of 6.0 metres along the rear of the lands, with access over "
                    "the rest "
                    "of them for repair.",
                    "No person is to be registered as transferee or owner, and no instrument that touches the claimed "
                    "interest is to be registered, unless it is expressed to be subject to the claim.",
                    "Notices and proceedings may be served on the caveator in care of {firm}, at {firm_address}.",
                )
            ),
            Para("Executed by the caveator, by its agent, before the caveat was presented for registration.", "italic"),
            Signatures(("Agent for the caveator", "Witness")),
            Heading("AFFIDAVIT IN SUPPORT", 1.0, centred=True),
            Para(
                "I am the agent of the caveator. I believe that it has a good and valid claim upon the lands, and the "
                "caveat is not filed in order to delay or embarrass anybody interested in them."
            ),
            Signatures(("Commissioner for Oaths", "Deponent")),
        ),
        header="Return to: {firm}||Our file: {matter_number}",
        footer="|- {page} -|",
    ),
    Layout(
        "document_image",
        Style(face="typewriter", size=9.8, leading=1.32, margin=60),
        (
            Space(40),
            Heading("LAND TITLES OFFICE", 1.3, centred=True),
            Space(20),
            Para("IMAGE OF DOCUMENT REGISTERED AS:", centred=True),
            Heading("{registration_number}", 1.8, centred=True),
            Space(20),
            Pairs(
                (
                    ("ORDER NUMBER", "51900264"),
                    ("CUSTOMER FILE", "{matter_number}"),
                    ("ORDERED BY", "{firm!u}"),
                ),
                "columns",
            ),
            Space(16),
            Rule(),
            Heading("ADVISORY", 1.0, centred=True),
            Para(
                "This picture was taken from the document kept by the office. If it cannot be read, or pages seem "
                "to be "
                "missing, ask for a fresh copy within thirty days. Colour, seals and embossing do not reproduce."
            ),
            PageBreak(),
            Heading("CAVEAT", 1.5, centred=True),
            Table(
                ("Code", "Document", "Day of registration", "Serial"),
                (("CAVE", "CAVEAT - 1 of 1", "{registration_date}", "{registration_number}"),),
                (0.12, 0.28, 0.32, 0.28),
            ),
            Pairs(
                (
                    ("CLAIMANT", "{caveator!u}"),
                    ("LANDS", "{short_legal}"),
                    ("LINC", "{linc}"),
                    ("TITLE", "{title_number}"),
                    ("OWNER ON TITLE", "{registered_owner!u}"),
                    ("NATURE OF CLAIM", "Right of way for lines and pipes, by agreement of {agreement_on}"),
                ),
                "columns",
                split=0.27,
            ),
            Para(
                "The claimant forbids the registration of anything that would affect its claim, save subject to it, "
                "and "
                "asks that this caveat be written on the title. Its address for service is {firm_address}."
            ),
            Para(
                "The strip to which the claim extends is the most northerly 4.5 metres of the lands. A copy of the "
                "agreement can be inspected at the claimant's head office; it provides for a yearly rent of $1.00."
            ),
            Signatures(("For the claimant", "Commissioner for Oaths")),
            Rule(),
            Para(
                "AFFIDAVIT: The deponent swears that the claim is made in good faith and not to cloud the title.",
                "italic",
            ),
        ),
        footer="||{page}/{pages}",
    ),
)

DRAWN: Mapping[str, tuple[Layout, ...]] = {
    "certificate_of_title": _TITLE,
    "transfer_of_land": _TRANSFER,
    "caveat": _CAVEAT,
}

RARE: Mapping[str, tuple[Layout, ...]] = {
    "certificate_of_title": _RARE_TITLE,
    "transfer_of_land": _RARE_TRANSFER,
    "caveat": _RARE_CAVEAT,
}
