"""Reading and showing values of policy settings, by kind. Pure (domain.md sections 3 and 11)."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from qa_app.core.errors import BadInput
from qa_app.core.format import long_day
from qa_app.settings.definitions import Definition, Kind

SIZE_KINDS = {
    "number": "A number of cases",
    "per_team": "A number for each team",
    "percent": "A percentage of open cases",
}
LEAST_GRADES, MOST_GRADES = 2, 8
GRADE_FLAGS = ("good_or_better", "inadequate", "starts_improvement")


def check_value(definition: Definition, value: Any) -> Any:
    """The value as it is kept, once it fits the setting's kind and limits.

    Raises BadInput with a sentence that says what to enter.
    """
    return _CHECKS[definition.kind](definition, value)


def shown(definition: Definition, value: Any) -> str:
    """A value in words, for pages and the trail."""
    return _WORDS[definition.kind](definition, value)


def _refuse(message: str) -> BadInput:
    return BadInput(message, {"value": message})


def _number(definition: Definition, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not definition.least <= value <= definition.most:
        raise _refuse(f"Enter a whole number between {definition.least} and {definition.most}")
    return value


def _choice(definition: Definition, value: Any) -> str:
    if value not in dict(definition.choices):
        raise _refuse("Choose one of the answers in the list")
    return str(value)


def _choices(definition: Definition, value: Any) -> list[str]:
    chosen = set(value)
    if not chosen <= set(dict(definition.choices)):
        raise _refuse("Choose from the answers in the list")
    return [key for key, _ in definition.choices if key in chosen]


def _numbers(definition: Definition, value: Any) -> list[int]:
    numbers = read_numbers(value) if isinstance(value, str) else value
    if not numbers or any(not definition.least <= number <= definition.most for number in numbers):
        raise _refuse(f"Enter whole numbers between {definition.least} and {definition.most}, such as 10, 5, 1, 0")
    return sorted(set(numbers), reverse=True)


def read_numbers(text: str) -> list[int]:
    """Whole numbers that stand in a text with commas or spaces between them; none where anything else stands there."""
    parts = [part for part in re.split(r"[,;\s]+", text.strip().replace("\N{MINUS SIGN}", "-")) if part]
    if not all(re.fullmatch(r"-?[0-9]{1,4}", part) for part in parts):
        return []
    return [int(part) for part in parts]


def _size(definition: Definition, value: Any) -> dict[str, Any]:
    kind, number = value.get("kind"), value.get("value")
    if kind not in SIZE_KINDS:
        raise BadInput("Choose how the size is given", {"kind": "Choose how the size is given"})
    most = 100 if kind == "percent" else 10_000
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= most:
        raise _refuse(f"Enter a whole number between 1 and {most:,}")
    return {"kind": kind, "value": number}


def _days(definition: Definition, value: Any) -> list[list[str]]:
    """Spans of days, each as its first and its last, in order: typed one a line, as `24/12/2026 to 1/1/2027`."""
    spans = (
        read_days(value) if isinstance(value, str) else [[date.fromisoformat(day) for day in span] for span in value]
    )
    if spans is None or len(spans) > definition.most or any(first > last for first, last in spans):
        raise _refuse("Enter one date or span a line, such as 24/12/2026 to 1/1/2027")
    return [[first.isoformat(), last.isoformat()] for first, last in sorted(map(tuple, spans))]


_DAY = r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})"
_SPAN = re.compile(rf"{_DAY}(?:\s*(?:to|-|\N{{EN DASH}})\s*{_DAY})?")


def read_days(text: str) -> list[list[date]] | None:
    """The first and last days of the spans that stand in the lines of a text; None where anything else stands there."""
    spans = []
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _SPAN.fullmatch(line)
        if not found:
            return None
        numbers = [int(part) for part in found.groups() if part]
        try:
            spans.append([date(year, month, day) for day, month, year in (numbers[:3], numbers[-3:])])
        except ValueError:
            return None
    return spans


def days_as_typed(value: list[list[str]]) -> str:
    """Spans of days as they are typed, one a line."""
    lines = [[f"{day:%d/%m/%Y}" for day in map(date.fromisoformat, dict.fromkeys(span))] for span in value]
    return "\n".join(" to ".join(line) for line in lines)


def _text(definition: Definition, value: Any) -> str:
    text = str(value or "").strip()
    if not text or len(text) > definition.most:
        raise _refuse(f"Enter between 1 and {definition.most} characters")
    return text


def _scale(_definition: Definition, value: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    grades = [_grade(row) for row in value]
    for fault in filter(None, (check(grades) for check in _SCALE_FAULTS)):
        raise _refuse(fault)
    return _with_keys(grades)


def _grade(row: dict[str, Any]) -> dict[str, Any]:
    label = " ".join(str(row.get("label") or "").split())
    return {"key": row.get("key") or "", "label": label} | {flag: bool(row.get(flag)) for flag in GRADE_FLAGS}


def _count_fault(grades: list[dict[str, Any]]) -> str:
    if LEAST_GRADES <= len(grades) <= MOST_GRADES:
        return ""
    return f"Enter between {LEAST_GRADES} and {MOST_GRADES} grades"


def _label_fault(grades: list[dict[str, Any]]) -> str:
    labels = [grade["label"].casefold() for grade in grades]
    if not all(labels):
        return "Enter a name for every grade"
    if any(len(label) > 60 for label in labels):
        return "Enter names of at most 60 characters"
    return "" if len(set(labels)) == len(labels) else "Enter a different name for every grade"


def _meaning_fault(grades: list[dict[str, Any]]) -> str:
    if any(grade["good_or_better"] and (grade["inadequate"] or grade["starts_improvement"]) for grade in grades):
        return "A grade that is good or better can neither be inadequate nor start the improvement process"
    if not any(grade["good_or_better"] for grade in grades):
        return "Say which grades are good or better"
    return "" if any(grade["inadequate"] for grade in grades) else "Say which grades are inadequate"


def _order_fault(grades: list[dict[str, Any]]) -> str:
    ranks = [0 if grade["good_or_better"] else 2 if grade["inadequate"] else 1 for grade in grades]
    return "" if ranks == sorted(ranks) else "Put the best grade first and the inadequate ones last"


_SCALE_FAULTS = (_count_fault, _label_fault, _meaning_fault, _order_fault)


def _with_keys(grades: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keys stay with the grades that have one, so that figures go on; a new grade gets one from its name."""
    taken = {grade["key"] for grade in grades if grade["key"]}
    kept = []
    for grade in grades:
        key = grade["key"]
        if not key:
            key = stem = re.sub(r"[^a-z0-9]+", "_", grade["label"].lower()).strip("_") or "grade"
            number = 1
            while key in taken:
                number += 1
                key = f"{stem}_{number}"
            taken.add(key)
        kept.append({**grade, "key": key})
    return kept


_CHECKS: dict[Kind, Callable[[Definition, Any], Any]] = {
    Kind.NUMBER: _number,
    Kind.PERCENT: _number,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.DAYS: _days,
    Kind.NUMBERS: _numbers,
    Kind.SCALE: _scale,
    Kind.SIZE: _size,
    Kind.TEXT: _text,
}


def _days_in_words(_definition: Definition, value: Any) -> str:
    spans = [[long_day(date.fromisoformat(day)) for day in dict.fromkeys(span)] for span in value]
    return "; ".join(" to ".join(span) for span in spans) or "None"


def _size_in_words(_definition: Definition, value: Any) -> str:
    number = value["value"]
    if value["kind"] == "percent":
        return f"{number}% of open cases"
    if value["kind"] == "per_team":
        return f"{number:,} for each team"
    return f"{number:,} case{'' if number == 1 else 's'}"


_WORDS: dict[Kind, Callable[[Definition, Any], str]] = {
    Kind.NUMBER: lambda _definition, value: str(value),
    Kind.PERCENT: lambda _definition, value: f"{value}%",
    Kind.CHOICE: lambda definition, value: dict(definition.choices).get(value, str(value)),
    Kind.CHOICES: lambda definition, value: ", ".join(dict(definition.choices).get(v, v) for v in value) or "None",
    Kind.DAYS: _days_in_words,
    Kind.NUMBERS: lambda _definition, value: ", ".join(str(number) for number in value),
    Kind.SCALE: lambda _definition, value: ", ".join(grade["label"] for grade in value),
    Kind.SIZE: _size_in_words,
    Kind.TEXT: lambda _definition, value: str(value),
}
