"""The catalogue of document types: what they are called, what speaks for them, and how forms label their values.

Data only; `classify` and `fields` act on it. Labels are regular expressions in which a space stands for any white
space; the first of a list is the most telling. Prose names the value as `<form>` (a name of `values.FORMS`), the
surroundings as an expression. Labels are those of Alberta's registries, lenders, municipalities and law offices.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldRule:
    """A field, its kind in the contract, its form where that is narrower than the kind, and what leads to it."""

    name: str
    kind: str
    labels: tuple[str, ...] = ()
    prose: tuple[str, ...] = ()
    form: str = ""

    @property
    def shape(self) -> str:
        """The name of the form that recognises the value."""
        return self.form or self.kind


@dataclass(frozen=True)
class TypeRule:
    """A document type. `titles` count by their weight where they are a heading, `phrases` wherever they stand; `cues`
    confirm, `against` speaks for something else. All of it is looked for on the first pages."""

    name: str
    titles: tuple[tuple[str, float], ...]
    cues: tuple[str, ...]
    fields: tuple[FieldRule, ...]
    against: tuple[str, ...] = ()
    phrases: tuple[tuple[str, float], ...] = ()


_OF_THE_LAND = (
    "(?:short )?legal description",
    "short legal",
    "land (?:affected|described)",
    "mortgaged (?:land|property|premises)",
    "security",
    "legal",
    "lands?",
)
_LEGAL = FieldRule(
    "short_legal",
    "legal",
    _OF_THE_LAND,
    (r"(?:legally )?described (?:as|above as|below as)[:,]? <legal>", r"lands?[:,] <legal>", r"<legal>"),
)
_LINC = FieldRule(
    "linc",
    "linc",
    (r"l\.?i\.?n\.?c\.?(?: (?:no|number))?", "land identification number"),
    (r"\bLINC(?: (?:no\.?|number))?[ :]{0,3}<linc>",),
)
_TITLE_NUMBER = FieldRule(
    "title_number",
    "title_number",
    (r"(?:existing |current )?(?:certificate of )?title (?:number|no\.?|#)", "certificate of title", "title"),
    (r"(?:certificate of )?title (?:number|no\.?)[ :]{0,3}<title_number>",),
)
_MUNICIPALITY = FieldRule(
    "municipality",
    "text",
    ("municipality", "issued by", "taxing authority"),
    ("<municipality>",),
    form="municipality",
)
_ADDRESS = FieldRule(
    "property_address",
    "address",
    ("(?:property|municipal|civic|street) address", "address of (?:the )?property", "property", "address"),
    (r"known (?:municipally )?as <address>", r"(?:municipal|civic) address(?: of)? <address>"),
)
_CONSIDERATION = FieldRule(
    "consideration",
    "money",
    ("consideration", "purchase price", "value of consideration"),
    (r"in consideration of (?:the )?(?:sum|payment) of <money>",),
)


def _dated(name: str, labels: tuple[str, ...], prose: tuple[str, ...] = ()) -> FieldRule:
    return FieldRule(name, "date", labels, prose)


MATTER = FieldRule(
    "matter_number",
    "text",
    (
        r"(?:our|your|customer|client|solicitor'?s?) (?:file|matter|ref(?:erence)?)(?: (?:no\.?|number|#))?",
        r"(?:file|matter|reference)(?: (?:no\.?|number|#))?",
    ),
    (
        r"\b(?:file|matter|reference|ref)\b\.?(?: (?:no\.?|number|#))?[ :.#]{0,4}<matter>",
        r"\bfile number[ :]{0,3}<matter>",
    ),
    form="matter",
)

TYPES: tuple[TypeRule, ...] = (
    TypeRule(
        "certificate_of_title",
        (
            ("land title certificate", 0.8),
            ("(?:duplicate )?certificate of title", 0.7),
            ("title search(?: result)?", 0.6),
        ),
        (
            r"\bLINC\b",
            "fee simple",
            r"registered owner|is now the owner",
            "encumbrances,? liens",
            r"title (?:number|no\b)",
            "registrar",
        ),
        (
            _LINC,
            _TITLE_NUMBER,
            _LEGAL,
            FieldRule(
                "registered_owner",
                "person",
                (r"registered owner(?:s|\(s\))?", r"owners?(?:\(s\))?"),
                (r"(?:this is to )?certify that <person>", r"<person>, of .{5,160}?is now the owner"),
            ),
            _dated(
                "registration_date",
                ("registration date", "registered on", "date registered", "date of registration", "date"),
            ),
            _CONSIDERATION,
            _MUNICIPALITY,
        ),
        against=(r"transferor", r"forbid", r"roll number"),
    ),
    TypeRule(
        "purchase_contract",
        (
            (r"(?:residential )?(?:resale )?(?:real estate )?purchase contract", 0.75),
            (r"agreement (?:for|of) (?:the )?purchase and sale(?: agreement)?", 0.6),
            ("offer to purchase(?: and interim agreement)?", 0.6),
            ("(?:residential )?(?:purchase and sale|sale and purchase) agreement", 0.45),
        ),
        (
            r"\bbuyers?\b|purchasers?",
            r"\bsellers?\b|vendors?",
            "deposit",
            r"completion da(?:y|te)|possession date",
            r"legal description|legally described",
            "purchase price",
            r"dwelling|residen(?:ce|tial)",
        ),
        (
            _ADDRESS,
            _LEGAL,
            FieldRule(
                "buyer",
                "person",
                (r"(?:the )?(?:buyer|purchaser)(?:s|\(s\))?(?: name)?",),
                (r"<person> \((?:together )?,? ?(?:the |hereinafter ).{0,20}?(?i:buyer|purchaser)",),
            ),
            FieldRule(
                "seller",
                "person",
                (r"(?:the )?(?:seller|vendor)(?:s|\(s\))?(?: name)?",),
                (r"<person> \((?:together )?,? ?(?:the |hereinafter ).{0,20}?(?i:seller|vendor)",),
            ),
            FieldRule(
                "purchase_price",
                "money",
                ("(?:total )?purchase price", "price"),
                (r"purchase price (?:of the [A-Za-z]+ )?(?:is|shall be|of)[ :]{0,2}<money>",),
            ),
            FieldRule(
                "deposit", "money", ("(?:initial )?deposit",), (r"deposit (?:of|in the amount of)[ :]{0,2}<money>",)
            ),
            _dated(
                "completion_date",
                (
                    "completion (?:day|date)",
                    "closing date",
                    "possession (?:day|date)",
                    "date of (?:completion|possession|closing)",
                ),
                (
                    r"(?:completed|completion day|close|closing)(?: (?:is|shall be|of))? on <date>",
                    r"completion day (?:is|shall be) <date>",
                ),
            ),
            _dated(
                "contract_date",
                ("contract date", "date of (?:the )?(?:contract|agreement|offer)", "agreement date", "dated"),
                (
                    r"agreement is made (?:on|as of|this|effective)[ :]{0,2}<date>",
                    r"(?:signed and )?dated (?:at .{2,60}? )?(?:on|this) <date>",
                ),
            ),
        ),
    ),
    TypeRule(
        "transfer_of_land",
        (("transfer of land", 0.8),),
        (
            "transferor",
            "transferee",
            "fee simple",
            "consideration",
            r"\bLINC\b|title number",
            "affidavit of value|land titles|registrar",
        ),
        (
            _TITLE_NUMBER,
            _LINC,
            _LEGAL,
            FieldRule(
                "transferor",
                "person",
                (r"transferors?(?:\(s\))?",),
                (r"<person>,? being (?:the )?registered (?:as )?owners?",),
            ),
            FieldRule(
                "transferee",
                "person",
                (r"transferees?(?:\(s\))?",),
                (r"paid (?:to (?:me|us|the transferor) )?by <person>", r"transfer to <person>"),
            ),
            _CONSIDERATION,
            _dated(
                "transfer_date",
                ("date of (?:the )?transfer", "transfer dated?", "dated"),
                (r"dated (?:at .{2,80}? )?(?:on|this) <date>",),
            ),
        ),
    ),
    TypeRule(
        "mortgage",
        (
            ("(?:collateral )?mortgage(?: of land)?", 0.7),
            ("(?:residential )?mortgage(?: agreement|, fixed rate.{0,30}|, variable rate.{0,30})?", 0.6),
        ),
        (
            r"\bmortgagor",
            r"\bmortgagee",
            "principal",
            "per annum|half-yearly|interest rate|rate of interest",
            "covenant",
            "fee simple|legal description|mortgaged land",
        ),
        (
            _LEGAL,
            FieldRule(
                "mortgagor",
                "person",
                (r"(?:borrowers? and )?mortgagors?(?:\(s\))?", r"borrowers?(?:\(s\))?"),
                (
                    r"<person> \(?,? ?(?:hereinafter )?(?:called )?the .{0,3}mortgagor",
                    r"<person>,? being (?:the )?registered (?:as )?owner",
                ),
            ),
            FieldRule(
                "mortgagee",
                "organisation",
                (r"(?:lender and )?mortgagees?", "lender"),
                (
                    r"(?:lent|advanced) to the mortgagor by <organisation>",
                    r"<organisation> \((?:hereinafter )?(?:called )?the .{0,3}mortgagee",
                ),
            ),
            FieldRule(
                "principal",
                "money",
                (r"principal(?: (?:amount|sum))?", r"amount of (?:the )?loan", r"loan amount", r"mortgage amount"),
                (r"(?:principal(?: amount| sum)?|sum) of <money>",),
            ),
            FieldRule(
                "interest_rate",
                "percent",
                ("interest rate", "rate of interest", "annual rate"),
                (r"interest (?:at|of)(?: (?:the|a) rate of)? <percent>", r"<percent> per (?:annum|year)"),
            ),
            _dated(
                "mortgage_date",
                ("mortgage date", "date of (?:the )?mortgage", "dated?"),
                (r"made (?:on|as of|this) <date>", r"dated (?:on |this )?<date>"),
            ),
        ),
        against=(r"\bdischarges?\b the mortgage|discharge of mortgage", "loan estimate", "closing disclosure"),
    ),
    TypeRule(
        "tax_certificate",
        (
            ("(?:property )?tax certificate", 0.8),
            ("certificate of (?:property )?taxes", 0.75),
            ("statement of (?:property )?tax account", 0.6),
            (r"tax certificate, roll number.{0,80}", 0.6),
        ),
        (r"\broll (?:number|no)", r"\blev(?:y|ied)\b", "arrears", "municipality|municipal", "assess(?:ed|ment)"),
        (
            FieldRule(
                "roll_number",
                "text",
                (r"(?:tax )?roll (?:number|no\.?|#)", "roll"),
                (r"roll (?:number|no\.?)[ :]{0,3}<roll>",),
                form="roll",
            ),
            _MUNICIPALITY,
            _LEGAL,
            FieldRule(
                "tax_levy",
                "money",
                (
                    r"(?:current |annual |\d{4} )?(?:property )?tax(?:es)? lev(?:y|ied)",
                    r"(?:current |annual )?levy(?: for the year)?",
                    r"current (?:year )?taxes",
                    "taxes levied",
                ),
                (r"(?:was |were )?levied <money>", r"levy of <money>"),
            ),
            FieldRule(
                "tax_arrears",
                "money",
                ("(?:property )?tax arrears", "arrears(?: of taxes)?", "outstanding arrears"),
                (r"arrears of <money>",),
            ),
            _dated(
                "certificate_date",
                ("(?:certificate|issue) date", "date of (?:certificate|issue)", "date issued", "issued on", "date"),
                (r"\A\s*(?:[^\n]{1,60}\s+){0,4}?<date>",),
            ),
        ),
    ),
    TypeRule(
        "real_property_report",
        ((r"(?:alberta )?(?:land )?(?:surveyor.{0,2}s? )?real property report", 0.85),),
        ("land surveyor", "improvements", "encroach", "boundar(?:y|ies)", "survey"),
        (
            _LEGAL,
            _ADDRESS,
            FieldRule(
                "surveyor",
                "organisation",
                (r"(?:land )?surveyor", "survey(?:ed)? by", "prepared by", "survey (?:firm|company)"),
                (r"for <organisation>", r"\A\s*<organisation>"),
            ),
            _dated(
                "survey_date",
                ("(?:date of|field) survey(?: date)?", "survey date", "date surveyed", "surveyed on"),
                (r"\bsurvey(?:ed)?\b[^.]{0,400}? on <date>",),
            ),
        ),
    ),
    TypeRule(
        "statement_of_adjustments",
        ((r"(?:vendor's |purchaser's |seller's |buyer's )?statement of adjustments(?: and .{3,30})?", 0.85),),
        (
            "adjustment date|adjusted as at|adjustments",
            "deposit",
            "balance due|cash to close|balance owing",
            "tax",
            "credit",
        ),
        (
            FieldRule("purchase_price", "money", ("(?:total )?(?:purchase|sale) price", "price")),
            FieldRule("deposit", "money", ("(?:initial )?deposit",)),
            FieldRule(
                "tax_adjustment",
                "money",
                (
                    r"(?:property )?tax(?:es)? adjustment",
                    r"adjustment (?:of|for) (?:property )?taxes",
                    "property tax(?:es)?",
                    "taxes",
                ),
            ),
            FieldRule(
                "balance_due",
                "money",
                ("balance due", "balance (?:owing|payable)", "cash to close", "amount required to close"),
            ),
            _dated(
                "adjustment_date",
                ("adjustment date", "date of adjustment", "adjusted as (?:at|of)", "adjustments? as (?:at|of)"),
                (r"adjust(?:ed|ments?) as (?:at|of)[ :]{0,2}<date>",),
            ),
        ),
    ),
    TypeRule(
        "caveat",
        (("caveat forbidding registration", 0.9), ("caveat", 0.7)),
        ("caveator", "forbids?", "claims? an interest", r"title number|\bLINC\b", "registrar"),
        (
            _LINC,
            _TITLE_NUMBER,
            _LEGAL,
            FieldRule(
                "caveator",
                "organisation",
                (r"caveators?",),
                (r"take notice that <organisation> claims", r"for <organisation>"),
            ),
            FieldRule(
                "registration_number",
                "text",
                (r"registration (?:number|no\.?|#)", r"instrument (?:number|no\.?)", r"registered as (?:number|no\.?)"),
                (r"registered as (?:instrument )?(?:number|no\.?) <registration>",),
                form="registration",
            ),
            _dated(
                "registration_date",
                ("registration date", "registered on", "date of registration", "date registered"),
                (r"registered as .{3,40}? on <date>",),
            ),
        ),
        against=("encumbrances, liens", "transferor"),
    ),
    TypeRule(
        "discharge",
        (
            ("(?:partial )?discharge of (?:a )?(?:registered )?mortgage", 0.85),
            ("notice of discharge", 0.75),
            ("discharge", 0.65),
        ),
        ("mortgagee", r"\bdischarge[sd]?\b", "instrument (?:number|no)", "title (?:number|no)", "registrar"),
        (
            FieldRule(
                "instrument_number",
                "text",
                (r"instrument (?:number|no\.?|#)", r"registration (?:number|no\.?)", r"mortgage (?:number|no\.?)"),
                (r"(?:instrument|registration) (?:number|no\.?) <registration>",),
                form="registration",
            ),
            FieldRule(
                "mortgagee",
                "organisation",
                ("mortgagee", "lender"),
                (
                    r"<organisation> discharges",
                    r"<organisation> (?:hereby |does hereby )(?:acknowledges?|discharges?)",
                    r"signatory of <organisation>",
                ),
            ),
            _TITLE_NUMBER,
            _dated(
                "discharge_date",
                ("date of (?:the )?discharge", "discharge date", "discharged(?: on)?", "dated?"),
                (r"(?:given|dated|signed|executed) .{0,60}?(?:on|this) <date>",),
            ),
        ),
    ),
    TypeRule(
        "estoppel_certificate",
        (("(?:condominium )?estoppel certificate", 0.9),),
        ("condominium", "contributions?", "arrears", r"\bunit\b", "corporation"),
        (
            FieldRule(
                "condominium_plan",
                "text",
                (r"condominium plan(?: (?:no\.?|number))?", r"plan (?:no\.?|number)"),
                (r"condominium (?:plan|corporation)(?: (?:no\.?|number))? <plan>",),
                form="plan",
            ),
            FieldRule(
                "unit_number",
                "integer",
                (r"unit (?:number|no\.?|#)", "legal unit", "unit"),
                (r"\bunit (?:no\.? |number )?<integer>",),
            ),
            FieldRule(
                "monthly_contribution",
                "money",
                (
                    "monthly (?:contributions?|condominium fees?|fees?|assessment)",
                    "(?:condominium )?contributions?(?: per month)?",
                ),
                (r"contributions? .{0,160}?is <money>", r"<money> (?:per|a|each) month"),
            ),
            FieldRule(
                "arrears",
                "money",
                ("arrears(?: (?:owing|of contributions?))?", "outstanding contributions?"),
                (r"arrears of <money>",),
            ),
            _dated(
                "certificate_date",
                ("date of (?:the )?certificate", "certificate date", "dated?", "as (?:at|of)"),
                (r"as (?:at|of) <date>", r"dated .{0,60}?<date>"),
            ),
        ),
    ),
    TypeRule(
        "letter_of_undertaking",
        (("letter of undertaking", 0.85), ("(?:solicitor's )?undertakings?", 0.5), ("trust letter", 0.5)),
        (
            "we undertake|undertake[s:]|undertakings",
            r"\bin trust\b|trust conditions|trust cheque",
            r"barristers?|solicitors?|\bLLP\b|the firm",
            "yours truly|dear |release",
            "closing documents|payout|pay out|releasing the documents",
        ),
        (
            FieldRule(
                "addressee",
                "organisation",
                ("to", "attention", "addressed to"),
                (r"<date>\s+<organisation>(?=.{0,200}?\bdear\b)", r"accepted for <organisation>"),
            ),
            FieldRule(
                "trust_amount",
                "money",
                ("(?:trust amount|amount (?:held )?in trust|trust (?:cheque|funds|monies))", "amount"),
                (
                    r"trust cheque .{0,40}?(?:amount|sum) of <money>",
                    r"(?:amount|sum) of <money>,? .{0,30}?(?:in trust|trust conditions)",
                    r"<money>,? (?:to be held )?in trust",
                ),
            ),
            _dated("undertaking_date", ("date", "dated"), (r"(?:^|\n)\s*<date>\s*\n", r"dated? .{0,40}?<date>")),
        ),
        phrases=((r"\bwe (?:hereby )?undertake\b", 0.45), (r"trust (?:cheque|conditions)", 0.3)),
    ),
)

BY_NAME = {rule.name: rule for rule in TYPES}
EVERYWHERE: tuple[FieldRule, ...] = (MATTER,)

PERSONS = FieldRule(
    "person",
    "person",
    (
        r"(?:the )?(?:registered |assessed |present |new |first |second )?(?:buyer|seller|purchaser|vendor|owner|client|borrower|mortgagor|transferor|"
        r"transferee|guarantor|witness|deponent|tenant|landlord|lessee|lessor|applicant|grantor|grantee|spouse|payer|payee)(?:s|\(s\))?(?: name)?",
        r"(?:print |full |legal )?names?(?: of [a-z ]{3,20})?",
        "attention",
        "attn",
        "per",
    ),
    (
        r"\battention:? <person>",
        r"\bI, <person>,? of\b",
        r"<person>,? (?:barristers?|solicitors?|lawyer|notary public|a commissioner)\b",
        r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? <person>",
    ),
)
"""What names people on any document; what it names is masked everywhere in that document."""

PARTIES = FieldRule(
    "person",
    "person",
    (),
    (
        r"\bRe: <person>",
        r"\b(?:owned|made|signed|witnessed|sworn) by <person>",
        r"\bin the names? of <person>",
        r"\b(?:purchase|sale) (?:from|to) <person>",
        r"\bcertify that <person>",
        r"<person> \((?:the |hereinafter ).{0,20}?(?:buyer|purchaser|seller|vendor|mortgagor|borrower|client|owner)",
        r"<person>,? (?:transferor|transferee|mortgagor|witness|deponent|buyer|seller|for [A-Z])",
        r"<person>,? being (?:the )?registered (?:as )?owner",
        r"<person> (?:purchase from|sale to)",
    ),
)
"""What names people besides on documents of the types above, whose wording is known."""

PERSONAL: tuple[FieldRule, ...] = (
    FieldRule(
        "sin",
        "text",
        (r"s\.?i\.?n\.?(?: (?:no\.?|number))?(?: of .{3,30})?", r"social insurance (?:number|no\.?)(?: of .{3,30})?"),
        form="sin",
    ),
    FieldRule("date_of_birth", "date", ("date of birth", "birth ?date", r"d\.?o\.?b\.?", "born(?: on)?")),
    FieldRule(
        "bank_account", "text", (r"(?:bank |chequing |savings |deposit )account (?:number|no\.?|#)?",), form="account"
    ),
)
"""Labels of other personal data, by class."""
