"""What follows what: the only file that joins areas. An event -> the functions it calls, in the same transaction."""

from collections.abc import Callable
from typing import Any

from qa_app.people.events import PersonLeft, RoleLost
from qa_app.signin.sessions import end_sessions_of


def sign_out_everywhere(event: PersonLeft | RoleLost) -> None:
    """Whoever may do less than before signs in anew."""
    end_sessions_of(event.person_id, event.now)


REACTIONS: dict[type, tuple[Callable[[Any], None], ...]] = {
    PersonLeft: (sign_out_everywhere,),
    RoleLost: (sign_out_everywhere,),
}
