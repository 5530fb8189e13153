"""A lender's forms: the mortgage and the discharge of an old one."""

from collections.abc import Mapping

from muniment.sample.facts import Matter
from muniment.sample.forms.form import Form, common
from muniment.sample.spelling import Percent, Sin, Value, Years
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

_TERM_YEARS = (3, 4, 5)


def _mortgage_values(matter: Matter) -> Mapping[str, Value | None]:
    first = matter.borrowers[0]
    return common(matter) | {
        "mortgagor": matter.borrowers,
        "mortgagee": matter.lender,
        "principal": matter.principal,
        "interest_rate": Percent(matter.rate),
        "mortgage_date": matter.closing_on,
        "term": Years(_TERM_YEARS[matter.index % 3]),
        "amortisation": Years(20 + 5 * (matter.index % 2)),
        "mortgagor_sin": Sin(first.sin) if matter.index % 3 != 1 else None,
        "mortgagor_born": first.born if matter.index % 4 == 0 else None,
        "mortgagor_email": first.email,
        "mortgagor_phone": first.phone,
    }


COVENANTS = (
    "The mortgagor repays the principal with interest at the rate stated, calculated half-yearly and not "
    "in advance, by equal blended instalments on the first day of each month, until everything that this "
    "mortgage secures is paid.",
    "Interest runs on the daily balance from the day on which money is advanced, before and after "
    "default, judgment and the end of the term. Interest that is overdue itself bears interest at the "
    "same rate.",
    "The mortgagor pays all taxes, levies and utility charges on the land when they fall due, and shows "
    "the receipts on request; the mortgagee may pay them and add them to the debt.",
    "Buildings are kept insured for their full replacement value against fire and the perils of an "
    "ordinary extended policy, with loss payable to the mortgagee as first loss payee, and the policy is "
    "not cancelled without thirty days' notice.",
    "The mortgagor keeps the land and buildings in good repair, commits no waste, makes no structural "
    "alteration without consent, and lets the mortgagee inspect at reasonable hours.",
    "The mortgagor has a good title in fee simple, free of everything but what the mortgagee has accepted"
    " in writing, and does whatever further act may be needed to perfect this security.",
    "If the land or any part of it is sold, transferred or charged again without consent, the whole debt "
    "becomes payable at the choice of the mortgagee.",
    "The mortgagor may once in each calendar year prepay up to fifteen per cent of the original principal"
    " without notice or charge. Any other prepayment carries three months' interest or the interest "
    "differential, whichever is more.",
    "The mortgagor is in default on missing an instalment, breaking a covenant, becoming insolvent, or "
    "allowing a lien to stay on the land for more than thirty days.",
    "On default the whole balance falls due at once, and the mortgagee may enter, lease, sell or "
    "foreclose as the law allows, appoint a receiver, and recover legal costs between solicitor and own "
    "client.",
    "The mortgagor attorns as tenant to the mortgagee at a yearly rent equal to the instalments, so far "
    "as that is needed for the recovery of possession.",
    "The mortgagee is not obliged to advance all or any of the principal merely because this mortgage has"
    " been registered.",
    "Giving time, releasing a part of the land, or accepting a late instalment waives nothing and discharges nobody.",
    "For better securing repayment the mortgagor mortgages to the mortgagee all the estate and interest "
    "of the mortgagor in the land described above.",
    "Where several sign as mortgagor, each is liable for the whole. The covenants bind heirs, executors and assigns.",
    "On payment in full the mortgagee delivers a discharge within the time which the statute gives, at "
    "the mortgagor's expense.",
)

_BORROWER = Pairs(
    (
        ("Social insurance number", "{mortgagor_sin}"),
        ("Date of birth", "{mortgagor_born}"),
        ("E-mail", "{mortgagor_email}"),
        ("Telephone", "{mortgagor_phone}"),
    )
)

MORTGAGE = Form(
    "mortgage",
    "Mortgage",
    _mortgage_values,
    (
        Layout(
            "deed",
            Style(face="serif", size=11.5, margin=74),
            (
                Heading("MORTGAGE OF LAND", 1.5, centred=True),
                Para("made on {mortgage_date}", centred=True),
                Para(
                    '{mortgagor} (the "mortgagor"), being registered as owner of an estate in fee simple '
                    "in possession, subject to the encumbrances noted on title, of the land described as "
                    "{short_legal}, in consideration of the sum of {principal} lent to the mortgagor by "
                    '{mortgagee} (the "mortgagee"), covenants with the mortgagee as follows:'
                ),
                Clauses(
                    (
                        "The principal of {principal} bears interest at {interest_rate} per annum for a "
                        "term of {term}, and the instalments are reckoned on an amortisation of "
                        "{amortisation}.",
                        *COVENANTS,
                    )
                ),
                Heading("PARTICULARS OF THE MORTGAGOR"),
                _BORROWER,
                Signatures(("Mortgagor: {mortgagor}", "Witness")),
            ),
            header="{mortgagee}||File No. {matter_number}",
            footer="|{page} of {pages}|",
        ),
        Layout(
            "terms_sheet",
            Style(size=10, values="bold"),
            (
                Heading("MORTGAGE", 1.8),
                Heading("Schedule A: particulars"),
                Pairs(
                    (
                        ("Mortgagor", "{mortgagor}"),
                        ("Mortgagee", "{mortgagee}"),
                        ("Mortgaged land", "{short_legal}"),
                        ("Principal amount", "{principal}"),
                        ("Interest rate", "{interest_rate} per annum"),
                        ("Term", "{term}"),
                        ("Amortisation", "{amortisation}"),
                        ("Mortgage date", "{mortgage_date}"),
                        ("S.I.N. of first borrower", "{mortgagor_sin}"),
                        ("Born", "{mortgagor_born}"),
                        ("Contact", "{mortgagor_email}"),
                    ),
                    "ruled",
                ),
                Heading("Schedule B: covenants"),
                Clauses(COVENANTS),
                Heading("Schedule C: execution"),
                Para("Each mortgagor has read the schedules, had them explained, and received a copy."),
                Signatures(("{mortgagor}, mortgagor", "Officer of {mortgagee}")),
            ),
            header="Standard charge terms||Matter: {matter_number}",
            footer="{mortgagee}||Page {page} of {pages}",
        ),
        Layout(
            "application",
            Style(face="sans", size=9.5),
            (
                Heading("{mortgagee}", 1.5),
                Para("Residential mortgage, fixed rate, closed", "italic"),
                Rule(),
                Pairs(
                    (
                        ("Borrower and mortgagor", "{mortgagor}"),
                        ("Lender and mortgagee", "{mortgagee}"),
                        ("Amount of loan (principal)", "{principal}"),
                        ("Rate of interest", "{interest_rate}"),
                        ("Dated", "{mortgage_date}"),
                        ("Term / amortisation", "{term} / {amortisation}"),
                        ("Security (legal description)", "{short_legal}"),
                        ("Civic address", "{property_address}"),
                        ("SIN", "{mortgagor_sin}"),
                        ("Telephone", "{mortgagor_phone}"),
                    ),
                    "above",
                ),
                Clauses(COVENANTS),
                Space(6),
                Signatures(("{mortgagor}", "Witness")),
            ),
            header="||Our File: {matter_number}",
            footer="Registered office copy||{page}/{pages}",
        ),
    ),
)


def _discharge_values(matter: Matter) -> Mapping[str, Value | None]:
    return common(matter) | {
        "instrument_number": matter.old_mortgage,
        "mortgagee": matter.old_lender,
        "mortgagor": matter.owners,
        "discharge_date": matter.closing_on,
        "registered_on": matter.parcel.registered_on,
    }


_RELEASE = (
    "All money secured by the mortgage, with interest and costs, has been paid, and the mortgagee claims "
    "nothing more under it.",
    "The mortgagee has not assigned the mortgage, whether wholly or in part, nor any money due under it.",
    "The registrar is authorised to cancel the memorandum of the mortgage on the title named above.",
    "This discharge does not release any other security that the mortgagee holds from the mortgagor.",
)

DISCHARGE = Form(
    "discharge",
    "Discharge of Mortgage",
    _discharge_values,
    (
        Layout(
            "letterpress",
            Style(face="serif", size=12, margin=78),
            (
                Heading("DISCHARGE OF MORTGAGE", 1.4, centred=True),
                Space(10),
                Para(
                    "{mortgagee} discharges the mortgage made by {mortgagor} in its favour and registered"
                    " on {registered_on} as instrument number {instrument_number} against certificate of "
                    "title number {title_number}."
                ),
                Clauses(_RELEASE),
                Para("Given under the corporate seal on {discharge_date}."),
                Signatures(("Authorised signatory of {mortgagee}", "Authorised signatory")),
            ),
            header="||Your File: {matter_number}",
            footer="||",
        ),
        Layout(
            "form",
            Style(size=10.5),
            (
                Heading("Discharge", 1.8),
                Para("of a registered mortgage", "italic"),
                Pairs(
                    (
                        ("Instrument Number", "{instrument_number}"),
                        ("Title Number", "{title_number}"),
                        ("Mortgagee", "{mortgagee}"),
                        ("Mortgagor", "{mortgagor}"),
                        ("Date of Discharge", "{discharge_date}"),
                        ("File No.", "{matter_number}"),
                    ),
                    "ruled",
                ),
                Clauses(_RELEASE),
                Signatures(("For the mortgagee", "Commissioner for oaths")),
            ),
            header="{mortgagee}||Discharge of mortgage",
        ),
        Layout(
            "statement",
            Style(face="typewriter", size=10),
            (
                Heading("NOTICE OF DISCHARGE", 1.3),
                Rule(),
                Pairs(
                    (
                        ("MORTGAGEE", "{mortgagee}"),
                        ("INSTRUMENT NO", "{instrument_number}"),
                        ("TITLE NO", "{title_number}"),
                        ("DISCHARGED", "{discharge_date}"),
                        ("OUR FILE", "{matter_number}"),
                    )
                ),
                Table(
                    head=("Account", "Balance"),
                    rows=(("Principal", "nil"), ("Interest", "nil"), ("Costs and fees", "nil")),
                    widths=(0.6, 0.4),
                    right=(1,),
                ),
                Clauses(_RELEASE),
                Signatures(("Payout department",)),
            ),
        ),
    ),
)
