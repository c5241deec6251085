"""The one table of access: endpoint and method -> what it needs. What is not in it is refused.

Scope is then held by the queries, which take the viewer and return only what they may see.
"""

from enum import StrEnum

from qa_app.access.permissions import Permission as P


class Anyone(StrEnum):
    """Needs that are not a permission."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    DEMO = "demo only"


Need = P | Anyone

POLICY: dict[tuple[str, str], Need] = {
    ("health.alive", "GET"): Anyone.PUBLIC,
    ("health.ready", "GET"): Anyone.PUBLIC,
    ("signin.sign_in", "GET"): Anyone.PUBLIC,
    ("signin.sign_in", "POST"): Anyone.PUBLIC,
    ("signin.demo_sign_in", "POST"): Anyone.DEMO,
    ("signin.sign_out", "POST"): Anyone.PUBLIC,
    ("signin.choose_password", "GET"): Anyone.PUBLIC,
    ("signin.choose_password", "POST"): Anyone.PUBLIC,
    ("signin.account", "GET"): Anyone.SIGNED_IN,
    ("signin.sign_out_everywhere", "POST"): Anyone.SIGNED_IN,
    ("signin.change_password", "POST"): Anyone.SIGNED_IN,
    ("signin.end_session", "POST"): Anyone.SIGNED_IN,
    ("signin.stay", "POST"): Anyone.SIGNED_IN,
    ("signin.invite", "POST"): P.PERSON_MANAGE,
    ("signin.disable_account", "POST"): P.PERSON_MANAGE,
    ("signin.enable_account", "POST"): P.PERSON_MANAGE,
    ("trail.entries", "GET"): P.TRAIL_READ,
    ("home.home", "GET"): Anyone.SIGNED_IN,
    ("home.accessibility", "GET"): Anyone.PUBLIC,
    ("home.more", "GET"): Anyone.SIGNED_IN,
    ("outbox.mails", "GET"): P.MAIL_READ,
    ("outbox.mail", "GET"): P.MAIL_READ,
}

RECORDS_VIEW: set[str] = set()
"""Endpoints whose GET leaves a view in the trail (and so may write)."""
