"""The deployment record: where the contracts of INDEX's distribution are, in one JSON file.

    {
     "kind": "index-deployment",
     "chain_id": 1,
     "block": 2,                                   the token's; no event of it is older
     "contracts": {"token": "0x…", "streams": "0x…", "distributor": "0x…", "bounty": "0x…",
                   "fee_module": "0x…", "weth": "0x…"},
     "farms": [{"name": "liquidity mining", "address": "0x…"}],
     "pools": ["0x…"],                             Uniswap V2 pairs whose LP tokens are farmed
     "parties": {"deployer": "0x…", "treasury": "0x…", "set_labs": "0x…", "defi_pulse": "0x…"},
     "streams": {"treasury": 0, "set_labs": 1, "defi_pulse": 2}
    }

Addresses have their checksum; none is named twice among contracts and farms.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS, COUNT, NAME, Kind, Record, one_of, read_json

KIND = "index-deployment"
PARTIES = ("treasury", "set_labs", "defi_pulse")
ADDRESSES = Kind(
    "a list of addresses with valid EIP-55 checksums",
    lambda value: (
        tuple(value)
        if isinstance(value, list) and all(ADDRESS.parse(entry) for entry in value)
        else None
    ),
)


@dataclass(frozen=True, slots=True)
class Farm:
    """A StakingRewards contract that pays INDEX."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Parties:
    """Who got INDEX at the beginning: addresses."""

    deployer: str
    treasury: str
    set_labs: str
    defi_pulse: str


@dataclass(frozen=True, slots=True)
class StreamIds:
    """Ids in the TokenStream of the three published schedules."""

    treasury: int
    set_labs: int
    defi_pulse: int


@dataclass(frozen=True, slots=True)
class Deployment:
    """A distribution of INDEX: addresses on one chain.

    Attributes
    ----------
    chain_id, block
        Which chain; the block of the token's deployment.
    token, streams, distributor, bounty
        IndexToken, TokenStream, MerkleDistributor, MethodologistBounty.
    farms
        StakingRewards contracts that pay INDEX.
    pools
        Pairs whose LP tokens are staked in them.
    fee_module, weth
        What the bounty counts fees by.
    parties, stream_ids
        Recipients and their streams.
    """

    chain_id: int
    block: int
    token: str
    streams: str
    distributor: str
    bounty: str
    farms: tuple[Farm, ...]
    pools: tuple[str, ...]
    fee_module: str
    weth: str
    parties: Parties
    stream_ids: StreamIds

    @property
    def contracts(self) -> tuple[str, ...]:
        """Contracts that hold INDEX for others."""
        return (
            self.streams,
            self.distributor,
            self.bounty,
            *(farm.address for farm in self.farms),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the record, see the module's head."""
        parties, ids = self.parties, self.stream_ids
        return {
            "kind": KIND,
            "chain_id": self.chain_id,
            "block": self.block,
            "contracts": {
                "token": self.token,
                "streams": self.streams,
                "distributor": self.distributor,
                "bounty": self.bounty,
                "fee_module": self.fee_module,
                "weth": self.weth,
            },
            "farms": [{"name": farm.name, "address": farm.address} for farm in self.farms],
            "pools": list(self.pools),
            "parties": {name: getattr(parties, name) for name in ("deployer", *PARTIES)},
            "streams": {name: getattr(ids, name) for name in PARTIES},
        }


def read_deployment(path: Path) -> Deployment:
    """Read a deployment record.

    Raises
    ------
    IndexkitError
        Naming the field that is missing or wrong, or the address that is named twice.
    """
    fields = read_json(path)
    fields.read("kind", one_of((KIND,)))
    deployment = _deployment(fields)
    named = (deployment.token, deployment.fee_module, deployment.weth, *deployment.contracts)
    for address in named:
        if named.count(address) > 1:
            raise fields.error(f"{address} is named twice: each contract has one place, correct it")
    ids = deployment.stream_ids
    if len({ids.treasury, ids.set_labs, ids.defi_pulse}) < len(PARTIES):
        raise fields.error("a stream is named for two parties: give each its own id")
    return deployment


def write_deployment(path: Path, deployment: Deployment) -> Path:
    """Write a deployment record that `read_deployment` reads.

    Raises
    ------
    IndexkitError
        The file cannot be written.
    """
    return documents.write(path, deployment.as_json())


def _deployment(fields: Record) -> Deployment:
    contracts, parties = fields.record("contracts"), fields.record("parties")
    streams = fields.record("streams")
    chain_id = fields.read("chain_id", COUNT)
    if chain_id == 0:
        raise IndexkitError(f"{fields.where}: chain_id is 0: name the chain.")
    return Deployment(
        chain_id=chain_id,
        block=fields.read("block", COUNT),
        token=contracts.read("token", ADDRESS),
        streams=contracts.read("streams", ADDRESS),
        distributor=contracts.read("distributor", ADDRESS),
        bounty=contracts.read("bounty", ADDRESS),
        farms=tuple(
            Farm(farm.read("name", NAME), farm.read("address", ADDRESS))
            for farm in fields.records("farms", "name")
        ),
        pools=fields.read("pools", ADDRESSES),
        fee_module=contracts.read("fee_module", ADDRESS),
        weth=contracts.read("weth", ADDRESS),
        parties=Parties(
            deployer=parties.read("deployer", ADDRESS),
            treasury=parties.read("treasury", ADDRESS),
            set_labs=parties.read("set_labs", ADDRESS),
            defi_pulse=parties.read("defi_pulse", ADDRESS),
        ),
        stream_ids=StreamIds(
            treasury=streams.read("treasury", COUNT),
            set_labs=streams.read("set_labs", COUNT),
            defi_pulse=streams.read("defi_pulse", COUNT),
        ),
    )
