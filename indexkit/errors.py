"""The one root of every error this library raises on purpose."""

import click


class IndexkitError(click.ClickException):
    """An error a user can act on: one sentence saying what, where and what to do.

    Commands print it and exit with status 1; library callers catch it as an exception.
    """
