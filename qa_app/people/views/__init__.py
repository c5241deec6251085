"""Pages of people, teams and services, and of the staff import."""

from qa_app.people.views.room import people

from qa_app.people.views import directory, imports, organisation, own, standing  # isort: skip  # each adds its pages

__all__ = ["directory", "imports", "organisation", "own", "people", "standing"]
