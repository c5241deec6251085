"""The home page."""

from flask import Blueprint

home = Blueprint("home", __name__)
