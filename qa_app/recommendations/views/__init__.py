"""The pages of recommendations and follow-up audits, by what one does on them."""

from qa_app.recommendations.views import adding, following, importing, reading
from qa_app.recommendations.views.room import recommendations

__all__ = ["adding", "following", "importing", "reading", "recommendations"]
