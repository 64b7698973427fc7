"""Ape plugin of this project: its provider takes the place of ape-foundry's on mainnet-fork.

Ape keeps the last provider of a name that a plugin yields. Plugins' hooks are listed in the order
of their priority, whatever the order of installation, so the one that is to be tried first comes
last and stays.
"""

from collections.abc import Iterator

from ape import plugins
from ape.api import ProviderAPI


@plugins.register(plugins.ProviderPlugin, tryfirst=True)
def providers() -> Iterator[tuple[str, str, type[ProviderAPI]]]:
    """Register the localnet as ``ethereum:mainnet-fork:foundry``."""
    from indexkit.localnet.provider import LocalnetProvider

    yield "ethereum", "mainnet-fork", LocalnetProvider
