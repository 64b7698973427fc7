"""The live Ethereum node a fork starts from, when the user names one."""

import os
from dataclasses import dataclass

from indexkit.errors import IndexkitError
from indexkit.localnet.rpc import Rpc, RpcError, shown

URL_VARIABLE = "MAINNET_RPC_URL"
BLOCK_VARIABLE = "MAINNET_FORK_BLOCK"
_TIMEOUT_S = 15


@dataclass(frozen=True, slots=True)
class Upstream:
    """An Ethereum mainnet endpoint, and the block to fork at (the latest if None)."""

    url: str
    block: int | None = None

    @classmethod
    def from_environment(cls) -> "Upstream | None":
        """Return what MAINNET_RPC_URL and MAINNET_FORK_BLOCK say, None if there is no URL.

        Raises
        ------
        IndexkitError
            If the block is not a number.
        """
        url = os.environ.get(URL_VARIABLE, "").strip()
        block = os.environ.get(BLOCK_VARIABLE, "").strip()
        if block and not block.isdecimal():
            raise IndexkitError(f"{BLOCK_VARIABLE} must be a block number, not {block!r}.")
        return cls(url, int(block) if block else None) if url else None

    def check(self) -> None:
        """Ask the endpoint for its chain.

        Raises
        ------
        IndexkitError
            If it does not answer, or is not Ethereum mainnet.
        """
        remedy = f"set {URL_VARIABLE} to a working one, or unset it to run offline"
        if not self.url.startswith(("http://", "https://")):
            raise IndexkitError(f"{URL_VARIABLE} is not an http(s) URL; {remedy}.")
        rpc = Rpc(self.url, timeout=_TIMEOUT_S)
        try:
            chain_id = int(rpc.call("eth_chainId"), 16)
        except (RpcError, TypeError, ValueError) as error:
            raise IndexkitError(
                f"The Ethereum node at {shown(self.url)} does not answer; {remedy}."
            ) from error
        finally:
            rpc.close()
        if chain_id != 1:
            raise IndexkitError(
                f"The node at {shown(self.url)} has chain id {chain_id}, "
                f"not Ethereum's 1; {remedy}."
            )

    def arguments(self) -> tuple[str, ...]:
        """Return anvil's options for a fork that leaves nothing on disk."""
        block = () if self.block is None else ("--fork-block-number", str(self.block))
        return ("--fork-url", self.url, *block, "--no-storage-caching")

    def forking(self) -> dict[str, str | int]:
        """Return the parameter of ``anvil_reset``."""
        block = {} if self.block is None else {"blockNumber": self.block}
        return {"jsonRpcUrl": self.url, **block}
