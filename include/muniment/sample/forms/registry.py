"""Forms of the land titles office: certificate of title, transfer of land, caveat."""

from collections.abc import Mapping

from muniment.sample.facts import Matter
from muniment.sample.forms.form import Form, common
from muniment.sample.spelling import Value
from muniment.sample.typeset import (
    Clauses,
    Heading,
    Layout,
    PageBreak,
    Pairs,
    Para,
    Rule,
    Signatures,
    Space,
    Style,
    Table,
)


def _title_values(matter: Matter) -> Mapping[str, Value | None]:
    land = matter.parcel
    return common(matter) | {
        "registered_owner": matter.owners,
        "owner_address": land.address,
        "registration_date": land.registered_on,
        "consideration": land.consideration,
        "declared_value": land.consideration,
        "mortgage_number": matter.old_mortgage,
        "old_lender": matter.old_lender,
        "old_principal": land.consideration * 3 / 4,
        "caveat_number": matter.caveat,
        "caveat_on": matter.caveat_on,
        "caveator": matter.caveator,
        "searched_on": matter.certified_on,
        "tenure": "joint tenants" if len(matter.owners) > 1 else "sole owner",
    }


_ENCUMBRANCES = Table(
    head=("REGISTRATION", "DATE", "PARTICULARS"),
    rows=(
        (
            "{mortgage_number}",
            "{registration_date}",
            "MORTGAGE\nMORTGAGEE - {old_lender!u}\nORIGINAL PRINCIPAL AMOUNT: {old_principal}",
        ),
        ("{caveat_number}", "{caveat_on}", "CAVEAT\nRE: UTILITY RIGHT OF WAY\nCAVEATOR - {caveator!u}"),
    ),
    widths=(0.2, 0.22, 0.58),
    ruled=False,
)

_TITLE_NOTES = (
    "This copy shows the register as it stood at the moment of the search. Anything lodged afterwards, "
    "including documents that wait in the pending registration queue, is not shown and may rank before an"
    " interest acquired later.",
    "Areas are more or less, and dimensions are those of the registered plan. The office does not warrant"
    " that buildings stand within the limits of the parcel; that is what a survey is for.",
    "The value shown is the one sworn to at registration. It is kept for fees and statistics and says "
    "nothing of the market.",
    "Implied conditions of the statute, such as public highways, unpaid municipal taxes and leases of "
    "three years or less under which somebody lives on the land, bind the title although they are not "
    "written on it.",
    "An owner whose address for service has changed should notify the office in writing, quoting the "
    "title number, because notices are sent to the address on the register and nowhere else.",
)

CERTIFICATE_OF_TITLE = Form(
    "certificate_of_title",
    "Certificate of Title",
    _title_values,
    (
        Layout(
            "printout",
            Style(face="typewriter", size=9.5, leading=1.28),
            (
                Heading("LAND TITLE CERTIFICATE", 1.3, centred=True),
                Space(6),
                Table(
                    head=("LINC", "SHORT LEGAL", "TITLE NUMBER"),
                    rows=(("{linc}", "{short_legal}", "{title_number}"),),
                    widths=(0.26, 0.46, 0.28),
                    ruled=False,
                ),
                Heading("LEGAL DESCRIPTION"),
                Para("{exception}"),
                Para("AREA: {area} MORE OR LESS"),
                Para("ATS REFERENCE: {ats}"),
                Para("ESTATE: FEE SIMPLE"),
                Para("MUNICIPALITY: {municipality!u}"),
                Rule(),
                Heading("REGISTERED OWNER(S)"),
                Table(
                    head=("REGISTRATION", "DATE", "DOCUMENT TYPE", "CONSIDERATION"),
                    rows=(("{title_number}", "{registration_date}", "TRANSFER OF LAND", "{consideration}"),),
                    widths=(0.25, 0.25, 0.26, 0.24),
                    ruled=False,
                ),
                Heading("OWNERS"),
                Para("{registered_owner!u}"),
                Para("OF: {owner_address!u}"),
                Para("AS {tenure!u}"),
                Rule(),
                Heading("ENCUMBRANCES, LIENS & INTERESTS"),
                _ENCUMBRANCES,
                Para("TOTAL INSTRUMENTS: 002"),
                Rule(),
                Para(
                    "THE REGISTRAR CERTIFIES THAT THIS IS AN ACCURATE REPRODUCTION OF THE CERTIFICATE OF "
                    "TITLE REPRESENTED HEREIN AS AT {searched_on!u}."
                ),
                Para("CUSTOMER FILE NUMBER: {matter_number}"),
                Para("*END OF CERTIFICATE*", centred=True),
            ),
            header="LAND TITLES OFFICE||TITLE {title_number}",
            footer="SEARCHED FOR {firm!u}||PAGE {page} OF {pages}",
            legal="short",
        ),
        Layout(
            "parchment",
            Style(face="serif", size=11, margin=74, values="bold"),
            (
                Heading("Certificate of Title", 1.9, centred=True),
                Para(
                    "issued out of the register of the land titles office of the Province of Alberta",
                    "italic",
                    centred=True,
                ),
                Rule(1.6),
                Pairs(
                    (
                        ("Title number", "{title_number}"),
                        ("Land identification number (LINC)", "{linc}"),
                        ("Land", "{short_legal}"),
                        ("Exception", "{exception}"),
                        ("Area", "{area}, more or less"),
                        ("Municipality", "{municipality}"),
                    ),
                    "columns",
                ),
                Para(
                    "This is to certify that {registered_owner}, of {owner_address}, as {tenure}, is now "
                    "the owner of an estate in fee simple of and in the land described above, subject to "
                    "the encumbrances, liens and interests that are noted below or endorsed hereafter."
                ),
                Pairs(
                    (
                        ("Registered on", "{registration_date}"),
                        ("Consideration", "{consideration}"),
                        ("Document", "Transfer of land"),
                        ("File", "{matter_number}"),
                    ),
                    "above",
                    columns=4,
                ),
                Heading("Encumbrances, liens and interests"),
                Table(_ENCUMBRANCES.head, _ENCUMBRANCES.rows, _ENCUMBRANCES.widths, ruled=True),
                Signatures(("Registrar of land titles", "Search made on {searched_on}")),
                PageBreak(),
                Heading("Notes to this certificate"),
                Clauses(_TITLE_NOTES),
            ),
            header="||Title No. {title_number}",
            footer="Province of Alberta|{page} / {pages}|",
            legal="stacked",
        ),
        Layout(
            "extract",
            Style(size=9.5, values="bold"),
            (
                Heading("Title search result", 1.6),
                Para("Requested by {firm}, reference File No. {matter_number}"),
                Pairs(
                    (
                        ("LINC", "{linc}"),
                        ("Title Number", "{title_number}"),
                        ("Registration Date", "{registration_date}"),
                        ("Consideration", "{consideration}"),
                        ("Municipality", "{municipality}"),
                        ("Registered Owner", "{registered_owner}"),
                        ("Legal Description", "{short_legal}"),
                        ("Exception", "{exception}"),
                        ("Township reference", "{ats}"),
                        ("Estate", "Fee simple"),
                    ),
                    "ruled",
                    split=0.3,
                ),
                Heading("Instruments on title"),
                Table(_ENCUMBRANCES.head, _ENCUMBRANCES.rows, _ENCUMBRANCES.widths, ruled=True),
                Heading("About this result"),
                Clauses(_TITLE_NOTES),
            ),
            header="Land Titles Online||Certificate of Title",
            footer="Search completed {searched_on}||Page {page} of {pages}",
        ),
    ),
)


def _transfer_values(matter: Matter) -> Mapping[str, Value | None]:
    return common(matter) | {
        "transferor": matter.owners,
        "transferee": matter.buyers,
        "transferee_address": matter.parcel.address,
        "consideration": matter.price,
        "transfer_date": matter.closing_on,
        "tenure": "as joint tenants" if len(matter.buyers) > 1 else "as sole owner",
        "witness": matter.lawyer,
        "land_value": matter.price,
        "email": matter.buyers[0].email,
        "phone": matter.buyers[0].phone,
    }


_TRANSFER_GROUNDS = (
    "The transferor holds the land subject to the encumbrances, liens and interests that are noted on the"
    " existing title, and transfers no greater estate than that.",
    "The transferor has received the consideration in full, or is secured for it by the undertakings of "
    "the solicitors, and acknowledges this by signing.",
    "The transferee accepts title in the names set out above and gives the address below as the address "
    "for service of every notice that statute or instrument requires.",
)

_AFFIDAVIT = (
    Heading("AFFIDAVIT OF VALUE", 1.15, centred=True),
    Para("Canada, Province of Alberta, to wit:", "italic"),
    Para(
        "I, the transferee named in the annexed transfer, or the agent of that person with knowledge of "
        "the facts, say that:"
    ),
    Clauses(
        (
            "The parcel is described in the existing certificate of title number {title_number}.",
            "In my opinion the present value of the land, with all buildings and other improvements on "
            "it, is {land_value}; in forming it I had regard to the price actually paid and to nothing "
            "that was promised beside it.",
            "No part of the price was for chattels, save those listed in the contract, whose value is included above.",
            "I know that fees are charged on this value and that a false statement in it is an offence.",
        )
    ),
    Signatures(("Sworn before me, a commissioner for oaths", "Deponent")),
)

TRANSFER_OF_LAND = Form(
    "transfer_of_land",
    "Transfer of Land",
    _transfer_values,
    (
        Layout(
            "statutory",
            Style(face="serif", size=11.5, margin=72, values="bold"),
            (
                Heading("TRANSFER OF LAND", 1.5, centred=True),
                Para("for registration under the Torrens system of title", "italic", centred=True),
                Space(10),
                Para(
                    "{transferor}, being registered as owner of an estate in fee simple, subject to the "
                    "encumbrances, liens and interests notified on the existing title, in all that "
                    "certain tract of land described as:"
                ),
                Para("{short_legal}", indent=40),
                Para("{exception}", indent=40),
                Para(
                    "standing in the register in the {municipality} under title number {title_number} and LINC {linc},"
                ),
                Para(
                    "does hereby, in consideration of the sum of {consideration} paid by {transferee}, "
                    "the receipt of which is acknowledged, transfer to {transferee}, {tenure}, all the "
                    "estate and interest of the transferor in the said land."
                ),
                Para("The transferee's address for service is {transferee_address}."),
                Para("Dated at Aldergate, in the Province of Alberta, on {transfer_date}."),
                Signatures(("Transferor", "Witness: {witness}")),
                PageBreak(),
                *_AFFIDAVIT,
            ),
            header="||File No. {matter_number}",
            footer="Prepared by {firm}||{page} of {pages}",
            legal="stacked",
        ),
        Layout(
            "boxed",
            Style(size=10),
            (
                Heading("Transfer of Land", 1.7),
                Para("To the registrar: please register this transfer and issue title as requested.", "italic"),
                Pairs(
                    (
                        ("1. Transferor", "{transferor}"),
                        ("2. Transferee", "{transferee}"),
                        ("3. Tenure requested", "{tenure}"),
                        ("4. Land", "{short_legal}"),
                        ("5. Title Number", "{title_number}"),
                        ("6. LINC", "{linc}"),
                        ("7. Municipality", "{municipality}"),
                        ("8. Consideration", "{consideration}"),
                        ("9. Date of Transfer", "{transfer_date}"),
                        ("10. Address for service", "{transferee_address}"),
                    ),
                    "ruled",
                    split=0.3,
                ),
                Clauses(_TRANSFER_GROUNDS),
                Signatures(
                    (
                        "Signature of transferor",
                        "Signature of witness",
                        "Name: {transferor}",
                        "Name: {witness}",
                    )
                ),
                PageBreak(),
                *_AFFIDAVIT,
            ),
            header="Matter: {matter_number}||Registry form",
            footer="{firm}, {firm_phone}||Page {page} of {pages}",
        ),
        Layout(
            "open",
            Style(face="sans", size=10.5, rules=True),
            (
                Heading("TRANSFER OF LAND", 1.4, centred=True),
                Pairs(
                    (
                        ("Transferor (present owner)", "{transferor}"),
                        ("Transferee (new owner)", "{transferee}"),
                        ("Existing title number", "{title_number}"),
                        ("Land identification number", "{linc}"),
                        ("Legal description", "{short_legal}"),
                        ("Municipality", "{municipality}"),
                        ("Consideration", "{consideration}"),
                        ("Transfer dated", "{transfer_date}"),
                    ),
                    "above",
                ),
                Clauses(_TRANSFER_GROUNDS),
                Pairs((("Contact", "{email}, {phone}"), ("Our File", "{matter_number}"))),
                Signatures(("{transferor}, transferor", "{witness}, witness")),
                PageBreak(),
                *_AFFIDAVIT,
            ),
            footer="|{firm}, {firm_address}|",
        ),
    ),
)


def _caveat_values(matter: Matter) -> Mapping[str, Value | None]:
    return common(matter) | {
        "caveator": matter.caveator,
        "registration_number": matter.caveat,
        "registration_date": matter.caveat_on,
        "registered_owner": matter.owners,
        "agreement_on": matter.parcel.registered_on,
    }


_CAVEAT_GROUNDS = (
    "The caveator claims an interest in the land under a right of way agreement dated {agreement_on} "
    "between the caveator and the owner, by which the caveator may lay, keep, inspect, repair and replace"
    " a line beneath the southerly strip of the parcel and may enter for those purposes at reasonable "
    "times.",
    "The agreement runs with the land and binds those who take title after it.",
    "The caveator forbids the registration of any person as transferee or owner of, or of any instrument "
    "affecting, that estate or interest, unless the certificate of title is expressed to be subject to "
    "this claim.",
    "The caveator appoints the address below as the place at which notices and proceedings relating to "
    "this caveat may be served.",
)

CAVEAT = Form(
    "caveat",
    "Caveat",
    _caveat_values,
    (
        Layout(
            "forbidding",
            Style(face="serif", size=11.5, margin=76),
            (
                Heading("CAVEAT FORBIDDING REGISTRATION", 1.35, centred=True),
                Para("To the registrar of land titles:"),
                Para(
                    "Take notice that {caveator} claims an interest in the lands described as "
                    "{short_legal}, standing in the register in the name of {registered_owner} under "
                    "certificate of title number {title_number} (LINC {linc})."
                ),
                Clauses(_CAVEAT_GROUNDS),
                Para("Registered as number {registration_number} on {registration_date}."),
                Signatures(("For {caveator}", "Witness")),
            ),
            header="||Your File: {matter_number}",
            footer="||{page}",
        ),
        Layout(
            "slip",
            Style(size=10, values="bold"),
            (
                Heading("Caveat", 1.8),
                Pairs(
                    (
                        ("Registration Number", "{registration_number}"),
                        ("Registration Date", "{registration_date}"),
                        ("Caveator", "{caveator}"),
                        ("LINC", "{linc}"),
                        ("Title Number", "{title_number}"),
                        ("Land Affected", "{short_legal}"),
                        ("Registered Owner", "{registered_owner}"),
                        ("File No.", "{matter_number}"),
                    ),
                    "inline",
                ),
                Rule(),
                Heading("Nature of the interest claimed"),
                Clauses(_CAVEAT_GROUNDS),
                Signatures(("Agent of the caveator",)),
            ),
            header="Copy of registered instrument||{registration_number}",
        ),
    ),
)
