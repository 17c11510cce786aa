"""The command line: parse, call one function, print."""

from surpass.cli.app import run

__all__ = ["run"]
