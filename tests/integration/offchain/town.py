"""INDEX handed out to streams, farms, lists and a pool: where the strategies count it."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import ape
from ape import chain, project
from ape.api import AccountAPI
from ape.contracts import ContractInstance

from indexkit import deploy, documents
from indexkit.economics.epoch_files import write_epoch
from indexkit.economics.epochs import Epoch, build
from indexkit.economics.lists import Claim, tree_of
from indexkit.localnet import addresses, deal, protocols
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.metagov.moment import Moment
from indexkit.metagov.places import Distributor, Places
from indexkit.metagov.reader import ChainReader
from indexkit.metagov.strategies import powers

E18 = 10**18
DAY_S = 86_400
YEAR_S = 365 * DAY_S
TOTAL = 10_000_000 * E18
MAX = 2**256 - 1
EVERYWHERE = ("wallet", "vesting", "farms", "unclaimed", "pools")


@dataclass
class Town:
    """Everything, and who takes part.

    Attributes
    ----------
    treasury
        Deployed all; has what is left.
    labs, staker, provider, holder, heir
        Has a stream; stake LP tokens and INDEX; holds LP tokens; is on the lists; has nothing.
    lists
        Where the files are, each called after its digest.
    digests
        Of the files, in the order in which they were made.
    """

    token: ContractInstance
    streams: ContractInstance
    farms: tuple[ContractInstance, ContractInstance]
    distributor: ContractInstance
    pair: ContractInstance
    treasury: AccountAPI
    labs: AccountAPI
    staker: AccountAPI
    provider: AccountAPI
    holder: AccountAPI
    heir: AccountAPI
    lists: Path
    digests: list[str] = field(default_factory=list)
    epochs: list[Epoch] = field(default_factory=list)

    @property
    def people(self) -> tuple[AccountAPI, ...]:
        """Everybody who may have INDEX."""
        return (self.treasury, self.labs, self.staker, self.provider, self.holder, self.heir)

    def copy(self, folder: Path) -> "Town":
        """Return the same town with its first list alone, in another folder."""
        shutil.copytree(self.lists, folder)
        return replace(self, lists=folder, digests=self.digests[:1], epochs=[])

    def places(self, **changes: Any) -> Places:
        """Return where INDEX lies, with what a test changes."""
        lists = {
            "vesting": (self.streams.address,),
            "farms": tuple(farm.address for farm in self.farms),
            "unclaimed": (Distributor(self.distributor.address, tuple(self.digests)),),
            "pools": (self.pair.address,),
            "treasury": (self.treasury.address,),
        }
        return Places(**(lists | changes))

    def reader(self) -> ChainReader:
        """Return a reader of this chain and these files."""
        return ChainReader(lists=self.lists)

    def moment(self, block: int | None = None, **changes: Any) -> Moment:
        """Return the end of a block; of the latest by default."""
        block = chain.blocks.head.number if block is None else block
        return Moment(self.token.address, block, self.reader(), self.places(**changes))

    def count(
        self, *names: str, block: int | None = None, **changes: Any
    ) -> dict[str, dict[str, int]]:
        """Return the powers of everybody at the end of a block, by account and strategy."""
        block = chain.blocks.head.number if block is None else block
        voters = [one.address for one in self.people]
        places = self.places(**changes)
        token, reader = self.token.address, self.reader()
        return powers(names, token, voters, block, reader, places=places)

    def power(self, name: str, account: AccountAPI, block: int | None = None) -> int:
        """Return one account's power by one strategy."""
        return self.count(name, block=block)[account.address][name]

    def publish(self, cumulative: dict[AccountAPI, int], paying: int | None = None) -> None:
        """Publish an epoch, paying in what it names or something else, and file it."""
        latest = self.epochs[-1] if self.epochs else None
        earned = {account.address: amount for account, amount in cumulative.items()}
        epoch = build(ape.chain.chain_id, self.distributor.address, earned, latest)
        total = epoch.total if paying is None else paying
        self.distributor.publishEpoch(epoch.root, total, sender=self.treasury)
        self.epochs.append(epoch)
        self.file(documents.read(write_epoch(self.lists / "epochs", epoch)))

    def claim_epochs(self, account: AccountAPI) -> None:
        """Claim what the latest epoch has for an account."""
        entry = self.epochs[-1].find(account.address)
        self.distributor.claimEpochs(account, entry.cumulative, entry.proof, sender=self.heir)

    def file(self, content: dict[str, Any]) -> None:
        """File a list under its digest."""
        digest = documents.digest(content)
        documents.write(self.lists / f"{digest}.json", content)
        self.digests.append(digest)


def initial_list(accounts: Sequence[AccountAPI], distributor: str) -> dict[str, Any]:
    """Return a list of an initial distribution: 100 INDEX and more for each."""
    amounts = [(100 + place) * E18 for place in range(len(accounts))]
    claims = tuple(
        Claim(one.address, amount) for one, amount in zip(accounts, amounts, strict=True)
    )
    return {
        "name": "initial",
        "distributor": distributor,
        "total": str(sum(amounts)),
        "root": "0x" + tree_of(claims).root.hex(),
        "claims": [{"account": one.account, "amount": str(one.amount)} for one in claims],
    }


def build_town(accounts: Sequence[AccountAPI], folder: Path) -> Town:
    """Deploy and fill everything; nothing has been claimed."""
    treasury, labs, staker, provider, holder, heir = accounts[5:11]
    token = deploy.deploy_index_token(project, treasury, treasury)
    streams = treasury.deploy(project.TokenStream, token)
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)
    factory.createPair(token, addresses.WETH, sender=treasury)
    made = factory.getPair(token, addresses.WETH)
    pair = contract_at(artifact(protocols.UNISWAP_PAIR), made)
    farms = tuple(
        treasury.deploy(project.StakingRewards, treasury, token, staked, 60 * DAY_S)
        for staked in (pair, token)
    )
    listed = initial_list((holder, labs, treasury), addresses.WETH)
    root = bytes.fromhex(listed["root"][2:])
    distributor = treasury.deploy(project.MerkleDistributor, token, root)
    people = (treasury, labs, staker, provider, holder, heir)
    town = Town(token, streams, farms, distributor, pair, *people, folder)
    town.file(listed)
    for contract in (streams, distributor):
        token.approve(contract, MAX, sender=treasury)
    _fill(town)
    return town


def _fill(town: Town) -> None:
    token, treasury = town.token, town.treasury
    begin = chain.pending_timestamp + DAY_S
    spans = ((YEAR_S, 50), (2 * YEAR_S, 30), (3 * YEAR_S, 20))
    segments = [(begin + span, 28_000 * E18 * share) for span, share in spans]
    town.streams.create(town.labs, begin, segments, sender=treasury)
    town.streams.create(town.heir, begin, [(begin + 7, 1_000 * E18 + 1)], sender=treasury)
    token.transfer(town.distributor, 303 * E18, sender=treasury)
    for owner, amount in ((town.provider, 40_000), (town.staker, 10_000), (treasury, 1_000)):
        token.transfer(town.pair, amount * E18, sender=treasury)
        deal(addresses.WETH, town.pair, amount * E18 // 100)
        town.pair.mint(owner, sender=treasury)
    lp_farm, index_farm = town.farms
    for one, amount in ((town.staker, 5_000), (town.holder, 20_000)):
        token.transfer(one, amount * E18, sender=treasury)
    stake(lp_farm, town.pair, town.staker, town.pair.balanceOf(town.staker))
    stake(lp_farm, town.pair, town.provider, town.pair.balanceOf(town.provider) // 3)
    stake(index_farm, token, town.staker, 4_000 * E18)
    for farm, reward in ((lp_farm, 900_000), (index_farm, 1_001)):
        token.transfer(farm, reward * E18 + 7, sender=treasury)
        farm.notifyRewardAmount(reward * E18 + 7, sender=treasury)
    chain.mine(timestamp=begin + 30 * DAY_S)


def stake(farm: Any, token: Any, account: AccountAPI, amount: int) -> None:
    """Approve and stake."""
    token.approve(farm, MAX, sender=account)
    farm.stake(amount, sender=account)
