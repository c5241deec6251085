"""What may be done, by name, and which roles may do it how far (domain.md section 12)."""

from enum import IntEnum, StrEnum

from qa_app.access.roles import Role


class Reach(IntEnum):
    """How far a role carries a permission."""

    OWN = 1
    TEAM = 2
    SERVICE = 3
    ALL = 4


class Permission(StrEnum):
    """`resource:action`, alphabetical."""

    ACTION_MANAGE = "action:manage"
    ACTION_READ = "action:read"
    ACTION_REASSIGN = "action:reassign"
    ACTION_VERIFY = "action:verify"
    AUDIT_CONDUCT = "audit:conduct"
    AUDIT_MANAGE = "audit:manage"
    AUDIT_READ = "audit:read"
    AUDITOR_MANAGE = "auditor:manage"
    CALIBRATION_GRADE = "calibration:grade"
    CALIBRATION_MANAGE = "calibration:manage"
    CALIBRATION_READ = "calibration:read"
    CASE_IMPORT = "case:import"
    CASE_READ = "case:read"
    EXEMPTION_ASK = "exemption:ask"
    EXEMPTION_DECIDE = "exemption:decide"
    EXEMPTION_FORWARD = "exemption:forward"
    EXEMPTION_READ = "exemption:read"
    FEED_MANAGE = "feed:manage"
    FIGURES_READ = "figures:read"
    IMPROVEMENT_AUTHORISE = "improvement:authorise"
    IMPROVEMENT_LEAD = "improvement:lead"
    IMPROVEMENT_NAME = "improvement:name"
    IMPROVEMENT_READ = "improvement:read"
    IMPROVEMENT_REVIEW = "improvement:review"
    IMPROVEMENT_SCHEDULE = "improvement:schedule"
    INSPECTION_PACK = "inspection:pack"
    MAIL_MANAGE = "mail:manage"
    MAIL_READ = "mail:read"
    MIRROR_READ = "mirror:read"
    MODERATION_DISPUTE = "moderation:dispute"
    MODERATION_DO = "moderation:do"
    MODERATION_MANAGE = "moderation:manage"
    MODERATION_READ = "moderation:read"
    PERSON_MANAGE = "person:manage"
    PERSON_READ = "person:read"
    PROGRESS_READ = "progress:read"
    PROGRESS_REMIND = "progress:remind"
    RECOMMENDATION_ANSWER = "recommendation:answer"
    RECOMMENDATION_MANAGE = "recommendation:manage"
    RECOMMENDATION_READ = "recommendation:read"
    REPORT_MANAGE = "report:manage"
    REPORT_READ = "report:read"
    ROUND_MANAGE = "round:manage"
    SETTING_MANAGE = "setting:manage"
    SLIPPAGE_ANSWER = "slippage:answer"
    SLIPPAGE_FORWARD = "slippage:forward"
    SLIPPAGE_RAISE = "slippage:raise"
    SLIPPAGE_READ = "slippage:read"
    TOOL_MANAGE = "tool:manage"
    TRAIL_READ = "trail:read"


R, P = Role, Permission
_READERS = {
    R.TEAM_MANAGER: Reach.TEAM,
    R.SERVICE_MANAGER: Reach.SERVICE,
    R.HEAD_OF_SERVICE: Reach.SERVICE,
    R.QA_TEAM: Reach.ALL,
    R.PRACTICE_LEAD: Reach.ALL,
    R.DIRECTOR: Reach.ALL,
    R.EXECUTIVE: Reach.ALL,
}

_MANAGERS = {
    R.TEAM_MANAGER: Reach.TEAM,
    R.SERVICE_MANAGER: Reach.SERVICE,
    R.HEAD_OF_SERVICE: Reach.SERVICE,
    R.QA_TEAM: Reach.ALL,
}

PERMISSIONS: dict[Permission, dict[Role, Reach]] = {
    P.ACTION_MANAGE: {**_MANAGERS, R.PRACTICE_LEAD: Reach.ALL},
    P.ACTION_READ: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN, R.LEAD_AUDITOR: Reach.TEAM, **_READERS},
    P.ACTION_REASSIGN: _MANAGERS,
    P.ACTION_VERIFY: {**_MANAGERS, R.PRACTICE_LEAD: Reach.ALL},
    P.AUDIT_CONDUCT: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN},
    P.AUDIT_MANAGE: {R.QA_TEAM: Reach.ALL},
    P.AUDIT_READ: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN, R.LEAD_AUDITOR: Reach.TEAM, **_READERS},
    P.AUDITOR_MANAGE: {R.QA_TEAM: Reach.ALL, R.ADMINISTRATOR: Reach.ALL},
    P.CALIBRATION_GRADE: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN},
    P.CALIBRATION_MANAGE: {R.QA_TEAM: Reach.ALL},
    P.CALIBRATION_READ: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN, R.QA_TEAM: Reach.ALL},
    P.CASE_IMPORT: {R.QA_TEAM: Reach.ALL},
    P.CASE_READ: {R.QA_TEAM: Reach.ALL},
    P.EXEMPTION_ASK: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN},
    P.EXEMPTION_DECIDE: {R.DIRECTOR: Reach.ALL},
    P.EXEMPTION_FORWARD: {R.HEAD_OF_SERVICE: Reach.SERVICE},
    P.EXEMPTION_READ: {
        R.AUDITOR: Reach.OWN,
        R.MODERATOR: Reach.OWN,
        R.HEAD_OF_SERVICE: Reach.SERVICE,
        R.QA_TEAM: Reach.ALL,
        R.DIRECTOR: Reach.ALL,
        R.EXECUTIVE: Reach.ALL,
    },
    P.FEED_MANAGE: {
        R.HEAD_OF_SERVICE: Reach.SERVICE,
        R.QA_TEAM: Reach.ALL,
        R.DIRECTOR: Reach.ALL,
        R.EXECUTIVE: Reach.ALL,
    },
    P.FIGURES_READ: {R.LEAD_AUDITOR: Reach.SERVICE, **_READERS},
    P.IMPROVEMENT_AUTHORISE: {R.HEAD_OF_SERVICE: Reach.SERVICE, R.DIRECTOR: Reach.ALL},
    P.IMPROVEMENT_LEAD: {R.PRACTICE_LEAD: Reach.ALL},
    P.IMPROVEMENT_NAME: {
        R.TEAM_MANAGER: Reach.TEAM,
        R.SERVICE_MANAGER: Reach.SERVICE,
        R.HEAD_OF_SERVICE: Reach.SERVICE,
        R.QA_TEAM: Reach.ALL,
        R.PRACTICE_LEAD: Reach.ALL,
    },
    P.IMPROVEMENT_READ: {**_READERS},
    P.IMPROVEMENT_REVIEW: {R.SERVICE_MANAGER: Reach.SERVICE, R.HEAD_OF_SERVICE: Reach.SERVICE},
    P.IMPROVEMENT_SCHEDULE: {R.QA_TEAM: Reach.ALL, R.PRACTICE_LEAD: Reach.ALL},
    P.INSPECTION_PACK: {R.QA_TEAM: Reach.ALL, R.DIRECTOR: Reach.ALL, R.EXECUTIVE: Reach.ALL},
    P.MAIL_MANAGE: {R.ADMINISTRATOR: Reach.ALL},
    P.MAIL_READ: {R.ADMINISTRATOR: Reach.ALL},
    P.MIRROR_READ: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN},
    P.MODERATION_DISPUTE: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN, R.HEAD_OF_SERVICE: Reach.SERVICE},
    P.MODERATION_DO: {R.MODERATOR: Reach.OWN, R.HEAD_OF_SERVICE: Reach.OWN},
    P.MODERATION_MANAGE: {R.QA_TEAM: Reach.ALL},
    P.MODERATION_READ: {R.MODERATOR: Reach.OWN, R.LEAD_AUDITOR: Reach.TEAM, **_READERS},
    P.PERSON_MANAGE: {R.ADMINISTRATOR: Reach.ALL},
    P.PERSON_READ: {R.ADMINISTRATOR: Reach.ALL, R.QA_TEAM: Reach.ALL},
    P.PROGRESS_READ: {R.LEAD_AUDITOR: Reach.SERVICE, **_READERS},
    P.PROGRESS_REMIND: {
        R.TEAM_MANAGER: Reach.TEAM,
        R.LEAD_AUDITOR: Reach.SERVICE,
        R.SERVICE_MANAGER: Reach.SERVICE,
        R.HEAD_OF_SERVICE: Reach.SERVICE,
        R.QA_TEAM: Reach.ALL,
    },
    P.RECOMMENDATION_ANSWER: dict.fromkeys((R.AUDITOR, R.MODERATOR, R.LEAD_AUDITOR, *_READERS), Reach.OWN),
    P.RECOMMENDATION_MANAGE: {R.QA_TEAM: Reach.ALL},
    P.RECOMMENDATION_READ: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN, R.LEAD_AUDITOR: Reach.OWN, **_READERS},
    P.REPORT_MANAGE: {R.QA_TEAM: Reach.ALL},
    P.REPORT_READ: {
        R.SERVICE_MANAGER: Reach.ALL,
        R.HEAD_OF_SERVICE: Reach.ALL,
        R.QA_TEAM: Reach.ALL,
        R.PRACTICE_LEAD: Reach.ALL,
        R.DIRECTOR: Reach.ALL,
        R.EXECUTIVE: Reach.ALL,
        R.SCRUTINY: Reach.OWN,
    },
    P.ROUND_MANAGE: {R.QA_TEAM: Reach.ALL},
    P.SETTING_MANAGE: {R.ADMINISTRATOR: Reach.ALL},
    P.SLIPPAGE_ANSWER: {R.QA_TEAM: Reach.ALL},
    P.SLIPPAGE_FORWARD: {R.HEAD_OF_SERVICE: Reach.SERVICE},
    P.SLIPPAGE_RAISE: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN},
    P.SLIPPAGE_READ: {R.AUDITOR: Reach.OWN, R.MODERATOR: Reach.OWN, R.LEAD_AUDITOR: Reach.SERVICE, **_READERS},
    P.TOOL_MANAGE: {R.QA_TEAM: Reach.ALL},
    P.TRAIL_READ: {R.QA_TEAM: Reach.ALL, R.ADMINISTRATOR: Reach.ALL},
}
