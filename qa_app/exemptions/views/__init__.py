"""The pages of exemptions: `asking` for the requester, `answering` for who forwards and decides, and the `ledger`."""

from flask import Blueprint

exemptions = Blueprint("exemptions", __name__)

from qa_app.exemptions.views import answering, asking, ledger  # noqa: E402 - they register themselves on `exemptions`

__all__ = ["answering", "asking", "exemptions", "ledger"]
