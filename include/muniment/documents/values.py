"""How values of each kind are printed and what they mean: patterns and canonical forms. Where values stand belongs elsewhere.

Patterns are bounded everywhere, so that matching takes time linear in the text. White space in a printed value may be
a line break. Canonical forms: money and percentages as plain decimals (`prime+0.5` above a lender's prime rate), dates as ISO 8601, a LINC as ten digits, title
numbers as `161 234 567 +1`, land as `PLAN 1234567 BLOCK 3 LOT 12`, `CONDOMINIUM PLAN 1234567 UNIT 9` or
`NE-3-50-25-W4` (quarter, section, township, range, meridian of the Alberta Township System; `N-…` is a half section,
`SEC-…` a whole one, `LSD-4-…` a legal subdivision). Where such land lies is told by `muniment.land`.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

Normaliser = Callable[[str], str | None]

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_MISREAD = str.maketrans("OIlSB", "01158")

# -- patterns

_US = r"(?:USD|U\.S\.D?\.?|US)"
MONEY = (
    rf"(?:(?:CAD|CDN|CA|C|{_US})?\s?[$§]\s?|(?:CAD|CDN|USD)\s+)?(?:"
    + r"\d{1,3}(?:[,\s]\d{3}){1,4}(?:[.,]\s?\d{2})?|\d{1,12}\.\s?\d{2}|(?<=[$§])\d{1,12}|(?<=[$§]\s)\d{1,12})(?![\d%])"
    + rf"(?:\s?(?:CAD|CDN|{_US})(?!\w))?"
)
DATE = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\s?,?\s+\d{{4}}"
    rf"|(?:\d{{1,2}}|(?<!\w)[Il|](?=st\b|\s))(?:st|nd|rd|th)?(?:\s+day)?(?:\s+of)?[\s-]+{_MONTH}[\s,-]+(?:A\.?D\.?\s+)?\d{{4}}"
    r"|\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{4})(?!\d)"
)
LINC = r"(?<!\d)\d{4}[\s-]?\d{3}[\s-]?\d{3}(?!\d)"
TITLE_NUMBER = r"(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{3}(?:\s?\+\s?\d{1,3})?(?![\d-])"
_NUMBERLIKE = r"(?=(?:\D{0,4}\d){5})[\dOIlSB](?:[ -]?[\dOIlSB])"  # digits too few, too many, or misread
REGISTRATION = r"(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{3}(?!\d)"
_PRIME = r"(?:the\s+)?(?:\w{1,20}['’]s\s+)?prime(?:\s+(?:lending\s+)?rate)?,?\s*(?:plus|minus|[+–—-])\s*"
_FRACTION = r"\s?[¼½¾]|\s\d/\d{1,2}"
PERCENT = rf"(?:{_PRIME})?(?<![\d/.,])\d{{1,2}}(?:[.,]\d{{1,4}}|{_FRACTION})?\s?(?:%|per\s?cent\b)"
INTEGER = r"\d{1,6}(?![\d.,]\d)"
ROLL = r"\d(?:[\d-]|\s(?=\d)){3,15}(?!\d)"
PLAN = r"(?:\d{3}[\s-]?\d{4}|\d{2}[\s-]\d{5}|\d{3,7}[A-Z]{2})(?!\d)"
MATTER = r"(?<![\d-])\d{4}-\d{4}(?![\d-])"
SIN = r"(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{3}(?!\d)"
HEALTH_NUMBER = r"(?<!\d)(?:\d{5}[\s-]?\d{4}|\d{4}[\s-]?\d{3}[\s-]?\d{3}|\d{3}[\s-]\d{3}[\s-]\d{3})(?!\d)"
LICENCE = r"(?<!\w)[A-Z]{0,3}\d[A-Z\d]{3,15}(?:-[A-Z\d]{1,8}){0,3}(?!\w)"
PASSPORT = r"(?<!\w)[A-Z]{0,2}\d{6,9}[A-Z]{0,2}(?!\w)"
ACCOUNT = r"(?<!\d)\d(?:[\d-]|\s(?=\d)){4,18}\d(?!\d)"

_GAP = r"[\s,;:]{1,3}"
_THEN = r"(?:;|:;|;:)"  # a semicolon as printed, and as poor scans have it
_LAND_PLAN = rf"plan[\s.:]{{1,3}}(?:no\.?\s+|number\s+)?{PLAN}"
_FURTHER = r"(?:(?:\s?,\s?|,?\s(?:and|&)\s)\d{1,4}[A-Z]{0,2}\b){1,9}"  # of several lots
_LOT = rf"(?:lots\s+\d{{1,4}}[A-Z]{{0,2}}{_FURTHER}|(?:lots?|parcels?)\s+(?!(?:is|are|as|of|in|to|at|on|by|or|and|the)\b)(?:[A-Z]?\d{{0,4}}[A-Z]{{0,3}}\b|\|(?!\S)))"
_BLOCK = r"block\s+[A-Z]?\d{0,4}[A-Z]{0,2}\b"
_UNIT = r"unit\s+\d{1,4}[A-Z]?\b"
_QUARTER = r"(?:(?:north|south)[\s-]?(?:east|west)|[NS]\.?\s?[EW]\.?)"
_PART = (  # of a section: a legal subdivision, a quarter or a half
    rf"(?:(?:LSD|L\.S\.D?\.?|legal\s+subdivision)[\s.:-]{{0,3}}(?:no\.?\s)?\d{{1,2}}"
    rf"|(?:fractional\s)?{_QUARTER}(?:\s?(?:quarter|1/4|¼))?|(?:the\s)?(?:north|south|east|west|[NSEW]\.?)\s?(?:half|1/2|½))"
)
_MERIDIAN = (
    r"(?:W\.?\s?(?:of\s(?:the\s)?)?[456](?:th)?\s?M?\.?(?!\w)(?:\sMeridian\b)?"
    r"|west\sof\s(?:the\s)?(?:[456](?:th)?|Sth|fourth|fifth|sixth)\smeridian)"
)
_OF = r"[\s,;:-]{1,3}(?:of\s)?(?:the\s)?"
_SECTION = rf"(?:section|sec\.?)\s{{1,2}}\d{{1,2}}{_OF}(?:township|twp\.?|tp\.?)\s{{1,2}}\d{{1,3}}{_OF}(?:range|rge\.?|r\.?)\s{{1,2}}\d{{1,2}}{_OF}{_MERIDIAN}"
_GRID = rf"\d{{1,2}}\s?-\s?\d{{1,3}}\s?-\s?\d{{1,2}}[\s,-]{{0,3}}{_MERIDIAN}"
LEGAL = (
    rf"(?:(?:condominium\s+|descriptive\s+)?{_LAND_PLAN}(?:{_GAP}{_BLOCK})?(?:{_GAP}(?:{_LOT}|{_UNIT}))?"
    rf"|{_UNIT}{_GAP}(?:in\s+|of\s+)?(?:condominium\s+)?{_LAND_PLAN}"
    rf"|(?:{_BLOCK}{_GAP})?{_LOT}{_GAP}(?:{_BLOCK}{_GAP})?(?:in\s+|of\s+)?{_LAND_PLAN}"
    rf"|meridian\s+\d{_GAP}range\s+\d{{1,2}}{_GAP}township\s+\d{{1,3}}{_GAP}section\s+\d{{1,2}}(?:{_GAP}quarter\s+{_QUARTER})?"
    rf"|(?:{_PART}{_OF})?{_SECTION}"
    rf"|{_PART}{_OF}(?:sec(?:tion|\.)?\s)?{_GRID}|section\s{{1,2}}{_GRID}|(?<![\d-])\d{{1,2}}-{_GRID}"
    r"|\d\s?;\s?\d{1,2}\s?;\s?\d{1,3}\s?;\s?\d{1,2}\s?;\s?[NS][EW]\b"
    rf"|{PLAN}\s?{_THEN}\s?\d{{1,4}}[A-Z]?(?:\s?{_THEN}\s?\d{{1,4}}[A-Z]{{0,2}})?(?![\d;]))"
)

_NOT_NAMES = (
    "and|of|as|the|for|to|in|by|on|at|or|a|an|is|be|being|re|dear|yours|per|ltd|limited|inc|incorporated|corp|corporation|llp|llc|"
    "company|co|bank|credit|union|trust|law|office|society|city|town|village|county|municipal|district|province|alberta|canada|"
    "seller|sellers|buyer|buyers|purchaser|vendor|owner|owners|mortgagor|mortgagee|transferor|transferee|lender|borrower|"
    "witness|deponent|registrar|land|titles?|title|certificate|registration|registered|date|dated|number|file|our|your|"
    "address|email|e-mail|telephone|phone|name|names|signature|signed|solicitors?|barristers?|lawyer|commissioner|director|"
    "managing|property|legal|purchase|price|plan|block|lot|unit|deposit|document|consideration|instrument|interest|"
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "street|avenue|road|drive|close|crescent|lane|court|boulevard|way|place|terrace|range|township|section|"
    "realty|homes|developments|surveys|surveyors|geomatics|group|holdings|ventures|management|services|page|suite|"
    "chief|executive|officer|general|counsel|vice|president|secretary|treasurer|manager|partner|agent|attorney|trustee|"
    "united|states|kingdom|north|south|east|west|new|york|court|supreme|federal|article|section|schedule|exhibit|now|whereas|whereof|"
    "chargor|chargee|caveator|claimant|grantor|grantee|proprietor|applicant|guarantor|borrowers|mortgagors|revised|statutes?|act|acts|"
    "savings|natural|gas|electric|hydro|pipelines?|utility|utilities|right|rights|covenant|caveat|charge|release|statement|estoppel|"
    "through|its|whose|which|who|whom|where|hereby|herein|pursuant|within|into|upon|from|has|have|had|was|were|are|shall|does|such|any|each|every|"
    "described|situated?|legally|municipally|containing|joint|tenants|sole|estate|fee|simple|this|that|these|we|i|it|not|no|none|nil|all|with|under|per|subject|made|between"
)
FIRM_WORDS = (
    "ltd|limited|inc|incorporated|llp|llc|corp|corporation|company|co-op|co-operative|law|office|bank|credit|trust|mortgage|mutual|savings|"
    "financial|realty|homes|developments|surveys|surveyors|geomatics|holdings|ventures|services|management|group|society|association"
)
_OF_A_FIRM = r"(?i:credit\sunion|loan|trust\scompany|company|co|associates|partners|sons|savings|power|light|gas|water)"
_NOT = rf"(?!(?i:{_NOT_NAMES})(?![\w'’-]))"
_UPPER, _ANY = r"A-ZÀ-ÖØ-Þ", r"A-Za-zÀ-ÖØ-öø-ÿ'’"
_TOKEN = rf"(?=[{_UPPER}dl]){_NOT}(?:[dl]['’])?[{_UPPER}][{_ANY}]{{0,30}}[a-zß-öø-ÿA-ZÀ-ÖØ-Þ](?:-\s?[{_UPPER}][{_ANY}]{{1,30}})?"
_INITIAL = rf"(?:[{_UPPER}]\.){{1,3}}|(?=[{_UPPER}]\s){_NOT}[{_UPPER}]"
_PARTICLE = r"(?:van|von|de|der|den|la|le|du|di|da|dos|bin|ibn|al|el|st\.)"
NAME = rf"(?<![\w'’-])(?:{_TOKEN}|{_INITIAL})(?:\s(?:{_PARTICLE}\s){{0,2}}(?:{_TOKEN}|{_INITIAL})){{0,3}}\s(?:{_PARTICLE}\s){{0,2}}{_TOKEN}(?:,?\s(?:Jr|Sr|II|III)\b\.?)?(?![\w'’-]|,?\s(?:(?i:land|credit|capital|property)\s)?(?i:{FIRM_WORDS})\b|\s(?:and|&)\s{_OF_A_FIRM}\b)"
_JOINT = r"(?:\s(?:and|AND|And|&)\s|\s?,\s(?:and\s|AND\s)?|\s?;\s)"
PERSONS = rf"{NAME}(?:{_JOINT}{NAME}){{0,5}}"
_FAMILY_FIRST = rf"(?<![\w'’-]){_TOKEN},\s?{_TOKEN}(?:\s(?:{_TOKEN}|[{_UPPER}]\b\.?)){{0,2}}(?![\w'’-])"
_FAMILIES_FIRST = rf"{_FAMILY_FIRST}(?:(?:\s(?:and|AND|And|&)\s|\s?[;/]\s?){_FAMILY_FIRST}){{0,5}}"
_ANYONE = rf"(?<![\w'’-])(?:(?:{_TOKEN}|{_INITIAL}|(?i:{_PARTICLE}))(?:[\s,/]{{1,2}}(?:(?:and|AND|&)\s)?|\Z)){{1,12}}"
_OF_FORMS = re.compile(
    rf"(?:(?:{_NOT_NAMES}|capacity|share|status|type|kind|nature|extent|role|report|survey|summary|details?|descriptions?|"
    r"particulars|part(?:y|ies)|see|attached|above|below|same|amount|value|area|notes?|remarks?|conditions?|terms?|"
    r"occupations?|postal|code|tenure|holding|freehold|leasehold|mailing|sign|here|authori[sz]ed|signatory|signatures?|"
    r"officer|corporate|seal|position|instructions?|information|required|fee|use|only|full|first|last|middle|print|"
    r"real|other|new|current|existing|affected|claimed|percentage|relationship|tel|fax|payable|due|paid|mortgage|charge|"
    r"form|forms|part|item|schedule|box|columns?|row|total|list|appendix|initials?|office|branch|department)\b[^\w\n]{0,4}){1,9}",
    re.IGNORECASE,
)

_SUFFIX = (
    r"(?:Ltd\.?|Limited|LTD\.?|LIMITED|Inc\.?|INC\.?|Incorporated|Corp\.?|Corporation|CORPORATION|Company|COMPANY|LLP|LLC|L\.P\.|LP|ULC|"
    r"Bank|BANK|Credit\sUnion|CREDIT\sUNION|Trust|TRUST|Law\sOffice|Professional\sCorporation|Co-op|Cooperative|Co-operative|"
    r"Association|Society|Realty|Group|Authority)"
)
_WITHIN = r"(?:[^\S\n]|\n(?!\n))"  # white space within a paragraph
_ORG_WORD = rf"(?:[{_UPPER}\d][\w&.'’À-ÿ-]{{0,40}}|&|and|of|the|for)"
ORGANISATION = (
    rf"[{_UPPER}\d][\w&.'’À-ÿ-]{{0,40}}(?:{_WITHIN}{_ORG_WORD}){{0,9}}?{_WITHIN}{_SUFFIX}(?!\s{_SUFFIX})(?![\w])"
)
_OFFICE = r"(?!(?i:tax|assess|office|department|finance|treasur|revenue|administration|corporate|property)[a-z]{0,8}\b)"
_GOING_ON = r"\n(?=\S{1,30}(?:[,.;]|\s(?:and|at|has|in|is|was|which|with)\b))"  # a sentence, not another line of a form
MUNICIPALITY = (
    r"(?:(?i:(?:rural\s|specialized\s|regional\s|summer\s)?(?:city|town|village|county|municipality|municipal\sdistrict|hamlet)\sof\s)"
    rf"{_TOKEN}(?:(?:[^\S\n]|{_GOING_ON}){_OFFICE}(?:{_TOKEN}|(?i:no)\.\s\d{{1,4}})){{0,3}}"
    rf"|(?:{_TOKEN}\s){{1,3}}(?i:county)(?:\s(?i:no)\.\s\d{{1,4}})?)"
)
_POSTAL = r"[A-Z][\dOIlSB][A-Z]\s?[\dOIlSB]\s?[A-Z]\s?[\dOIlSB]"  # letters are misread digits of scans
_PROVINCE = r"(?:Alberta|ALBERTA|AB|A\.B\.)"
_A_PLAN = r"(?!(?i:unit\s\d{1,4}[A-Z]?,?\s(?:in\s|of\s)?(?:condominium\s)?plan\b))"
ADDRESS = rf"{_A_PLAN}(?:(?:Unit|Suite|Apt\.?|#)\s?)?\d(?:[^\n@$]|\n(?!\n)){{4,140}}?(?:,?\s{_PROVINCE}\b,?(?:\s{{1,3}}{_POSTAL}\b)?|\b{_POSTAL}\b)"

_LAND = r"(?:[Ss]tate|STATE|[Cc]ommonwealth|COMMONWEALTH|[Pp]rovince|PROVINCE|[Rr]epublic|REPUBLIC|[Tt]erritory)"
_LAND_WORD = r"(?:(?:[A-Z]\.){2,5}|[A-ZÀ-Þ][\w’']{0,30}(?:-[A-Z]\w{1,30})?)"
JURISDICTION = (
    rf"(?:the\s)?(?:{_LAND}\sof\s)?(?:the\s)?(?!(?:State|Commonwealth|STATE|COMMONWEALTH)\b){_LAND_WORD}"
    rf"(?:\s(?:(?:of|and)\s(?:the\s)?)?(?!(?:Province|State|Courts?|Section|Without|This|The|Each|Any|All|As|In|If|Canada)\b)"
    rf"{_LAND_WORD}){{0,5}}"
)
_UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMBER = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_UNITS)}))?|{'|'.join(reversed(_UNITS))})"
_COUNT = rf"(?:{_NUMBER}(?:\s?\(\s?\d{{1,3}}\s?\))?|\d{{1,3}}(?:\s?\(\s?{_NUMBER}\s?\))?)"
_ANNIVERSARY = rf"(?:(?:{'|'.join(_ORDINALS)})(?:\s?\(\s?\d{{1,2}}(?:st|nd|rd|th)\s?\))?|\d{{1,2}}(?:st|nd|rd|th))\s(?:year\s)?anniversary"
DURATION = rf"(?<![\w$.,])(?:{_COUNT}(?:\s{{1,2}}|-)(?:(?:full|calendar|consecutive|contract)\s)?(?:year|month|week|day)s?\b|{_ANNIVERSARY}\b)"

_OF_A_LAND = re.compile(r"^(?:the )?(?:(?:state|commonwealth|province|territory) of )?(?:the )?", re.IGNORECASE)
_PROVINCES = (
    "alberta", "british columbia", "manitoba", "new brunswick", "newfoundland and labrador", "nova scotia", "ontario",
    "prince edward island", "quebec", "saskatchewan", "yukon", "northwest territories", "nunavut",
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """How a value is recognised where a label says that it begins: by its own `pattern`, or as a whole cell of the
    `loose` shape that is taken at its word."""

    pattern: re.Pattern[str]
    normalise: Normaliser
    loose: re.Pattern[str] | None = None


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def text(value: str) -> str | None:
    """The words with single spaces."""
    return " ".join(value.split()) or None


def money(value: str) -> str | None:
    """`450000.00` for `$450,000`, `CAD 450 000.00`; None when it is no amount."""
    plain = re.sub(r"[^\d.,]", "", value).strip(".,")
    if re.search(r",\d{2}$", plain):  # a comma where the point should be, as poor scans have it
        plain = plain[:-3] + "." + plain[-2:]
    try:
        return f"{Decimal(plain.replace(',', '')):.2f}"
    except InvalidOperation:
        return None


def currency(value: str) -> str:
    """The ISO 4217 code of a sum: US dollars where it says so, else Canadian ones."""
    return "USD" if re.search(r"\bU\.?S", value, re.IGNORECASE) else "CAD"


_RATE = re.compile(r"(?P<whole>\d+)(?:[.,](?P<decimals>\d+)|\s?(?P<sign>[¼½¾])|\s(?P<above>\d)/(?P<below>\d+))?")
_SIGNS = {"¼": "25", "½": "5", "¾": "75"}


def percent(value: str) -> str | None:
    """`4.35` for `4.35%`, `4.5` for `4 1/2 %`, `prime+0.5` for `the Bank's prime rate plus 0.5 %`."""
    found = _RATE.search(value)
    rate = _rate(found) if found else None
    if not found or rate is None or "prime" not in value.lower():
        return rate
    below = re.search(r"minus|[–—-]", value[: found.start()], re.IGNORECASE)
    return f"prime{'-' if below else '+'}{rate}"


def _rate(found: re.Match[str]) -> str | None:
    """A match of `_RATE` as a plain decimal; None where its fraction is one of nothing."""
    decimals = found["decimals"] or _SIGNS.get(found["sign"])
    if decimals:
        return f"{found['whole']}.{decimals}"
    if not found["below"]:
        return found["whole"]
    if not int(found["below"]):
        return None
    rate = Decimal(found["whole"]) + Decimal(found["above"]) / Decimal(found["below"])
    return f"{rate:.4f}".rstrip("0").rstrip(".")


def integer(value: str) -> str | None:
    """The digits as a number."""
    digits = _digits(value)
    return str(int(digits)) if digits else None


def day(value: str) -> str | None:
    """The ISO date; None when there is no such day, or when day and month could be taken for each other."""
    numbers = [
        int(number) for number in re.findall(r"\d+", re.sub(r"^[Il|](?=st\b|\s)", "1", value))
    ]  # 1 as scans misread it
    named = re.search(_MONTH, value, re.IGNORECASE)
    try:
        if named:
            month = next(
                index for index, name in enumerate(_MONTHS, 1) if name.startswith(named[0].lower().strip(".")[:3])
            )
            return date(numbers[-1], month, numbers[0]).isoformat()
        if len(numbers) != 3:
            return None
        if numbers[0] > 31:
            return date(*numbers).isoformat()
        first, second, year = numbers
        if first <= 12 and second <= 12 and first != second:
            return None
        return (date(year, second, first) if first > 12 or first == second else date(year, first, second)).isoformat()
    except (ValueError, IndexError):
        return None


def linc(value: str) -> str | None:
    """Ten digits, those of scans that are misread as letters put right."""
    digits = _digits(value.translate(_MISREAD))
    return digits if len(digits) == 10 else None


def title_number(value: str) -> str | None:
    """`161 234 567 +1`, without the suffix where there is none."""
    head, plus, suffix = value.translate(_MISREAD).partition("+")
    digits = _digits(head)
    if len(digits) != 9:
        return None
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" + (
        f" +{int(_digits(suffix))}" if plus and _digits(suffix) else ""
    )


def plan(value: str) -> str | None:
    """A plan number without spaces."""
    return re.sub(r"[\s-]", "", value).upper() or None


def roll(value: str) -> str | None:
    """A roll number without spaces."""
    return re.sub(r"\s", "", value) or None


def municipality(value: str) -> str | None:
    """The name with single spaces, in mixed case where it is printed in capitals."""
    name = " ".join(value.split())
    if name.isupper():
        name = re.sub(r"\b(Of|And|The)\b", lambda match: match[0].lower(), name.title())
    return name or None


def address(value: str) -> str | None:
    """The address on one line, with the letters of its postal code's digits as digits."""
    line = " ".join(value.split())
    found = re.search(rf"\b{_POSTAL}$", line)
    if not found:
        return line or None
    code = re.sub(r"\s", "", found[0])
    shown = "".join(part if order % 2 == 0 else part.translate(_MISREAD) for order, part in enumerate(code))
    return f"{line[: found.start()]}{shown[:3]} {shown[3:]}"


def legal(value: str) -> str | None:
    """The canonical land description, see the head of this module; None when its parts are not understood."""
    flat = re.sub(r"\bLOT \|(?!\S)", "LOT 1", " ".join(value.upper().split()))  # as scans misread it
    return _quarter(flat) or _lot(flat) or _short(flat)


_SEVERAL_LOTS = re.compile(rf"\bLOTS\s(\d{{1,4}}[A-Z]{{0,2}}{_FURTHER})", re.IGNORECASE)


def _lot(flat: str) -> str | None:
    number = re.search(r"PLAN[\s.:]+(?:NO\.?\s+|NUMBER\s+)?(\d[\d\s-]*[A-Z]{0,2})(?![A-Z])", flat)
    if not number:
        return None
    parts = {name: re.search(rf"\b{name}S?\s+([A-Z]?\d*[A-Z]{{0,3}})\b", flat) for name in ("UNIT", "BLOCK", "LOT")}
    prefix = "CONDOMINIUM " if parts["UNIT"] and not parts["LOT"] else ""
    named = {name: found[1] for name, found in parts.items() if found and found[1]}
    if several := _SEVERAL_LOTS.search(flat):
        named["LOT"] = ", ".join(re.findall(r"\d+[A-Z]{0,2}", several[1]))
    return " ".join((f"{prefix}PLAN {plan(number[1])}", *(f"{name} {value}" for name, value in named.items())))


_WRITTEN_OUT = {
    r"\b(NORTH|SOUTH)[\s-]?(EAST|WEST)\b": lambda found: found[1][0] + found[2][0],
    r"\b(NORTH|SOUTH|EAST|WEST)(?= ?(?:HALF|1/2|½))": lambda found: found[1][0],
    r"\b([NS])\.? ?([EW])\b\.?": lambda found: found[1] + found[2],
    r"\b(?:FOURTH|FIFTH|STH|SIXTH)\b": lambda found: {"FOU": "4", "FIF": "5", "STH": "5", "SIX": "6"}[found[0][:3]],
}
_MERIDIAN_OF = r"\W*W(?:EST)?\.?(?: OF)?(?: THE)? ?(?P<m>\d)"
_NUMBERS = r"(?P<s>\d+) ?- ?(?P<t>\d+) ?- ?(?P<r>\d+)" + _MERIDIAN_OF
_NAMED = r"SEC(?:TION|\.)? (?P<s>\d+)\D{1,16}?(?P<t>\d+)\D{1,16}?(?P<r>\d+)" + _MERIDIAN_OF
_PARTS = (
    r"\b(?:LSD|L\.S\.D?\.?|LEGAL SUBDIVISION)\D{0,6}(?P<l>\d+)\W(?:.{0,16}?\W)??",
    r"\b(?P<q>[NS][EW])(?: ?(?:QUARTER|1/4|¼))?\W(?:.{0,16}?\W)??",
    r"\b(?P<h>[NSEW])\.? ?(?:HALF|1/2|½)\W(?:.{0,16}?\W)??",
    r"^(?:SEC(?:TION|\.)? )?",
    r"^(?P<l>\d+)-",
)
_QUARTER_SECTIONS = tuple(
    re.compile(pattern)
    for pattern in (
        r"MERIDIAN (?P<m>\d)\W+RANGE (?P<r>\d+)\W+TOWNSHIP (?P<t>\d+)\W+SECTION (?P<s>\d+)(?:\W+QUARTER (?P<q>[NS][EW]))?",
        r"^(?P<m>\d) ?; ?(?P<r>\d+) ?; ?(?P<t>\d+) ?; ?(?P<s>\d+) ?; ?(?P<q>[NS][EW])",
        *(part + numbers for part in _PARTS for numbers in (_NUMBERS, _NAMED)),
    )
)


def _quarter(flat: str) -> str | None:
    for written, short in _WRITTEN_OUT.items():
        flat = re.sub(written, short, flat)
    for pattern in _QUARTER_SECTIONS:
        if found := pattern.search(flat):
            part = {"q": None, "h": None, "l": None} | found.groupdict()
            named = part["q"] or part["h"] or (f"LSD-{int(part['l'])}" if part["l"] else "SEC")
            return f"{named}-{int(found['s'])}-{int(found['t'])}-{int(found['r'])}-W{found['m']}"
    return None


def _short(flat: str) -> str | None:
    parts = [part.strip(" :") for part in flat.split(";")]
    if len(parts) == 3:
        return f"PLAN {plan(parts[0])} BLOCK {parts[1]} LOT {parts[2]}"
    if len(parts) == 2:
        return f"CONDOMINIUM PLAN {plan(parts[0])} UNIT {parts[1]}"
    return None


_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMERALS = {word: one for one, word in enumerate(_ONES)} | {word: 10 * ten for ten, word in enumerate(_TENS, 2)}
_SCALES = {"thousand": 1_000, "million": 1_000_000}
_NUMERAL = "|".join(sorted((*_NUMERALS, "hundred", *_SCALES), key=len, reverse=True))  # sixty before six
_CENTS = r"(?:\s?(?:and\s)?(?P<cents>\d{2})\s?/\s?100)"
IN_WORDS = rf"\b(?P<words>(?:(?:{_NUMERAL})[\s,-]{{1,2}}(?:and\s)?){{1,24}}){_CENTS}?\s?(?:Canadian\s)?dollars{_CENTS.replace('cents', 'after')}?"

WRITTEN_OUT = rf"(?:(?:{_NUMERAL}|and|\d\d/100)[\s,-]{{1,2}}){{1,24}}(?:Canadian\s)?dollars(?:\sof\slawful\smoney[^.;()$]{{0,30}})?[\s,(]{{1,4}}"
"""A sum in words right before its figures, as in `Ten Thousand Dollars ($10,000.00)`."""


def in_words(found: re.Match[str]) -> str:
    """`400000.00` for a match of `IN_WORDS` such as `Four Hundred Thousand Dollars`."""
    total = group = 0
    for word in re.findall(_NUMERAL, found["words"].lower()):
        if word in _SCALES:
            total, group = total + max(group, 1) * _SCALES[word], 0
        else:
            group = max(group, 1) * 100 if word == "hundred" else group + _NUMERALS[word]
    return f"{total + group}.{found['cents'] or found['after'] or '00'}"


def jurisdiction(value: str) -> str | None:
    """`New York` for `the State of New York`, `Ontario, Canada` for `the Province of Ontario`; whose law applies."""
    flat = _OF_A_LAND.sub("", " ".join(value.split()))
    flat = re.sub(r" and (?:the )?United States.*", "", flat.rstrip(" .,;"))
    if flat.isupper() and len(flat) > 3:
        flat = re.sub(r"\b(Of|And|The)\b", lambda found: found[0].lower(), flat.title())
    if flat.lower() in ("prc", "p.r.c", "china"):
        return "People's Republic of China"
    return f"{flat}, Canada" if flat.lower() in _PROVINCES else flat.replace("’", "'") or None


def duration(value: str) -> str | None:
    """`P5Y` for `five (5) years` and `the fifth anniversary`, `P60M` for `60 months` (ISO 8601); None for no time at
    all. Figures are believed before words."""
    flat = value.lower()
    figures = re.search(r"\d{1,3}", flat)
    count = int(figures[0]) if figures else _counted(re.findall(r"[a-z]+", flat))
    unit = re.search(r"anniversary|year|month|week|day", flat)
    return f"P{count}{'Y' if unit[0] == 'anniversary' else unit[0][0].upper()}" if unit and count else None


def _counted(words: list[str]) -> int:
    """The number that words name; 0 where they name none."""
    values = {word: order for order, word in enumerate(_UNITS, 1)}
    values |= {word: order for order, word in enumerate(_ORDINALS, 1)}
    values |= {word: 10 * order for order, word in enumerate(_TENS, 2)}
    return sum(values.get(word, 0) for word in words)


def later(start: str, length: str) -> str | None:
    """The ISO date that lies an ISO 8601 duration of one unit after another; the last day of a month where it has no
    such day, None where the calendar ends before."""
    begun, count, unit = date.fromisoformat(start), int(length[1:-1]), length[-1]
    try:
        if unit in "WD":
            return (begun + timedelta(days=count * (7 if unit == "W" else 1))).isoformat()
        years, month = divmod(begun.month - 1 + count * (12 if unit == "Y" else 1), 12)
        last = monthrange(begun.year + years, month + 1)[1]
        return date(begun.year + years, month + 1, min(begun.day, last)).isoformat()
    except (ValueError, OverflowError):
        return None


def people(value: str) -> list[tuple[int, int]]:
    """Where each name of a list of people stands in it."""
    return [match.span() for match in re.finditer(rf"{NAME}|{_FAMILY_FIRST}", value)]


def is_of_forms(value: str) -> bool:
    """Whether a value is nothing but words that forms are made of: a heading, the head of a column, a role."""
    return _OF_FORMS.fullmatch(value.strip(" .:;,*()[]_-–—")) is not None


def given_first(name: str) -> str:
    """`Ida M. Oakley` for `OAKLEY, Ida M.`"""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family}" if comma and " " not in family else name


def _form(pattern: str, normalise: Normaliser, *, loose: str | None = None, case: bool = False) -> Form:
    flags = re.NOFLAG if case else re.IGNORECASE
    return Form(re.compile(pattern, flags), normalise, re.compile(loose) if loose else None)


FORMS: dict[str, Form] = {
    "money": _form(MONEY, money),
    "date": _form(DATE, day),
    "linc": _form(LINC, linc, loose=_NUMBERLIKE + "{6,11}"),
    "title_number": _form(TITLE_NUMBER, title_number, loose=_NUMBERLIKE + r"{5,8}(?:\s?\+\s?\d{1,3})?"),
    "registration": _form(REGISTRATION, title_number),
    "legal": _form(LEGAL, legal),
    "percent": _form(PERCENT, percent),
    "integer": _form(INTEGER, integer),
    "roll": _form(ROLL, roll),
    "plan": _form(PLAN, plan),
    "matter": _form(MATTER, text),
    "municipality": _form(MUNICIPALITY, municipality, case=True),
    "person": _form(PERSONS, text, loose=_FAMILIES_FIRST, case=True),
    "anyone": _form(PERSONS, text, loose=_ANYONE, case=True),
    "organisation": _form(
        ORGANISATION,
        text,
        loose=r"(?!(?:The|This|If|Any|Each|Where|On|In|No) [a-z])(?=.*[^\W\d_]{3})[A-ZÀ-Þ\d][^:@$]{2,80}",
        case=True,
    ),
    "address": _form(ADDRESS, address, loose=r"(?=.*\d)(?=.*[A-Za-z]{3})[^:@$]{6,120}", case=True),
    "jurisdiction": _form(JURISDICTION, jurisdiction, case=True),
    "text": _form(r"\S[^\n]{0,200}", text),
    "sin": _form(SIN, _digits),
    "account": _form(ACCOUNT, _digits),
    "duration": _form(DURATION, duration),
    "health_number": _form(HEALTH_NUMBER, _digits),
    "licence": _form(LICENCE, text),
    "passport": _form(PASSPORT, text),
}
"""By form: the kinds of the contract, and those texts that have a shape of their own."""
