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
    ("rounds.index", "GET"): P.ROUND_MANAGE,
    ("rounds.new", "GET"): P.ROUND_MANAGE,
    ("rounds.create", "POST"): P.ROUND_MANAGE,
    ("rounds.show", "GET"): P.ROUND_MANAGE,
    ("rounds.dates", "GET"): P.ROUND_MANAGE,
    ("rounds.change_dates", "POST"): P.ROUND_MANAGE,
    ("samples.show", "GET"): P.ROUND_MANAGE,
    ("samples.draw", "POST"): P.ROUND_MANAGE,
    ("samples.again", "GET"): P.ROUND_MANAGE,
    ("samples.draw_again", "POST"): P.ROUND_MANAGE,
    ("samples.one_draw", "GET"): P.ROUND_MANAGE,
    ("samples.left_out", "GET"): P.ROUND_MANAGE,
    ("samples.download_left_out", "GET"): P.ROUND_MANAGE,
    ("samples.download_drawn", "GET"): P.ROUND_MANAGE,
    ("allocation.overview", "GET"): P.ROUND_MANAGE,
    ("allocation.allocate", "POST"): P.ROUND_MANAGE,
    ("allocation.swap_page", "GET"): P.ROUND_MANAGE,
    ("allocation.swap", "POST"): P.ROUND_MANAGE,
    ("issuing.issue_page", "GET"): P.ROUND_MANAGE,
    ("issuing.issue", "POST"): P.ROUND_MANAGE,
    ("issuing.running", "GET"): P.ROUND_MANAGE,
    ("outbox.mails", "GET"): P.MAIL_READ,
    ("outbox.mail", "GET"): P.MAIL_READ,
    ("progress.current", "GET"): P.PROGRESS_READ,
    ("progress.managers", "GET"): P.PROGRESS_READ,
    ("progress.export", "GET"): P.PROGRESS_READ,
    ("progress.audits", "GET"): P.PROGRESS_READ,
    ("progress.export_audits", "GET"): P.PROGRESS_READ,
    ("progress.remind_all", "GET"): P.PROGRESS_REMIND,
    ("progress.remind", "POST"): P.PROGRESS_REMIND,
    ("people.people_list", "GET"): P.PERSON_READ,
    ("people.people_export", "GET"): P.PERSON_READ,
    ("people.person", "GET"): P.PERSON_READ,
    ("people.organisation", "GET"): P.PERSON_READ,
    ("people.add_person", "GET"): P.PERSON_MANAGE,
    ("people.add_person", "POST"): P.PERSON_MANAGE,
    ("people.change_person", "GET"): P.PERSON_MANAGE,
    ("people.change_person", "POST"): P.PERSON_MANAGE,
    ("people.set_last_day", "GET"): P.PERSON_MANAGE,
    ("people.set_last_day", "POST"): P.PERSON_MANAGE,
    ("people.grant_role", "GET"): P.PERSON_MANAGE,
    ("people.grant_role", "POST"): P.PERSON_MANAGE,
    ("people.revoke_role", "GET"): P.PERSON_MANAGE,
    ("people.revoke_role", "POST"): P.PERSON_MANAGE,
    ("people.name_deputy", "GET"): P.PERSON_MANAGE,
    ("people.name_deputy", "POST"): P.PERSON_MANAGE,
    ("people.end_deputy", "GET"): P.PERSON_MANAGE,
    ("people.end_deputy", "POST"): P.PERSON_MANAGE,
    ("people.add_service", "GET"): P.PERSON_MANAGE,
    ("people.add_service", "POST"): P.PERSON_MANAGE,
    ("people.change_service", "GET"): P.PERSON_MANAGE,
    ("people.change_service", "POST"): P.PERSON_MANAGE,
    ("people.add_team", "GET"): P.PERSON_MANAGE,
    ("people.add_team", "POST"): P.PERSON_MANAGE,
    ("people.change_team", "GET"): P.PERSON_MANAGE,
    ("people.change_team", "POST"): P.PERSON_MANAGE,
    ("people.import_people", "GET"): P.PERSON_MANAGE,
    ("people.import_people", "POST"): P.PERSON_MANAGE,
    ("people.import_template", "GET"): P.PERSON_MANAGE,
    ("people.import_preview", "GET"): P.PERSON_MANAGE,
    ("people.import_errors", "GET"): P.PERSON_MANAGE,
    ("people.apply_import", "POST"): P.PERSON_MANAGE,
    ("people.set_auditor", "GET"): P.AUDITOR_MANAGE,
    ("people.set_auditor", "POST"): P.AUDITOR_MANAGE,
    ("people.stop_auditing", "GET"): P.AUDITOR_MANAGE,
    ("people.stop_auditing", "POST"): P.AUDITOR_MANAGE,
    ("people.add_absence", "GET"): P.AUDITOR_MANAGE,
    ("people.add_absence", "POST"): P.AUDITOR_MANAGE,
    ("people.remove_absence", "POST"): P.AUDITOR_MANAGE,
    ("people.my_deputy", "GET"): Anyone.SIGNED_IN,
    ("people.my_deputy", "POST"): Anyone.SIGNED_IN,
    ("people.end_my_deputy", "POST"): Anyone.SIGNED_IN,
    ("settings.settings_list", "GET"): P.SETTING_MANAGE,
    ("settings.first_run", "GET"): P.SETTING_MANAGE,
    ("settings.change", "GET"): P.SETTING_MANAGE,
    ("settings.change", "POST"): P.SETTING_MANAGE,
    ("settings.keep", "POST"): P.SETTING_MANAGE,
    ("settings.cancel_planned", "POST"): P.SETTING_MANAGE,
}

RECORDS_VIEW: set[str] = {
    "people.people_export",
    "progress.export",
    "progress.export_audits",
    "samples.download_drawn",
    "samples.download_left_out",
}
"""Endpoints whose GET leaves a view in the trail (and so may write)."""
