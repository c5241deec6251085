"""Small numbers in the QA team's own words: what a report hides, a sentence beside it can tell. Pure."""

import re

from qa_app.core.format import MONTHS

WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_BETWEEN = re.compile(r"(?<=[.!?])\s+|\n+")
_PEOPLE = "audit|baby|brother|case|child|family|girl|boy|mother|father|parent|sibling|sister|worker|young"
_ONE = re.compile(rf"\b(?:one|a single)\s+(?:{_PEOPLE})", re.IGNORECASE)
_WORD = re.compile(rf"\b(?:{'|'.join(WORDS[1:])})\b", re.IGNORECASE)
_DIGITS = re.compile(rf"(?<![\d,./:£-])\b\d\b(?![\d,/:%-]|\.\d|\s*(?:%|per cent|{'|'.join(MONTHS)}))")


def small_numbers(text: str, threshold: int) -> list[str]:
    """The sentences of a text that have a count from 1 to the threshold less 1, in digits or in words.

    A hint for whoever publishes, who knows what the number is of: a date, a share or a larger number is none, and a
    `one` only beside a person or a case.
    """
    found = (sentence.strip() for sentence in _BETWEEN.split(text))
    return [sentence for sentence in found if any(0 < number < threshold for number in _numbers(sentence))]


def _numbers(sentence: str) -> list[int]:
    digits = [int(number) for number in _DIGITS.findall(sentence)]
    words = [WORDS.index(word.lower()) + 1 for word in _WORD.findall(sentence)]
    return [*digits, *words, *(1 for _ in _ONE.findall(sentence))]
