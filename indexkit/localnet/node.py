"""Starting the localnet: the embedded chain, or a fork of a live one if the user names it."""

from dataclasses import dataclass

from indexkit.errors import IndexkitError
from indexkit.localnet.anvil import AnvilNode
from indexkit.localnet.genesis import BLOCK_GAS_LIMIT, HARDFORK, genesis_timestamp
from indexkit.localnet.rpc import shown
from indexkit.localnet.state import selected_market, state_file
from indexkit.localnet.upstream import Upstream


@dataclass(frozen=True, slots=True)
class DevAccounts:
    """The funded accounts of a node.

    Attributes
    ----------
    mnemonic, hd_path, count
        How their keys are derived, and how many there are.
    balance
        Of each {ETH}.
    """

    mnemonic: str
    hd_path: str
    count: int
    balance: int

    @classmethod
    def of_ape(cls) -> "DevAccounts":
        """Return the test accounts of Ape's configuration (section ``test`` of ape-config.yaml)."""
        import ape

        config = ape.config.get_config("test")
        return cls(
            config.mnemonic, config.hd_path, config.number_of_accounts, config.balance // 10**18
        )

    def arguments(self) -> tuple[str, ...]:
        """Return them as anvil's options."""
        return (
            *("--mnemonic", self.mnemonic, "--derivation-path", self.hd_path),
            *("--accounts", str(self.count), "--balance", str(self.balance)),
        )


def start_node(
    accounts: DevAccounts, upstream: Upstream | None, port: int = 0, *, automine: bool = True
) -> AnvilNode:
    """Start the localnet's node.

    Steps are not traced, as ape-foundry asks for: that costs 4 MB and 7 ms for each swap. Call
    traces, return values and gas reports work without.

    Parameters
    ----------
    accounts
        To be funded.
    upstream
        The live chain to fork; None for the embedded chain of the selected market.
    port
        On 127.0.0.1; 0 for any free one.
    automine
        Whether it mines what it is sent by itself, a moment later. That moment is a race when the
        chain is put back to a snapshot meanwhile: what was mined before may be mined or dropped
        once more. Who is the only one to send asks for each block instead.

    Raises
    ------
    IndexkitError
        If anvil, the market, the live node or the port is not to be had.
    """
    if upstream is None:
        market = selected_market()
        chain: tuple[str, ...] = (
            *("--chain-id", "1", "--timestamp", str(genesis_timestamp(market))),
            *("--load-state", str(state_file(market))),
        )
    else:
        upstream.check()
        chain = upstream.arguments()
    rules = (
        *("--hardfork", HARDFORK, "--gas-limit", str(BLOCK_GAS_LIMIT), "--prune-history"),
        *("--block-base-fee-per-gas", "0", "--gas-price", "0"),
    )
    mining = () if automine else ("--no-mining",)
    try:
        return AnvilNode.start((*chain, *rules, *mining, *accounts.arguments()), port)
    except IndexkitError as error:
        if upstream is None or upstream.url not in error.message:
            raise
        message = error.message.replace(upstream.url, shown(upstream.url))
        raise IndexkitError(message) from None
