"""Checks of the rows, one file each: the docstring says what it finds and how it decides."""

from surpass.data.checks.registry import Check, all_checks, run_checks
from surpass.data.checks.result import CheckResult

__all__ = ["Check", "CheckResult", "all_checks", "run_checks"]
