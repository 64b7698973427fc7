"""The plan of what the holders of INDEX decide with.

Streams, Merkle lists, staking and the methodologists' bounty will be steps of `dao_steps` too,
between the token and the governor: they hold INDEX that the treasury would else get.
"""

from typing import Any

from indexkit.deployment import protocol_plan as protocol
from indexkit.deployment.declaration import DaoTerms
from indexkit.deployment.steps import Address, Deploy, Step

INDEX_TOKEN = "dao.index_token"
META_GOVERNOR = "dao.meta_governor"


def meta_governor_arguments(
    votes_token: Any,
    governance: Any,
    blocks_per_day: int,
    circulating_supply: int,
    committee: Any,
) -> tuple[Any, ...]:
    """Return the arguments of MetaGovernor."""
    return votes_token, governance, blocks_per_day, circulating_supply, committee


def dao_steps(terms: DaoTerms) -> tuple[Step, ...]:
    """Return the steps of INDEX and of its governor; the deployer owns the latter at first."""
    arguments = meta_governor_arguments(
        Address(INDEX_TOKEN),
        Address(protocol.GOVERNANCE),
        terms.blocks_per_day,
        terms.circulating_supply,
        terms.committee,
    )
    return (
        Deploy(INDEX_TOKEN, "IndexToken", (terms.treasury,)),
        Deploy(META_GOVERNOR, "MetaGovernor", arguments),
    )
