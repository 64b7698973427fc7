"""Scenarios by subject; each module registers its own."""

import importlib
import pkgutil


def load() -> None:
    """Import every module of scenarios."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
