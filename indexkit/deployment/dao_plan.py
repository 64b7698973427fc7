"""The plan of what the holders of INDEX decide with."""

from typing import Any

from indexkit.deployment import protocol_plan as protocol
from indexkit.deployment.declaration import DaoTerms, DistributionTerms
from indexkit.deployment.distribution_plan import INDEX_TOKEN, Surroundings, distribution_steps
from indexkit.deployment.index_plan import step_id
from indexkit.deployment.networks import Venues
from indexkit.deployment.steps import Address, Deploy, Pair, Step

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


def dao_steps(terms: DaoTerms, venues: Venues, deployer: str) -> tuple[Step, ...]:
    """Return the steps of INDEX, of what distributes it, and of its governor.

    Parameters
    ----------
    deployer
        Owns the governor, distributor and bounty at first, and holds all INDEX if there is more
        to do with it than to give it to the treasury.
    """
    return (
        *_index(terms, venues, str(terms.treasury), deployer),
        Deploy(META_GOVERNOR, "MetaGovernor", _governor(terms)),
    )


def _index(terms: DaoTerms, venues: Venues, treasury: str, deployer: str) -> tuple[Step, ...]:
    if terms.distribution is None:
        return (Deploy(INDEX_TOKEN, "IndexToken", (treasury,)),)
    around = Surroundings(
        pool=_staking_token(terms.distribution, venues),
        fee_module=Address(protocol.STREAMING_FEE),
        weth=venues.weth,
        factory=venues.uniswap.factory,
    )
    return (
        Deploy(INDEX_TOKEN, "IndexToken", (deployer,)),
        *distribution_steps(terms.distribution, treasury, deployer, around),
    )


def _staking_token(terms: DistributionTerms, venues: Venues) -> Any:
    if terms.mining is None or terms.mining.pool_of is None:
        return terms.mining and terms.mining.staking_token
    token = Address(step_id(terms.mining.pool_of, "token"))
    return Pair(venues.uniswap, (token, venues.weth))


def _governor(terms: DaoTerms) -> tuple[Any, ...]:
    return meta_governor_arguments(
        Address(INDEX_TOKEN),
        Address(protocol.GOVERNANCE),
        terms.blocks_per_day,
        terms.circulating_supply,
        terms.committee,
    )
