"""Deployed code sizes, measured on the connected chain."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ape
from ape import project
from rich.table import Table

from indexkit import deploy
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses

if TYPE_CHECKING:
    from ape.contracts import ContractInstance

CODE_LIMIT = 24_576
"""Most bytes of code a contract may have (EIP-170)."""


def deployed_sizes() -> dict[str, int]:
    """Deploy every contract once and return the sizes of their code {bytes}, largest first."""
    account = ape.accounts.test_accounts[0]
    protocol = deploy.deploy_protocol(project, account, account)
    module = deploy.deploy_index_module(project, account, protocol)
    token = deploy.create_set(
        project,
        protocol,
        account,
        components=[addresses.WETH],
        units=[1],
        modules=protocol.modules,
        name="Size",
        symbol="SIZE",
    )
    manager = deploy.deploy_manager(
        project,
        account,
        token,
        fee_module=protocol.streaming_fee,
        operator=account,
        methodologist=ape.accounts.test_accounts[1],
        operator_share=0,
    )
    staking = account.deploy(project.StakingRewards, account, token, addresses.WETH, 1)
    index = account.deploy(project.IndexToken, account)
    lists = account.deploy(project.MerkleDistributor, index, bytes(32))
    streams = account.deploy(project.TokenStream, index)
    governor = deploy.deploy_meta_governor(
        project, account, protocol, votes_token=index, circulating_supply=10**25
    )
    begin = ape.chain.pending_timestamp + 3_600
    pools = (addresses.WETH, addresses.UNISWAP_V2_FACTORY)
    terms = (index, 1, begin, account, *pools, protocol.streaming_fee)
    bounty = account.deploy(project.MethodologistBounty, *terms)
    dao = (index, governor, staking, lists, streams, bounty)
    deployed = (*_contracts(protocol), module, manager, *dao)
    sizes = {_name(contract): len(contract.code) for contract in deployed}
    # A product is a shell, whichever ABI it is seen with.
    sizes["SetTokenShell"] = len(token.code)
    sizes["SetToken"] = len(project.SetToken.at(protocol.creator.logic()).code)
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


def size_table(sizes: dict[str, int]) -> Table:
    """Return a row per contract, with what is left to the limit."""
    table = Table(title=f"Deployed code, limit {CODE_LIMIT:,} bytes (EIP-170)")
    table.add_column("contract")
    for heading in ("bytes", "left", "share"):
        table.add_column(heading, justify="right")
    for name, size in sizes.items():
        table.add_row(name, f"{size:,}", f"{CODE_LIMIT - size:,}", f"{size / CODE_LIMIT:.0%}")
    return table


def check_sizes(sizes: dict[str, int]) -> None:
    """Refuse code beyond the limit.

    Raises
    ------
    IndexkitError
        If a contract is too large for mainnet.
    """
    large = [f"{name} ({size:,} bytes)" for name, size in sizes.items() if size > CODE_LIMIT]
    if large:
        raise IndexkitError(
            f"Too large for mainnet's limit of {CODE_LIMIT:,} bytes: {', '.join(large)}; "
            "move code out of them."
        )


def _contracts(protocol: deploy.Protocol) -> Sequence["ContractInstance"]:
    return (
        protocol.controller,
        protocol.integration_registry,
        protocol.creator,
        protocol.index_creator,
        *protocol.modules,
        protocol.guard,
        *protocol.adapters.values(),
    )


def _name(contract: "ContractInstance") -> str:
    return str(contract.contract_type.name)
