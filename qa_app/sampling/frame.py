"""What shows that a sample came from this case list, and the order in which its reserves are used. Pure."""

import hashlib
import json
from collections.abc import Iterable

from qa_app.sampling.model import FrameCase, Pick
from qa_app.sampling.rules import random_key


def frame_digest(frame: Iterable[FrameCase]) -> str:
    """SHA-256 over everything of the case list that decides a draw, in hexadecimal.

    It leaves out database ids and the order of the list, so that the same list has the same digest anywhere.
    """
    lines = sorted(
        json.dumps(
            [
                case.reference,
                case.service_name,
                case.team_name,
                case.case_type,
                case.opened_on and case.opened_on.isoformat(),
                case.last_audited_on and case.last_audited_on.isoformat(),
                case.restricted,
                case.in_round,
            ],
            ensure_ascii=False,
        )
        for case in frame
        if case.is_open
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def in_order_of_use(reserves: Iterable[Pick], seed: str) -> list[Pick]:
    """The reserves by service, each service's in random order, also where its teams were drawn from one by one."""
    return sorted(reserves, key=lambda pick: (pick.case.service_name, random_key(seed, pick.case.reference)))
