"""Sign-in pages."""

from flask import Blueprint

signin = Blueprint("signin", __name__)
