"""Decisions of signing in, on values alone: passwords, waits after failures, where to go on to, names of browsers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote

from qa_app.signin.guessable import RUNS, WORDS

SHORTEST = 15
LONGEST = 200
"""Characters of a password, of any kind (ASVS 6.2.1 and 6.2.9); the upper end only bounds the work of a guess."""

FEWEST_OWN = 6
FEWEST_DIFFERENT = 5
"""What must be left of a password when everything guessable is taken out of it."""

_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")
_YEAR = re.compile(r"(?:19|20)\d\d")
_REPEATS = re.compile(r"(.+?)\1+")


@lru_cache(maxsize=1)
def _runs() -> re.Pattern[str]:
    """Every part of three keys or more of a row of the keyboard, either way."""
    parts = {
        row[i:j]
        for run in RUNS
        for row in (run, run[::-1])
        for i in range(len(row))
        for j in range(i + 3, len(row) + 1)
    }
    return re.compile("|".join(sorted(parts, key=len, reverse=True)))


def password_fault(password: str, own_words: Iterable[str] = ()) -> str | None:
    """Why a password can't be used, as a sentence that says what to do; None when it can.

    `own_words` are the person's names and email, and the product's name: a guesser knows them.
    """
    if len(password) < SHORTEST:
        return f"Use {SHORTEST} characters or more: three or four unrelated words are easy to remember"
    if len(password) > LONGEST:
        return f"Use {LONGEST} characters or fewer"
    own = {part for word in own_words for part in re.split(r"\W+", word.lower()) if len(part) >= 3}
    lowered = password.lower()
    # A password is as weak as its weakest reading: as typed, or with look-alike signs read as letters.
    left = min((_without_guessable(text, own) for text in (lowered, lowered.translate(_LOOKALIKES))), key=len)
    if len(left) < FEWEST_OWN or len(set(left)) < FEWEST_DIFFERENT:
        return "Choose a password that is harder to guess: leave out names, common words, years and rows of keys"
    return None


def _without_guessable(text: str, own: set[str]) -> str:
    words = sorted(WORDS | own, key=len, reverse=True)
    text = re.sub("|".join(map(re.escape, words)), " ", text)
    text = _REPEATS.sub(r"\1", _runs().sub(" ", _YEAR.sub(" ", text)))
    return re.sub(r"\s+", "", text)


class Counted(StrEnum):
    """What failures are counted by."""

    BROWSER = "browser"
    PAIR = "pair"
    ADDRESS = "address"
    EMAIL = "email"


@dataclass(frozen=True)
class Limit:
    """So many failures in an hour are free; each one more doubles the wait, up to the longest."""

    free: int
    first: timedelta
    longest: timedelta


WINDOW = timedelta(hours=1)
LIMITS = {
    # A browser in which this person has signed in before: whatever strangers do elsewhere, it is not made to wait.
    Counted.BROWSER: Limit(10, timedelta(seconds=30), timedelta(minutes=15)),
    Counted.PAIR: Limit(10, timedelta(seconds=30), timedelta(minutes=15)),
    # A whole office may share one address, so one person's mistakes must not fill it.
    Counted.ADDRESS: Limit(100, timedelta(seconds=5), timedelta(minutes=5)),
    # Guesses at one person from many addresses are slowed, never shut out: that would let anyone lock out a colleague.
    Counted.EMAIL: Limit(50, timedelta(seconds=5), timedelta(seconds=20)),
}


def may_try_at(failures: Mapping[Counted, tuple[int, datetime]]) -> datetime | None:
    """The first instant at which the next try is looked at; None when nothing holds it up.

    `failures` gives, for each thing counted, how many there were within `WINDOW` and when the last one was.
    Waiting always ends by itself (ASVS 6.3.1); a try made while waiting is neither looked at nor counted.
    """
    waits = [
        last + _wait(LIMITS[kind], count) for kind, (count, last) in failures.items() if count >= LIMITS[kind].free
    ]
    return max(waits, default=None)


def _wait(limit: Limit, count: int) -> timedelta:
    doublings = min(count - limit.free, 16)
    return min(limit.longest, limit.first * float(2**doublings))


LONGEST_PATH = 2000
DECODINGS = 4


def local_path(address: str | None) -> str | None:
    """The address if it leads to a page of this site, else None (ASVS 3.7.2).

    It must begin with one slash and hold neither control characters, spaces nor backslashes, as typed or
    after decoding, since browsers read `//`, `/\\` and hidden line breaks as the beginning of another site.
    """
    if not address or len(address) > LONGEST_PATH or "\\" in address or any(not "!" <= sign <= "~" for sign in address):
        return None
    path = address.partition("?")[0].partition("#")[0]
    for _ in range(DECODINGS):
        if not path.startswith("/") or "//" in path or "\\" in path or any(sign < " " for sign in path):
            return None
        path = unquote(path)
    return address


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """A browser in words that its owner knows, such as `Chrome on Windows`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
