"""How personal data that has a shape of its own looks: patterns, check digits and the words that lead to a number.

A `Shape` tells one class in one way of writing it. What has no shape (names, addresses) and the joining of what several
sources find belong to `pii`. Patterns are bounded everywhere, so that matching takes time linear in the text. Numbers
that are named for what they are ("SIN", "card number") need no right check digit: a misprint is personal, too. Those
that are not named must be right, and must not be named for something else: the land registry prints title and
registration numbers like social insurance numbers, and rolls like telephone numbers.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from muniment.documents.values import DATE
from muniment.documents.wording import Wording

Check = Callable[[str, re.Match[str]], bool]


@dataclass(frozen=True)
class Shape:
    """One way of writing one class of personal data. The group `value` of the pattern is the data; `check` confirms a
    match in its text; `score` says how sure that is, from 0 to 1. Where it is `numeric`, any match holds six digits
    close together, and to look for them first is much quicker.
    """

    pii_class: str
    name: str
    pattern: Wording
    score: float
    check: Check | None = None
    numeric: bool = False

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Where data of the class stands in the text."""
        if self.numeric and not _has_number(text):
            return
        for match in self.pattern.finditer(text):
            if self.check is None or self.check(text, match):
                yield match


@lru_cache(maxsize=1)
def _has_number(text: str) -> bool:
    return re.search(r"\d(?:\D{0,5}\d){5}", text) is not None


# -- what confirms a match


def luhn(digits: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[::-2])) % 10 == 0


def iban(value: str) -> bool:
    """Whether the check digits of an international bank account number are right (ISO 13616: 1 modulo 97)."""
    plain = re.sub(r"[\s-]", "", value)
    likely = plain.isascii() and sum(map(str.isdigit, plain)) >= 8
    return likely and int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


_ANOTHERS = (
    "title|registration|instrument|document|roll|plan|linc|certificate|caveat|mortgage|file|matter|account|"
    "invoice|receipt|policy|parcel|permit"
)
_CALLED_OTHERWISE = re.compile(rf"\b(?:{_ANOTHERS}|registered)\b[\w .,:#-]{{0,24}}$", re.IGNORECASE)
_NAMED_OTHERWISE = re.compile(rf"\b(?:{_ANOTHERS})(?:\s(?:number|no|#)\.?)?[\s:.#]{{0,4}}$", re.IGNORECASE)
_INSURANCE = re.compile(r"\b(?:sin|s\.i\.n|social\s+insurance)\b", re.IGNORECASE)
_REGISTRY = re.compile(r"\b(?:title|registration|instrument|caveat|linc|land titles)\b", re.IGNORECASE)
_DAY = re.compile(r"(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}(?:\s\d{1,2})?|\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d")
_ISSUED = re.compile(  # by the leading digits of ISO/IEC 7812 that schemes publish
    r"4|5[0-8]|6[0-9]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3(?:[4-9]|0[0-5])|2131|1800"
)


def _digits(match: re.Match[str]) -> str:
    return "".join(filter(str.isdigit, match["value"]))


def _before(text: str, match: re.Match[str], reach: int = 48) -> str:
    start = match.start("value")
    return text[max(0, start - reach) : start]


def _is_sin(text: str, match: re.Match[str]) -> bool:
    """Whether nine digits that nothing names are a social insurance number and none of the land registry: the page
    speaks of insurance numbers or not of the registry, and the words before name nothing else."""
    if not luhn(_digits(match)) or _CALLED_OTHERWISE.search(_before(text, match)):
        return False
    return bool(_INSURANCE.search(text)) or not _REGISTRY.search(text)


def _is_misread(text: str, match: re.Match[str]) -> bool:
    return len(_digits(match)) >= 6


def _is_card(text: str, match: re.Match[str]) -> bool:
    digits = _digits(match)
    issued = 13 <= len(digits) <= 19 and bool(_ISSUED.match(digits)) and luhn(digits)
    return issued and not _NAMED_OTHERWISE.search(_before(text, match))


def _is_iban(text: str, match: re.Match[str]) -> bool:
    return iban(match["value"])


def _is_social_security(text: str, match: re.Match[str]) -> bool:
    """Whether the areas, groups and serials are ones that are issued (20 CFR 422.103, and none of 666 and 9xx)."""
    area, group, serial = match["value"].split("-")
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def _is_address(text: str, match: re.Match[str]) -> bool:
    """Whether this is an internet address rather than the number of a section or the time of day."""
    try:
        address = ipaddress.ip_address(match["value"])
    except ValueError:
        return False
    if address.version == 6:
        return len(match["value"]) > 6
    named = re.search(r"\bip(?:\saddress(?:es)?)?[\s:#]{0,3}$", _before(text, match), re.IGNORECASE)
    return max(address.packed) > 31 or bool(named)


def _is_identifier(text: str, match: re.Match[str]) -> bool:
    return len(_digits(match)) >= 5


def _is_phone(text: str, match: re.Match[str]) -> bool:
    """Whether a number that nothing names is one that can be dialled. 555 stands for what nobody has."""
    import phonenumbers

    value = match["value"]
    if _NAMED_OTHERWISE.search(_before(text, match)):
        return False
    if match["prefix"] or match["extension"]:
        return True
    try:
        number = phonenumbers.parse(value, "CA")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number) and (
        phonenumbers.is_valid_number(number) or (number.country_code == 1 and str(number.national_number)[3:6] == "555")
    )


def _is_called_phone(text: str, match: re.Match[str]) -> bool:
    """Whether a number that is named as a telephone number has as many digits as there are in one (ITU-T E.164), and
    is neither a date nor named for something else after all."""
    otherwise = _NAMED_OTHERWISE.search(_before(text, match)) or _DAY.fullmatch(match["value"])
    return 6 <= len(_digits(match)) <= 20 and not otherwise


# -- the shapes


def _shape(
    pii_class: str,
    name: str,
    pattern: str,
    score: float,
    check: Check | None = None,
    numeric: bool = False,
) -> Shape:
    return Shape(pii_class, name, Wording(pattern, flags=re.IGNORECASE), score, check, numeric)


def _named(
    pii_class: str,
    name: str,
    labels: str,
    value: str,
    score: float,
    check: Check | None = None,
) -> Shape:
    """What stands after its label, with or without "number", "is" or whose it is, on the same line or the next."""
    said = (
        r"(?:\s?(?:numbers?\b|nos?\b\.?|card\b|id\b|#)){0,3}"
        r"(?:\s(?:is|of\s[^\d\n]{1,30}?|\([^)\d\n]{1,24}\)))?[\s:#.,()]{0,4}"
    )
    return _shape(pii_class, name, rf"\b(?:{labels}){said}(?P<value>{value})(?!\w)", score, check)


_MISREAD = r"(?=\D{0,2}\d)(?-i:[\dOoQDIl|SBZ]{3})"  # three digits, not all of them taken for letters by OCR
_INSURED = r"\b(?:s\.?\s?[i1l|]\.?\s?n\.?|social\s+insurance(?:\s+(?:number|no\.?))?)(?![a-z])"
_TEN = r"(?:\(\d{3}\)\s?|\d{3}[.-]|\d{3}\s)\d{3}[\s.-]\d{4}"  # area, exchange and line in North America
_DIALLED = rf"(?:(?:\+?1[ .-]?)?{_TEN}|[+(]{{0,2}}\d[\d ()./-]{{4,20}}\d)(?:\s?(?:x|ext\.?|extension)\s?\d{{1,5}})?"
_TELEPHONE = (
    r"tel(?:ephone)?|phone|ph|cell(?:ular)?|mobile|(?:tele)?fax|facsimile|telecopier|desk|direct(?:\sline)?"
    r"|toll[\s-]free|sms|whats\s?app"
)
_CALLING = (
    r"(?:call(?:ed|ing)?|dial(?:led|ling)?|ring)\b(?:\s[a-z]{1,12}){0,3}"
    r"|(?:reach(?:ed)?|answer(?:s|ing)|contact(?:ed)?|messages?|texts?)\b(?:\s[a-z]{1,12}){0,3}\s(?:at|on|to|under|via)"
)
SHAPES: tuple[Shape, ...] = (
    _shape(
        "email",
        "email",
        r"(?<![\w.+-])(?P<value>\w[\w.+-]{0,63}@(?:[\w-]{1,63}\.){1,5}[a-z]{2,24})(?![\w-])",
        1.0,
    ),
    # as scans show it, apart from its sign, which may be misread
    _shape(
        "email",
        "email_apart",
        r"(?<![\w.+-])(?P<value>\w[\w.+-]{0,63}[ ]?[@©®][ ]?(?:[\w-]{1,63}[.]){1,4}"
        r"(?:com|ca|org|net|info|biz|co|io))(?![\w-])",
        0.9,
    ),
    _named(
        "email",
        "email_named",
        r"e-?mail(?:\saddress)?",
        r"\w[\w.+-]{0,63}\s?[@©®]\s?\w[\w-]{0,62}\s?\.\s?[\w.-]{2,40}",
        0.85,
    ),
    _shape(
        "sin",
        "sin_named",
        rf"{_INSURED}[^\d\n]{{0,40}}\n{{0,2}}(?P<value>\d{{3}}[\s.,-]{{0,2}}\d{{3}}[\s.,-]{{0,2}}\d{{3}})(?!\d)",
        0.95,
        numeric=True,
    ),
    _shape(
        "sin",
        "sin_misread",
        rf"{_INSURED}[^\d\n]{{0,40}}?\n{{0,2}}(?P<value>{_MISREAD}[\s.,-]{{0,2}}{_MISREAD}[\s.,-]{{0,2}}{_MISREAD})(?!\d)",
        0.8,
        _is_misread,
    ),
    _shape(
        "sin",
        "sin_checked",
        r"(?<![\d+-])(?<!\d\s)(?P<value>[1-79]\d\d[\s-]\d{3}[\s-]\d{3})(?![\d-]|\s?\+|\s\d)",
        0.6,
        _is_sin,
        numeric=True,
    ),
    # 0 and 8 begin no number that is issued, but titles of the years around 2000 and examples
    _shape(
        "sin",
        "sin_not_issued",
        r"(?<![\d+-])(?<!\d\s)(?P<value>[08]\d\d[\s-]\d{3}[\s-]\d{3})(?![\d-]|\s?\+|\s\d)",
        0.4,
        _is_sin,
        numeric=True,
    ),
    _named("ssn", "ssn_named", r"ssn|social\s+security", r"\d{3}[\s-]?\d\d[\s-]?\d{4}", 0.95),
    _shape("ssn", "ssn", r"(?<![\w-])(?P<value>\d{3}-\d\d-\d{4})(?![\w-])", 0.6, _is_social_security, numeric=True),
    _named(
        "health_number",
        "health_number",
        r"health(?:\s?care|\sinsurance)?(?=\s(?:number|no|card|id|#))|phn|uli|ahc(?:ip)?",
        r"\d{5}[\s-]?\d{4}|\d{4}[\s-]?\d{3}[\s-]?\d{3}(?:[\s-]?[a-z]{2})?|\d{3}[\s-]\d{3}[\s-]\d{3}",
        0.9,
    ),
    _named(
        "drivers_licence",
        "drivers_licence",
        r"(?:driver|operator)(?:['’]?s|s['’])?\slicen[cs]e|d\.?l\.?(?=\s?(?:#|no\b|number|:))",
        r"[a-z]{0,3}\d[a-z\d]{2,16}(?:-[a-z\d]{1,8}|\s\d{3,4}){0,3}",
        0.9,
        _is_identifier,
    ),
    _named("passport", "passport", r"passport", r"[a-z]{0,2}\d{6,9}[a-z]{0,2}", 0.9),
    _shape(
        "phone",
        "phone",
        rf"(?<![\w+.-])(?:(?<!\d\s)|(?<=\d{{3}}[\s.-]\d{{4}}\s))(?P<value>(?P<prefix>(?:\+1|001)[\s.-]?)?(?:1[\s.-])?{_TEN}"
        r"(?P<extension>\s?(?:x|ext\.?|extension)\s?\d{1,5})?)(?!-?\d)",
        0.8,
        _is_phone,
        numeric=True,
    ),
    _shape(
        "phone",
        "phone_named",
        rf"\b(?:{_TELEPHONE})\b[^\d\n+(]{{0,24}}\n{{0,2}}(?P<value>{_DIALLED})(?!\w)",
        0.85,
        _is_called_phone,
        numeric=True,
    ),
    _shape(
        "phone",
        "phone_called",
        rf"\b(?:{_CALLING})[\s:]{{1,2}}(?P<value>{_DIALLED})(?!\w|,\d)",
        0.7,
        _is_called_phone,
        numeric=True,
    ),
    _shape(
        "phone",
        "phone_before_its_name",
        rf"(?:^|\n|[,;|\\])[ ]?(?P<value>{_DIALLED})[\s(-]{{1,2}}(?:office|fax|mobile|cell|home|work|direct)\b",
        0.7,
        _is_called_phone,
        numeric=True,
    ),
    _shape("phone", "phone_abroad", r"(?<![\w+])(?<!\d\s)(?P<value>\+[2-9]\d[\d ().-]{6,16}\d)(?!\d)", 0.8),
    _shape("card", "card", r"(?<![\w-])(?P<value>[1-6]\d{3}(?:[ -]?\d){8,14}\d)(?![\w-])", 0.9, _is_card, numeric=True),
    _shape(
        "card",
        "card_named",
        r"\b(?:card|visa|master\s?card|amex|american\sexpress|cc)\b[^\d\n]{0,24}\n?"
        r"(?P<value>\d(?:[ -]?\d){11,18})(?![\w-])",
        0.9,
        numeric=True,
    ),
    _shape(
        "iban",
        "iban",
        r"(?<!\w)(?P<value>[a-z]{2}\d\d(?:[ -]?[a-z\d]{4}){2,7}(?:[ -]?[a-z\d]{1,3})?)(?!\w)",
        1.0,
        _is_iban,
        numeric=True,
    ),
    _shape(
        "bank_account",
        "bank_account",
        r"(?<![\d-])(?P<value>\d{5}\s?-\s?\d{3}[\s-]{1,3}\d{7,12})(?![\d-])",
        0.85,
        numeric=True,
    ),
    _shape(
        "bank_account",
        "bank_account_named",
        r"\b(?:(?:bank|chequing|checking|savings|deposit|trust)\s+(?:account|acct\.?)"
        r"|(?:transit|institution|branch|routing|(?:direct|automatic)\s(?:deposit|debit))\b[^\n]{1,80}?\b(?:account|acct\.?|a/c))"
        r"(?:\s+(?:number|no\.?))?[\s:#]{1,4}(?P<value>\d(?:[\s-]?\d){4,16})(?!\d)",
        0.85,
    ),
    _shape(
        "bank_account",
        "transit_named",
        r"\b(?:transit|institution)(?:\s+(?:number|no\.?))?[\s:#]{1,4}"
        r"(?P<value>\d{3,5}(?:\s?-\s?\d{3})?)(?!\d)[^\n]{0,60}\baccount",
        0.6,
    ),
    # the line of magnetic ink at the foot of a cheque (Payments Canada standard 006), its marks as such or as letters
    _shape("bank_account", "cheque", r"(?P<value>[⑆⑇⑈⑉][\d ⑆⑇⑈⑉-]{10,60}[\d⑆⑇⑈⑉])", 0.95),
    _shape(
        "bank_account",
        "cheque_lettered",
        r"(?<!\w)(?P<value>[A:|\"]{1,2}\s?\d{5}\s?[D-]\s?\d{3}\s?[A:|\"]{1,2}\s?\d[\d D-]{3,16}\d)(?!\d)",
        0.85,
        numeric=True,
    ),
    _shape(
        "ip_address", "ip_address", r"(?<![\w.:])(?P<value>\d{1,3}(?:\.\d{1,3}){3})(?![\w:]|\.\d)", 0.8, _is_address
    ),
    _shape(
        "ip_address",
        "ip_address_6",
        r"(?<![\w.:])(?P<value>[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})(?![\w:]|\.\d)",
        0.8,
        _is_address,
    ),
    _named(
        "date_of_birth",
        "date_of_birth",
        r"date\s+of\s+birth|birth\s?(?:date|day)|d\.?\s?o\.?\s?b\.?|born(?:\s+on)?",
        DATE,
        0.9,
    ),
)
