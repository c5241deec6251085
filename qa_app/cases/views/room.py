"""The blueprint that every page about cases stands on."""

from flask import Blueprint

cases = Blueprint("cases", __name__)
