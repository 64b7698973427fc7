"""Keeping the localnet running for consoles and other tools."""

import signal
from collections.abc import Callable

import ape

from indexkit.errors import IndexkitError
from indexkit.localnet import addresses
from indexkit.localnet.anvil import AnvilNode
from indexkit.localnet.node import DevAccounts, start_node
from indexkit.localnet.process import exit_on_sigterm
from indexkit.localnet.rpc import shown
from indexkit.localnet.state import selected_market
from indexkit.localnet.upstream import Upstream


def serve(port: int, echo: Callable[[str], object]) -> None:
    """Run the localnet's node on a port until Ctrl-C.

    Parameters
    ----------
    port
        On 127.0.0.1.
    echo
        Where what there is to know about the node goes.

    Raises
    ------
    IndexkitError
        If the port is taken, the node cannot be started, or it ends on its own.
    """
    upstream = Upstream.from_environment()
    node = start_node(DevAccounts.of_ape(), upstream, port)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    exit_on_sigterm()
    try:
        echo(describe(node, upstream))
        node.process.wait()
        raise IndexkitError("The localnet's anvil ended unexpectedly; start it again.")
    except KeyboardInterrupt:
        echo("Stopped.")
    finally:
        node.stop()


def describe(node: AnvilNode, upstream: Upstream | None) -> str:
    """Return what a user of a running node wants to know."""
    accounts = "\n".join(f"  {account.address}" for account in ape.accounts.test_accounts)
    content = _embedded() if upstream is None else f"A fork of {shown(upstream.url)}."
    return (
        f"URL       {node.url}\n"
        f"Chain id  1\n"
        f"{content}\n\n"
        f"Funded accounts (Ape's test accounts; mnemonic: {ape.accounts.test_accounts.mnemonic})\n"
        f"{accounts}\n\n"
        f"Console   APE_FOUNDRY_HOST={node.url} "
        f"ape console --network ethereum:mainnet-fork:foundry\n"
        f"Ctrl-C ends it."
    )


def _embedded() -> str:
    market = selected_market()
    pools = ", ".join(f"{c.symbol} ({c.exchange})" for c in market.components)
    known = "\n".join(f"  {name:32}{address}" for name, address in addresses.named().items())
    return f"Market    {market.name}, {market.date}\nPools     {pools}\n\nContracts\n{known}"
