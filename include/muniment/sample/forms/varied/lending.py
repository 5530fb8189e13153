"""Mortgages and discharges as other lenders set them."""

from collections.abc import Mapping

from muniment.sample.forms.lending import COVENANTS
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

_RELEASE_TERMS = (
    "Everything that the mortgage secured has been paid or satisfied.",
    "The registrar may cancel the memorandum of it.",
)

_MORTGAGE = (
    Layout(
        "boxes",
        Style(size=9.5),
        (
            Heading("RESIDENTIAL MORTGAGE", 1.5),
            Pairs(
                (
                    ("BORROWER(S)", "{mortgagor}"),
                    ("LENDER", "{mortgagee}"),
                    ("PRINCIPAL SUM", "{principal}"),
                    ("ANNUAL INTEREST RATE", "{interest_rate}"),
                    ("DATE OF MORTGAGE", "{mortgage_date}"),
                    ("TERM", "{term}"),
                    ("MORTGAGED PROPERTY", "{short_legal}"),
                    ("BORROWER'S TELEPHONE", "{mortgagor_phone}"),
                    ("SOCIAL INSURANCE NUMBER", "{mortgagor_sin}"),
                    ("SOLICITOR'S FILE NO.", "{matter_number}"),
                ),
                "boxed",
            ),
            Para(
                "In this mortgage the borrower is the mortgagor and the lender is the mortgagee, per annum rates apply."
            ),
            Clauses(COVENANTS),
            Signatures(("Borrower", "Witness")),
        ),
    ),
    Layout(
        "statutory",
        Style(face="serif", size=12, margin=78),
        (
            Heading("MORTGAGE", 1.5, centred=True),
            Para("THIS MORTGAGE is dated {mortgage_date}", centred=True),
            Para("BETWEEN"),
            Para("{mortgagor} (hereinafter called the Mortgagor)", indent=40),
            Para("AND"),
            Para("{mortgagee} (hereinafter called the Mortgagee)", indent=40),
            Para(
                "WHEREAS the Mortgagor owns an estate in fee simple in the land described as {short_legal}; in "
                "consideration of the principal sum of {principal} advanced by the Mortgagee, the Mortgagor covenants "
                "to repay that sum with interest at a rate of {interest_rate} per year, and charges the land with it."
            ),
            Clauses(COVENANTS),
            Para("Reference: {matter_number}"),
            Signatures(("Mortgagor", "For the Mortgagee")),
        ),
    ),
    Layout(
        "summary_box",
        Style(face="sans", size=9, margin=56),
        (
            Heading("Residential Mortgage Agreement", 1.7),
            Pairs(
                (
                    ("Borrower name(s)", "{mortgagor}"),
                    ("Lender name", "{mortgagee}"),
                    ("Total amount borrowed", "{principal}"),
                    ("Annual interest rate (fixed)", "{interest_rate}"),
                    ("Agreement date", "{mortgage_date}"),
                    ("Maturity", "{term} from the adjustment date"),
                    ("Legal description of the mortgaged premises", "{short_legal}"),
                    ("Solicitor reference", "{matter_number}"),
                    ("Borrower SIN", "{mortgagor_sin}"),
                    ("Borrower phone", "{mortgagor_phone}"),
                ),
                "ruled",
                split=0.42,
            ),
            Para("The borrower is called the mortgagor and the lender the mortgagee in what follows.", "italic"),
            Clauses(COVENANTS),
        ),
    ),
    Layout(
        "indenture",
        Style(face="serif", size=12, margin=80, numbering="({})"),
        (
            Heading("THIS INDENTURE OF MORTGAGE", 1.3, centred=True),
            Para("made this {mortgage_date}", centred=True),
            Para("BETWEEN:", "bold"),
            Para('{mortgagor}, of Aldergate, in the Province of Alberta (the "Mortgagor")', indent=36),
            Para("OF THE FIRST PART", centred=True),
            Para('{mortgagee} (the "Mortgagee")', indent=36),
            Para("OF THE SECOND PART", centred=True),
            Para(
                "WITNESSES THAT the Mortgagee has lent to the Mortgagor the sum of {principal}, repayable with "
                "interest computed at the rate of {interest_rate} per annum, and that the Mortgagor charges with it "
                "the lands and premises being {short_legal}."
            ),
            Clauses(COVENANTS),
        ),
        footer="|Law office file {matter_number}|",
    ),
    Layout(
        "credit_union",
        Style(face="sans", size=9.5, margin=60, values="bold"),
        (
            Heading("{mortgagee}", 1.3),
            Heading("Collateral Mortgage of Land", 1.4),
            Table(
                head=("Mortgagor(s)", "Land mortgaged"),
                rows=(("{mortgagor}", "{short_legal}"),),
                widths=(0.42, 0.58),
            ),
            Table(
                head=("Principal", "Rate of interest per annum", "Term", "Date"),
                rows=(("{principal}", "{interest_rate}", "{term}", "{mortgage_date}"),),
                widths=(0.26, 0.3, 0.18, 0.26),
            ),
            Para("The mortgagee is {mortgagee}. Reference {matter_number}."),
            Clauses(COVENANTS),
            Heading("Identification"),
            Pairs((("S.I.N.", "{mortgagor_sin}"), ("E-mail", "{mortgagor_email}"), ("Cell", "{mortgagor_phone}"))),
        ),
    ),
    Layout(
        "private_lender",
        Style(face="typewriter", size=10, margin=68),
        (
            Heading("MORTGAGE AGREEMENT", 1.3, centred=True),
            Para("Our reference {matter_number}"),
            Para("1. Parties", "bold"),
            Para("The mortgagor is {mortgagor}."),
            Para("The mortgagee is {mortgagee}."),
            Para("2. Loan", "bold"),
            Para("The mortgagee lends {principal} for {term} at a fixed interest rate of {interest_rate} a year."),
            Para("3. Security", "bold"),
            Para("The loan is secured on {short_legal}."),
            Para("4. Covenants", "bold"),
            Clauses(COVENANTS),
            Para("Signed on {mortgage_date} by the mortgagor."),
        ),
    ),
)

_RARE_MORTGAGE = (
    Layout(
        "lenders_schedule_of_terms",
        Style(face="sans", size=9, margin=52),
        (
            Heading("{mortgagee!u}", 1.2),
            Heading("RESIDENTIAL MORTGAGE — ALBERTA", 1.6),
            Para("Schedule of mortgage terms", "bold"),
            Pairs(
                (
                    ("Borrower(s) (Mortgagor)", "{mortgagor}"),
                    ("Lender (Mortgagee)", "{mortgagee}"),
                    ("Mortgaged property: legal description", "{short_legal}"),
                    ("Civic address", "{property_address}"),
                    ("Principal sum advanced", "{principal}"),
                    ("Interest rate", "{interest_rate} per annum, calculated half-yearly, not in advance"),
                    ("Date of this mortgage", "{mortgage_date}"),
                    ("Length of term", "{term}"),
                    ("Amortization period", "{amortisation}"),
                    ("Borrower's date of birth", "{mortgagor_born}"),
                    ("Borrower's S.I.N.", "{mortgagor_sin}"),
                    ("Borrower's e-mail and telephone", "{mortgagor_email}, {mortgagor_phone}"),
                ),
                "ruled",
                split=0.36,
            ),
            Clauses(
                (
                    "You charge the property with payment of the principal sum, interest and all other sums secured.",
                    "You will insure the buildings against fire and pay the taxes as they fall due.",
                    "If you default, the whole of the debt becomes payable at our option.",
                )
            ),
            Signatures(("Borrower", "Witness")),
        ),
        header="Standard form mortgage||Solicitor reference: {matter_number}",
    ),
    Layout(
        "firstly_secondly",
        Style(face="serif", size=11.5, margin=80, leading=1.4),
        (
            Heading("MORTGAGE", 1.6, centred=True),
            Para("(The Land Titles Act)", "italic", centred=True),
            Para(
                "{mortgagor} (hereinafter called the “Mortgagor”), being registered as owner of an estate in fee "
                "simple "
                "in possession in that piece of land described as {short_legal}, IN CONSIDERATION of the sum of "
                "{principal} lent to the Mortgagor by {mortgagee} (hereinafter called the “Mortgagee”), the receipt of "
                "which is acknowledged, covenants with the Mortgagee:"
            ),
            Para(
                "FIRSTLY, that the Mortgagor will pay to the Mortgagee the above sum with interest thereon at the "
                "rate of "
                "{interest_rate} per annum, calculated semi-annually not in advance, over a term of {term}.",
                indent=24,
            ),
            Para("SECONDLY, that the Mortgagor will pay all taxes and keep the buildings insured.", indent=24),
            Para(
                "AND for the better securing of repayment the Mortgagor hereby mortgages to the Mortgagee all estate "
                "and "
                "interest in the said land."
            ),
            Para("IN WITNESS WHEREOF the Mortgagor has executed this mortgage on {mortgage_date}."),
            Signatures(("Mortgagor", "Witness")),
            Para("Prepared by {firm}, {firm_address}; our file {matter_number}."),
        ),
    ),
    Layout(
        "mortgage_branch_form",
        Style("sans", 9.4, 1.34, 56.0, "bold", "{})"),
        (
            Heading("{mortgagee}", 1.5),
            Para("Fixed rate residential mortgage", "italic"),
            Rule(2.0),
            Table(
                (),
                (
                    (
                        "Branch transit 00417\nLoan no. 7719-004-6621\nSolicitor's file {matter_number}",
                        "Dated {mortgage_date}\nTo be registered at the Land Titles Office\nFirst charge",
                    ),
                ),
                (0.5, 0.5),
                ruled=False,
            ),
            Heading("1  Who this mortgage is between", 1.1),
            Para(
                'In this mortgage "you" means {mortgagor}, the owner of the property and borrower, and "we", "us" and '
                '"our" mean {mortgagee}, the lender.'
            ),
            Heading("2  What you are mortgaging", 1.1),
            Para("The land legally described as {short_legal}, and every building on it now or later."),
            Para("The street address is {property_address}."),
            Heading("3  Cost of borrowing summary", 1.1),
            Table(
                ("What", "How much or when", "What it means"),
                (
                    ("Amount advanced", "{principal}", "The principal sum that this mortgage secures."),
                    ("Annual interest rate", "{interest_rate}", "Fixed; compounded half-yearly, not in advance."),
                    ("Rate after default", "the rate above plus 2.00%", "Charged on overdue instalments only."),
                    ("Term", "{term}", "From the interest adjustment date."),
                    ("Amortisation", "{amortisation}", "If every instalment is paid on its day."),
                    ("Payment frequency", "Monthly, on the 1st", "By pre-authorised debit."),
                    ("First instalment", "1st of the second month", "Counted from the month of the advance."),
                    ("Late fee", "$45.00", "For each instalment returned unpaid."),
                    ("Prepayment privilege", "15% a year", "Of the original principal, without charge."),
                    ("Appraisal fee", "$325.00", "Already paid by you."),
                ),
                (0.24, 0.3, 0.46),
            ),
            Heading("4  What you promise", 1.1),
            Clauses(
                (
                    "To pay us the principal, with interest at the rate shown, in equal instalments until all is "
                    "repaid.",
                    "To pay every property tax when it falls due, and to show us the receipt if we ask.",
                    "To insure the buildings against fire for their full replacement cost, with loss payable to us.",
                    "Not to sell, lease for more than three years, or mortgage the property again without our "
                    "written consent.",
                    "To keep the property in good repair and to let our inspector in at reasonable hours.",
                    "That if you fail in any of this, the whole of the balance falls due at our choice and we may "
                    "sell.",
                    "That we may pay taxes, premiums, condominium contributions and repairs that you leave unpaid, "
                    "and add them "
                    "to the debt with interest at the same rate.",
                    "That no building will be begun, removed or altered to a value above $25,000.00 without our leave.",
                    "That our taking of further security, or our giving of time, releases nobody.",
                    "That where the property is a condominium unit you will observe the by-laws and vote as we "
                    "direct on "
                    "matters that concern insurance.",
                    "That you have read the standard mortgage terms filed under number 041 118 702, which form "
                    "part of this mortgage.",
                )
            ),
            Heading("5  Charge", 1.1),
            Para(
                "And for better securing repayment to us of the principal and interest, you hereby mortgage to us "
                "all your "
                "estate and interest in the property."
            ),
            Signatures(("{mortgagor}", "Witness to every signature")),
        ),
        footer="MTG-AB-114 (01/25)|Copy 1: Land Titles   Copy 2: Branch   Copy 3: You|{page}",
    ),
    Layout(
        "mortgage_charge_instrument",
        Style("typewriter", 9.0, 1.36, 54.0, "regular"),
        (
            Table(
                (),
                (("LRO 17   Charge/Mortgage", "In preparation - not yet receipted"),),
                (0.6, 0.4),
                right=(1,),
                totals=1,
                ruled=False,
            ),
            Para("The applicant(s) hereby applies(apply) to the Registrar."),
            Rule(0.8),
            Heading("Properties", 1.1),
            Pairs(
                (
                    ("PIN", "{linc}"),
                    ("Interest/Estate", "Fee Simple"),
                    ("Description", "{short_legal!u}"),
                    ("Address", "{property_address!u}"),
                ),
                "columns",
                split=0.24,
            ),
            Rule(0.4),
            Heading("Chargor(s)", 1.1),
            Para(
                "The chargor(s) hereby charges the land to the chargee(s), and acknowledges receipt of the charge "
                "and the "
                "standard charge terms, if any."
            ),
            Pairs(
                (
                    ("Name", "{mortgagor!f}"),
                    ("Address for Service", "{property_address}"),
                    ("Date of Birth", "{mortgagor_born}"),
                ),
                "columns",
                split=0.24,
            ),
            Para("I am at least 18 years of age. This document is not authorized under Power of Attorney."),
            Rule(0.4),
            Table((), (("Chargee(s)", "Capacity", "Share"),), (0.64, 0.2, 0.16), totals=1, ruled=False),
            Pairs(
                (
                    ("Name", "{mortgagee!u}"),
                    ("Address for Service", "MORTGAGE SERVICING CENTRE, P.O. BOX 4410, STATION MAIN"),
                ),
                "columns",
                split=0.24,
            ),
            Rule(0.4),
            Heading("Provisions", 1.1),
            Table(
                (),
                (
                    ("Principal", "{principal}", "Currency", "CDN"),
                    ("Calculation Period", "SEMI-ANNUAL", "NOT IN ADVANCE", ""),
                    ("Term", "{term}", "Amortization", "{amortisation}"),
                    ("Interest Rate", "{interest_rate}", "Payments", "MONTHLY"),
                    ("Standard Charge Terms", "200033", "Insurance Amount", "full insurable value"),
                    ("Guarantor", "NONE", "", ""),
                ),
                (0.26, 0.3, 0.22, 0.22),
                ruled=False,
            ),
            Rule(0.4),
            Heading("Signed By", 1.1),
            Table(
                (),
                (
                    (
                        "{lawyer}\n{firm}\n{firm_address}",
                        "acting for Chargor(s)\nTel {firm_phone}",
                        "Signed\n{mortgage_date}",
                    ),
                ),
                (0.52, 0.25, 0.23),
                ruled=False,
            ),
            Rule(0.4),
            Heading("File Number", 1.1),
            Pairs(
                (("Chargor Client File No.", "{matter_number}"), ("Chargee Client File No.", "NB-448170-C")),
                "columns",
                split=0.36,
            ),
        ),
        header="Charge/Mortgage||Page {page} of {pages}",
        footer="",
    ),
    Layout(
        "particulars_page",
        Style(face="sans", size=10, leading=1.3, margin=50, numbering="({})"),
        (
            Heading("{mortgagee}", 1.3),
            Heading("MORTGAGE OF LAND - PARTICULARS", 1.1),
            Para(
                "Incorporates the standard mortgage terms filed by the lender at the land titles office as 051 118 275."
            ),
            Pairs(
                (
                    ("Date of mortgage", "{mortgage_date}"),
                    ("Solicitor and file number", "{firm}, {matter_number}"),
                    ("Loan number", "70-4418265"),
                    ("Product", "Fixed rate, closed, first rank"),
                ),
                "boxed",
            ),
            Pairs(
                (
                    ("Mortgagor(s) - everyone on title", "{mortgagor}"),
                    ("Mortgagee (notices go to the lending branch)", "{mortgagee}"),
                    ("Legal description of the land", "{short_legal}"),
                    ("Civic address", "{property_address}"),
                ),
                "boxed",
                columns=1,
            ),
            Pairs(
                (
                    ("Principal amount", "{principal}"),
                    ("Interest rate per year", "{interest_rate}"),
                    ("Term", "{term}"),
                    ("Amortization", "{amortisation}"),
                    ("Compounding", "twice a year, not in advance"),
                    ("Payments", "monthly, first day of month"),
                ),
                "boxed",
                columns=3,
            ),
            Heading("How the mortgage works", 1.05),
            Clauses(
                (
                    "The mortgagor acknowledges having had a copy of the standard mortgage terms and agrees to be "
                    "bound "
                    "by them as though they were written out here.",
                    "The mortgagor charges all estate and interest in the land with repayment of the principal amount, "
                    "the interest and everything else that becomes owing.",
                    "After maturity or default interest goes on at the rate in the box above until everything is paid.",
                    "A fee of $300.00 is charged for each payment that is returned, and of $75.00 for each statement "
                    "asked for in the course of a year after the first.",
                )
            ),
            Signatures(("Mortgagor", "Mortgagor", "Witness", "For the mortgagee")),
            Heading("Identification of the first mortgagor (for the lender's copy)", 0.95),
            Pairs(
                (
                    ("Born", "{mortgagor_born}"),
                    ("S.I.N.", "{mortgagor_sin}"),
                    ("Telephone", "{mortgagor_phone}"),
                    ("E-mail", "{mortgagor_email}"),
                ),
                "abreast",
            ),
        ),
        header="Form M-115 AB (rev. 04/2024)||",
        footer="Return the registered mortgage within 30 days||{page} / {pages}",
    ),
    Layout(
        "charge_in_prose",
        Style(face="serif", size=11.4, leading=1.38, margin=72),
        (
            Heading("MORTGAGE", 1.7, centred=True),
            Para("Under the Land Titles Act of Alberta", "italic", centred=True),
            Space(4),
            Para("THIS MORTGAGE is made on {mortgage_date}"),
            Para("BETWEEN", centred=True),
            Para("{mortgagor!u}", "bold", centred=True),
            Para('of {property_address}\n(together or singly called "the Borrower")', centred=True),
            Para("AND", centred=True),
            Para("{mortgagee!u}", "bold", centred=True),
            Para('(called "the Lender")', centred=True),
            Para(
                "The Borrower, being or being entitled to become the registered owner of the land in the schedule, has "
                "asked the Lender for a loan, and in return for the sum of {principal}, now lent or about to be lent, "
                "agrees as follows:"
            ),
            Clauses(
                (
                    "The Borrower will pay the Lender that sum with interest on it at the rate of {interest_rate} per "
                    "annum, reckoned half-yearly and not in advance, as well after as before maturity and judgment.",
                    "Principal and interest are repaid by level monthly instalments, fixed so that the debt would be "
                    "extinguished over {amortisation}; whatever is then unpaid falls due when the term of {term} is "
                    "over.",
                    "Once in each year the Borrower may pay up to 15% of the original sum without bonus or notice.",
                    "The Borrower insures the buildings against fire for at least their full value and pays the taxes "
                    "before penalties are added.",
                    "If a payment is more than fifteen days late, the Lender may call in the loan and use every remedy "
                    "that the law gives to a mortgagee.",
                    "The Lender may hold back money from any advance in order to meet the claims of builders.",
                    "And for better securing payment, the Borrower mortgages to the Lender all the Borrower's "
                    "estate and "
                    "interest in the land.",
                )
            ),
            Para("The Borrower has signed on the day and year first written above."),
            Signatures(("{mortgagor}", "{lawyer}, witness")),
            PageBreak(),
            Heading("SCHEDULE", 1.1, centred=True),
            Para("The land that is mortgaged, in Alberta, is:"),
            Para("{short_legal}", indent=40),
            Para("{exception}", indent=40),
            Table(
                ("Title to be charged", "L.I.N.C.", "Prepared by", "File"),
                (("{title_number}", "{linc}", "{firm}", "{matter_number}"),),
                (0.26, 0.24, 0.3, 0.2),
            ),
            Heading("NOTICE TO SPOUSES AND GUARANTORS", 1.0),
            Para(
                "A person who signs only to give up dower rights takes on no debt. The Lender cannot advise anyone on "
                "whether to sign; that person should see a lawyer other than {firm}."
            ),
            Para(
                "A guarantor signs a separate certificate before a lawyer, who charges no more than $5.00 for it. The "
                "guarantee is limited to twice the sum lent and runs out two years after the loan does."
            ),
            Signatures(("Spouse, if not a borrower", "Guarantor, if any")),
        ),
        footer="|Page {page} of {pages}|Borrower's initials: ________",
    ),
)

_DISCHARGE = (
    Layout(
        "prose",
        Style(face="serif", size=12, margin=80),
        (
            Heading("DISCHARGE OF MORTGAGE", 1.3, centred=True),
            Para("To the registrar. Reference: {matter_number}."),
            Para(
                "{mortgagee} hereby acknowledges that it has received all money due under the mortgage granted by "
                "{mortgagor} and registered in your office on {registered_on} as registration number "
                "{instrument_number}, standing against title number {title_number}, and that the mortgage is wholly "
                "discharged."
            ),
            Clauses(_RELEASE_TERMS),
            Para("Dated at the City of Aldergate, this {discharge_date}."),
            Signatures(("Authorised officer",)),
        ),
    ),
    Layout(
        "boxes",
        Style(size=10),
        (
            Heading("PARTIAL OR FULL DISCHARGE", 1.0),
            Heading("Discharge of Registered Mortgage", 1.4),
            Pairs(
                (
                    ("LENDER", "{mortgagee}"),
                    ("BORROWER", "{mortgagor}"),
                    ("MORTGAGE NUMBER", "{instrument_number}"),
                    ("AFFECTED TITLE NUMBER", "{title_number}"),
                    ("DATED", "{discharge_date}"),
                    ("YOUR FILE", "{matter_number}"),
                ),
                "boxed",
            ),
            Clauses(_RELEASE_TERMS),
            Para("The lender, as mortgagee, asks the registrar to discharge instrument number {instrument_number}."),
        ),
    ),
    Layout(
        "bank_letter",
        Style(face="sans", size=10.5, margin=74),
        (
            Heading("{mortgagee}", 1.3),
            Heading("FULL DISCHARGE OF MORTGAGE", 1.1),
            Para("Our customer: {mortgagor}. Your reference: {matter_number}."),
            Para(
                "The mortgage registered at the land titles office under number {instrument_number}, on title "
                "{title_number}, has been repaid. {mortgagee}, the mortgagee, releases and discharges it."
            ),
            Para("Signed and sealed at Aldergate on {discharge_date}."),
            Signatures(("Manager, mortgage administration",)),
        ),
    ),
    Layout(
        "registry_form",
        Style(face="typewriter", size=10),
        (
            Heading("DISCHARGE", 1.3, centred=True),
            Pairs(
                (
                    ("NAME OF MORTGAGEE", "{mortgagee}"),
                    ("NAME OF MORTGAGOR", "{mortgagor}"),
                    ("MORTGAGE REGISTRATION NUMBER", "{instrument_number}"),
                    ("CERTIFICATE OF TITLE", "{title_number}"),
                    ("EXECUTED ON", "{discharge_date}"),
                    ("LAWYER'S FILE", "{matter_number}"),
                ),
                "columns",
                split=0.5,
            ),
            Para("THE MORTGAGEE DISCHARGES THE MORTGAGE DESCRIBED ABOVE AND ASKS THE REGISTRAR TO CANCEL IT."),
        ),
    ),
    Layout(
        "trust_company",
        Style(face="serif", size=11.5, margin=78, values="bold"),
        (
            Heading("DISCHARGE OF MORTGAGE", 1.3, centred=True),
            Para("Land Titles, Alberta", centred=True),
            Para(
                "WE, {mortgagee}, the mortgagee under the mortgage dated {registered_on} and registered as instrument "
                "{instrument_number} against title number {title_number}, DO HEREBY DISCHARGE the said mortgage in "
                "full."
            ),
            Para("IN WITNESS WHEREOF we have executed this discharge on {discharge_date}."),
            Signatures(("Authorized signatory", "Witness")),
            Para("Law firm file: {matter_number}"),
        ),
    ),
    Layout(
        "payout_form",
        Style(size=10, margin=62),
        (
            Heading("Mortgage Discharge", 1.7),
            Pairs(
                (
                    ("Name of lender (mortgagee)", "{mortgagee}"),
                    ("Name of borrower (mortgagor)", "{mortgagor}"),
                    ("Registration no. of mortgage", "{instrument_number}"),
                    ("Land title no.", "{title_number}"),
                    ("Discharge date", "{discharge_date}"),
                    ("Your file no.", "{matter_number}"),
                ),
                "above",
            ),
            Para("The mortgage is paid in full and the registrar is asked to discharge it."),
        ),
    ),
)

_RARE_DISCHARGE = (
    Layout(
        "acknowledgement_of_payment",
        Style(face="serif", size=12, margin=78, leading=1.45),
        (
            Para("LAND TITLES ACT", centred=True),
            Heading("DISCHARGE", 1.5, centred=True),
            Para(
                "{mortgagee} does hereby acknowledge to have received all the money due or to become due under the "
                "mortgage "
                "made by {mortgagor} in its favour, which was registered in the Land Titles Office as instrument "
                "number "
                "{instrument_number} on {registered_on} against Certificate of Title {title_number}, and that the "
                "same is "
                "wholly discharged."
            ),
            Para("IN WITNESS WHEREOF the mortgagee has executed this discharge on {discharge_date}."),
            Signatures(("{mortgagee}, per authorized signatory", "Witness")),
            Para("Return to: {firm}, {firm_address} (file {matter_number})"),
        ),
    ),
    Layout(
        "request_to_the_registrar",
        Style(face="sans", size=10, margin=60),
        (
            Heading("Discharge of Registered Mortgage", 1.5),
            Para("Request to the Registrar of Land Titles, Alberta"),
            Pairs(
                (
                    ("Name of mortgagee", "{mortgagee}"),
                    ("Name of mortgagor(s)", "{mortgagor}"),
                    ("Mortgage registration number", "{instrument_number}"),
                    ("Mortgage registered on", "{registered_on}"),
                    ("Title(s) to be cleared", "{title_number}"),
                    ("Date of this discharge", "{discharge_date}"),
                    ("Law firm file", "{matter_number}"),
                ),
                "beneath",
            ),
            Para(
                "The debt having been satisfied in full, the mortgagee discharges the mortgage as to all of the land."
            ),
            Signatures(("Authorized officer",)),
        ),
    ),
    Layout(
        "discharge_acknowledgement",
        Style("serif", 12.0, 1.48, 86.0, "regular", rules=False),
        (
            Heading("ACKNOWLEDGEMENT OF PAYMENT AND DISCHARGE", 1.15, True),
            Para("(mortgage of land, Province of Alberta)", "italic", centred=True),
            Space(12),
            Para(
                "{mortgagee} DOES HEREBY ACKNOWLEDGE that it has received all the money due or to become due under the "
                "mortgage made by {mortgagor}, which was registered in the Land Titles Office on {registered_on} as "
                "instrument number {instrument_number} against the land comprised in certificate of title number "
                "{title_number}, and that the same is wholly discharged."
            ),
            Para(
                "AND it declares that it has not assigned, pledged or otherwise dealt with the mortgage, and "
                "authorises the "
                "Registrar to cancel the memorandum of it."
            ),
            Para(
                "IN WITNESS WHEREOF its proper officers have signed in that behalf at the City of Aldergate, in "
                "the Province "
                "of Alberta, on {discharge_date}."
            ),
            Space(10),
            Table(
                (),
                (
                    (
                        "Loan 3310-88-2745\nPaid by wire",
                        "{mortgagee!u}\nPer: ______________________\nPer: ______________________\n(corporate seal)",
                    ),
                ),
                (0.42, 0.58),
                ruled=False,
            ),
            Space(20),
            Para("Return to:\n{firm}\n{firm_address}\nFile number {matter_number}"),
        ),
        footer="",
    ),
    Layout(
        "discharge_numbered_boxes",
        Style("sans", 9.4, 1.32, 48.0, "bold"),
        (
            Table(
                (),
                (
                    (
                        "DISCHARGE\nof mortgage, charge or encumbrance\nForm 11",
                        "Registry use only\nDo not write in this box\n",
                    ),
                ),
                (0.5, 0.5),
            ),
            Table(
                (),
                (("1  TYPE OF INTEREST\n[X] Mortgage     [ ] Caveat     [ ] Builders' lien     [ ] Other",),),
                (1.0,),
            ),
            Table(
                (),
                (
                    (
                        "2  NUMBER OF INSTRUMENT TO BE DISCHARGED\n{instrument_number}",
                        "3  DATE IT WAS REGISTERED\n{registered_on}",
                    ),
                ),
                (0.55, 0.45),
            ),
            Table((), (("4  TITLE AFFECTED\n{title_number}", "5  EXTENT\n[X] Full    [ ] Partial"),), (0.55, 0.45)),
            Table((), (("6  LAND\n{short_legal}\n{property_address}",),), (1.0,)),
            Table((), (("7  HOLDER OF THE INTEREST (party giving this discharge)\n{mortgagee}",),), (1.0,)),
            Table((), (("8  GRANTED BY (borrower)\n{mortgagor}",),), (1.0,)),
            Table(
                (),
                (
                    (
                        "9  STATEMENT\nThe holder named in box 7 is entitled to give this discharge, has been paid "
                        "in full, and "
                        "asks that the instrument in box 2 be removed from the title in box 4.",
                    ),
                ),
                (1.0,),
            ),
            Table(
                (),
                (
                    (
                        "10  SIGNATURE OF HOLDER OR OFFICER\nx\nTitle or office:",
                        "11  DATE SIGNED\n{discharge_date}",
                        "12  WITNESS\nx\nAddress:",
                    ),
                ),
                (0.4, 0.28, 0.32),
            ),
            Table(
                (),
                (("13  SUBMITTED BY\n{firm}\n{firm_address}", "14  SUBMITTER'S FILE\n{matter_number}"),),
                (0.66, 0.34),
            ),
            Heading(
                "Instructions. Type or print. Use box numbers when you refer to an attachment. A false statement "
                "in this "
                "form is an offence. Personal information is collected for keeping the land register.",
                0.78,
            ),
        ),
        footer="LTO 11 (2022/03)||Page {page} of {pages}",
    ),
    Layout(
        "receipt_and_release",
        Style(face="serif", size=12, leading=1.48, margin=76),
        (
            Heading("DISCHARGE OF MORTGAGE", 1.4, centred=True),
            Para("Land Titles Act", "italic", centred=True),
            Space(10),
            Para(
                "{mortgagee!u}, of the Province of Alberta, hereby acknowledges having received all the money due "
                "or to "
                "become due under a mortgage made by {mortgagor!u}, which mortgage was entered in the land titles "
                "office "
                "on {registered_on} as number {instrument_number}, and declares that it has not been assigned."
            ),
            Para(
                "The mortgage is accordingly wholly discharged, and the Registrar is asked to strike it from "
                "certificate "
                "of title number {title_number}."
            ),
            Para(
                "In witness of which the mortgagee has caused its seal to be affixed by the hands of its proper "
                "officers "
                "on {discharge_date}."
            ),
            Space(12),
            Signatures(("Per: authorised officer", "Per: authorised officer")),
            Para("(corporate seal)", "italic"),
            Space(20),
            Rule(0.4),
            Para("The land: {short_legal}; LINC {linc}. Discharge fee $0.00. Release no. 11-20447.", "italic"),
            Para("Mail to {firm}, {firm_address}. Solicitor's reference {matter_number}.", "italic"),
        ),
        footer="",
    ),
    Layout(
        "lines_to_fill",
        Style(face="sans", size=10.5, margin=58, numbering="{}."),
        (
            Heading("Release of registered charge", 1.5),
            Para("Mortgage servicing - payouts and discharges"),
            Rule(1.4),
            Pairs(
                (
                    ("name of mortgagee giving the discharge", "{mortgagee}"),
                    ("date of this discharge", "{discharge_date}"),
                    ("instrument discharged (registration number of mortgage)", "{instrument_number}"),
                    ("mortgage was registered on", "{registered_on}"),
                    ("certificate of title affected", "{title_number}"),
                    ("LINC", "{linc}"),
                    ("payout received from", "{firm}"),
                    ("lawyer's file", "{matter_number}"),
                ),
                "beneath",
            ),
            Pairs((("mortgage granted by", "{mortgagor}"), ("land", "{short_legal}")), "beneath", columns=1),
            Space(6),
            Clauses(
                (
                    "The debt that the charge stood for is paid, and the mortgagee gives up the charge entirely.",
                    "Nobody but the mortgagee has had any right in the charge since it was given.",
                    "The registrar may rely on this paper alone in removing the charge from the title.",
                )
            ),
            Signatures(("Signing officer", "Signing officer")),
            Space(10),
            Table(
                ("Office record", ""),
                (("Loan", "38-77194-2"), ("Payout quoted good for", "10 days"), ("Per diem after that", "$41.87")),
                (0.35, 0.3),
            ),
        ),
        footer="D-7 (2022)||page {page} of {pages}",
    ),
)

DRAWN: Mapping[str, tuple[Layout, ...]] = {
    "mortgage": _MORTGAGE,
    "discharge": _DISCHARGE,
}

RARE: Mapping[str, tuple[Layout, ...]] = {
    "mortgage": _RARE_MORTGAGE,
    "discharge": _RARE_DISCHARGE,
}
