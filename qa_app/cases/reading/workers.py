"""One spelling for each worker of a team, where it is certain who is meant.

Annex A has workers as free text: "MILLER, Nadia", "Nadia Miller (SW)", "nadia miller" and "N. Miller" may be one
person, and two people of one name may work in two teams. So names are joined only within a team, an initial only where
one name fits it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from qa_app.cases.reading.teams import team_key

_ADDED = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
_INITIAL = re.compile(r"^(\w)\.? (.+)$")


@dataclass(frozen=True, slots=True)
class NameRead:
    """A worker's name as one spelling. `certain` is False where an initial or a lone spelling could not be settled."""

    name: str
    certain: bool = True


def in_order(text: str) -> str:
    """A name as "First Surname": without an added role in brackets, "Surname, First" turned round."""
    text = _ADDED.sub("", text) or text
    surname, comma, first = text.partition(",")
    return f"{first.strip()} {surname.strip()}" if comma and first.strip() and surname.strip() else text


def name_key(text: str) -> str:
    """A name as it is compared, whichever of its spellings is written."""
    return in_order(text).casefold()


def _is_plain(text: str) -> bool:
    if "," in text or _ADDED.search(text) or text in (text.upper(), text.lower()) or _INITIAL.match(text):
        return False
    return not any(len(word) > 2 and word.isalpha() and word.isupper() for word in text.split())


class Workers:
    """The names of each team, learned from all rows of the file."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """`pairs` are (team, worker) as written, one for each row; blanks are left out."""
        spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for (team, worker), times in Counter(pairs).items():
            if team and worker:
                spellings[team_key(team), name_key(worker)][worker] += times
        self._plain: dict[tuple[str, str], str] = {}
        self._teams_of: dict[str, set[str]] = defaultdict(set)
        self._by_surname: dict[tuple[str, str], set[str]] = defaultdict(set)
        anywhere: dict[str, Counter[str]] = defaultdict(Counter)
        for (team, key), counts in spellings.items():
            plain = Counter({name: times for name, times in counts.items() if _is_plain(name)})
            if plain:
                self._plain[team, key] = min(plain, key=lambda name: (-plain[name], name))
                anywhere[key].update(plain)
                self._index(team, key)
        self._anywhere = {key: next(iter(counts)) for key, counts in anywhere.items() if len(counts) == 1}
        self._read: dict[tuple[str, str], NameRead] = {}

    def _index(self, team: str, key: str) -> None:
        self._teams_of[key].add(team)
        words = key.split(" ")
        for start in range(1, len(words)):
            self._by_surname[team, " ".join(words[start:])].add(key)

    def read(self, team: str, worker: str) -> NameRead:
        """The one spelling of a worker of a team ("": the team is not known)."""
        found = self._read.get((team, worker))
        if found is None:
            found = self._read[team, worker] = self._settle(team_key(team), worker)
        return found

    def _settle(self, team: str, worker: str) -> NameRead:
        key = name_key(worker)
        known = self._plain.get((team, key))
        if known is None and not team:
            teams = self._teams_of.get(key, set())
            known = self._plain[next(iter(teams)), key] if len(teams) == 1 else None
        if known:
            return NameRead(known)
        if initial := _INITIAL.match(in_order(worker)):
            return self._from_initial(team, worker, initial[1].casefold(), initial[2].casefold())
        if _is_plain(worker):
            return NameRead(worker)
        if key in self._anywhere:
            return NameRead(self._anywhere[key])
        ordered = in_order(worker)
        return NameRead(ordered, certain=_is_plain(ordered))

    def _from_initial(self, team: str, worker: str, initial: str, surname: str) -> NameRead:
        fits = [key for key in self._by_surname.get((team, surname), ()) if key.startswith(initial)]
        if len(fits) == 1:
            return NameRead(self._plain[team, fits[0]])
        return NameRead(worker, certain=False)

    def only_team_of(self, worker: str) -> str | None:
        """The key of the one team that a worker's cases are in.

        None where there are several, or the name is not certain.
        """
        teams = self._teams_of.get(name_key(worker), set())
        if not teams and (initial := _INITIAL.match(in_order(worker))):
            surname, first = initial[2].casefold(), initial[1].casefold()
            teams = {
                team
                for (team, known), keys in self._by_surname.items()
                if known == surname
                for key in keys
                if key.startswith(first)
            }
        return next(iter(teams)) if len(teams) == 1 else None
