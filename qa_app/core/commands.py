"""What every command shares: plain errors, and JSON where it is asked for."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from sqlalchemy.exc import DBAPIError

from qa_app.core.database import is_out_of_reach
from qa_app.core.errors import Refusal

P = ParamSpec("P")
T = TypeVar("T")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def plain_errors(command: Callable[P, T]) -> Callable[P, T]:
    """Turn a refusal, or a database out of reach, into one plain sentence on standard error and exit status 1."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            click.echo(str(refusal), err=True)
            sys.exit(1)
        except DBAPIError as error:
            if not is_out_of_reach(error):
                raise
            click.echo("The database is busy or out of reach. Nothing was changed: try again in a minute.", err=True)
            sys.exit(1)

    return wrapped


def say(value: Any, text: str, as_json: bool) -> None:
    """Print a result: the value as JSON, or the text for a person."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str) if as_json else text)
