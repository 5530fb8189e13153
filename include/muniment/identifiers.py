"""Numbers that name something (LINC, title, matter, roll and plan numbers, amounts), however their digits are grouped.

A text is indexed under every reading of its numbers, a query asks for the reading it was written in; so `0012 345 678`
and `0012345678` find each other. What a number *is* belongs to the parsing of fields.
"""

import re

_FEWEST_DIGITS, _MOST_DIGITS, _MOST_GROUPS = 5, 24, 4

_GROUP = re.compile("[0-9]+")
_MARK = r"[-\u2010-\u2015./;:,+]"
_GAP = re.compile(rf"(?!$)\s?{_MARK}?\s?")
_ASKED = re.compile(
    r"(?<![0-9])(?:"
    r"[0-9]{4}\s[0-9]{3}\s[0-9]{3}(?![0-9])"  # LINC
    r"|[0-9]{3}\s[0-9]{3}\s[0-9]{3}(?![0-9])(?:\s?\+\s?[0-9]{1,3})?"  # title number
    r"|[0-9]{1,4}(?:\s[0-9]{1,4})+(?![0-9])"  # any other number written in groups
    rf"|[0-9]+(?:{_MARK}[0-9]+)*"
    r")"
)


def asked(query: str) -> list[str]:
    """The digits of each number of at least five digits in a query, in order of the text, each once."""
    found = ("".join(_GROUP.findall(number)) for number in _ASKED.findall(query))
    return list(dict.fromkeys(digits for digits in found if _is_identifier(digits)))


def readings(text: str) -> list[str]:
    """The digits of each number that the text may contain, sorted: up to four neighbouring groups taken as one."""
    groups = list(_GROUP.finditer(text))
    found = set()
    for first in range(len(groups)):
        digits = ""
        for index in range(first, min(first + _MOST_GROUPS, len(groups))):
            if digits and not _GAP.fullmatch(text, groups[index - 1].end(), groups[index].start()):
                break
            digits += groups[index].group()
            if _is_identifier(digits):
                found.add(digits)
    return sorted(found)


def _is_identifier(digits: str) -> bool:
    return _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS
