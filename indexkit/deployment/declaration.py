"""What a deployment shall be: one TOML file, read strictly.

Addresses bear their EIP-55 checksum. Where a role may be played by whoever deploys, "deployer"
stands for the address. docs/DEPLOYMENT.md lists every field.
"""

from dataclasses import dataclass
from enum import Enum

from indexkit.deployment.networks import Governor, Venues
from indexkit.economics.schedule import Schedule


class Deployer(Enum):
    """The account that signs the deployment."""

    ACCOUNT = "deployer"


DEPLOYER = Deployer.ACCOUNT

Role = str | Deployer
"""An address, or the deployer's."""


@dataclass(frozen=True, slots=True)
class ComponentTerms:
    """A component of an index.

    Attributes
    ----------
    token
        Address.
    unit
        D18{comp/set}
    exchange
        Name of the exchange it trades on; None for WETH, the cash.
    max_trade_size
        {comp}
    """

    token: str
    symbol: str
    decimals: int
    unit: int
    exchange: str | None
    max_trade_size: int
    cool_off_s: int


@dataclass(frozen=True, slots=True)
class GuardTerms:
    """What a trade of an index must respect.

    Attributes
    ----------
    max_deviation
        D18{1}
    min_liquidity, loss_budget
        {wei}
    """

    max_deviation: int
    min_liquidity: int
    loss_budget: int


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """An index.

    Attributes
    ----------
    symbol
        Also its name in the steps.
    streaming_fee, max_streaming_fee
        D18{1/year}
    operator, methodologist
        The two parties of its IndexManager.
    operator_share
        Of the fees D18{1}.
    traders
        Who may trade once a rebalance has started.
    """

    symbol: str
    name: str
    streaming_fee: int
    max_streaming_fee: int
    operator: Role
    methodologist: Role
    operator_share: int
    traders: tuple[Role, ...]
    guard: GuardTerms
    components: tuple[ComponentTerms, ...]


@dataclass(frozen=True, slots=True)
class ProtocolTerms:
    """What every index shares.

    Attributes
    ----------
    fee_recipient
        Receives the protocol's share of streaming fees.
    owner
        Gets Controller and IntegrationRegistry at the hand-over.
    streaming_fee_share
        D18{1}
    """

    fee_recipient: Role
    owner: Role
    streaming_fee_share: int
    guard_window_s: int
    governors: tuple[Governor, ...]


@dataclass(frozen=True, slots=True)
class StreamTerms:
    """INDEX that vests to one recipient.

    Attributes
    ----------
    name
        Also its name in the steps.
    schedule
        {s, Unix time} and {INDEX base units}
    """

    name: str
    recipient: Role
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class ListTerms:
    """The initial distribution: the Merkle root of a list, and the sum of it {INDEX base units}."""

    root: bytes
    amount: int


@dataclass(frozen=True, slots=True)
class MiningTerms:
    """INDEX for those who stake.

    Attributes
    ----------
    amount
        {INDEX base units}; the treasury starts paying them out.
    duration_s
        Over which they are paid.
    pool_of
        Symbol of the index whose pool with WETH gives the LP tokens that are staked.
    staking_token
        Address of what is staked instead; one of both is None.
    """

    amount: int
    duration_s: int
    pool_of: str | None
    staking_token: str | None


@dataclass(frozen=True, slots=True)
class BountyTerms:
    """INDEX for methodologists: {INDEX base units}, and when the first month begins {s}."""

    amount: int
    begin: int


@dataclass(frozen=True, slots=True)
class DistributionTerms:
    """What becomes of all INDEX.

    Attributes
    ----------
    at_once
        The treasury's {INDEX base units}.
    """

    at_once: int
    streams: tuple[StreamTerms, ...] = ()
    initial: ListTerms | None = None
    mining: MiningTerms | None = None
    bounty: BountyTerms | None = None

    @property
    def total(self) -> int:
        """All of it {INDEX base units}."""
        pots = (self.initial, self.mining, self.bounty)
        vesting = sum(each.schedule.total for each in self.streams)
        return self.at_once + vesting + sum(pot.amount for pot in pots if pot)


@dataclass(frozen=True, slots=True)
class DaoTerms:
    """INDEX and its governor.

    Attributes
    ----------
    treasury
        Gets all INDEX, or what is not distributed otherwise.
    owner
        Gets MetaGovernor, MerkleDistributor and MethodologistBounty at the hand-over.
    committee
        Who chooses where the holders did not; the zero address if nobody.
    circulating_supply
        {INDEX base units}
    distribution
        None: the treasury gets all INDEX.
    """

    treasury: Role
    owner: Role
    committee: Role
    blocks_per_day: int
    circulating_supply: int
    distribution: DistributionTerms | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """A deployment as it shall be.

    Attributes
    ----------
    name
        The file's.
    digest
        SHA-256 of what the file says, comments and layout left out.
    chain_id
        Of the network it is meant for.
    confirmations
        Blocks that must lie on a transaction before the next one is sent.
    """

    name: str
    digest: str
    chain_id: int
    confirmations: int
    venues: Venues
    protocol: ProtocolTerms
    indices: tuple[IndexTerms, ...]
    dao: DaoTerms | None

    @property
    def distribution(self) -> DistributionTerms | None:
        """What becomes of INDEX; None if the treasury gets all, or there is none."""
        return self.dao.distribution if self.dao else None
