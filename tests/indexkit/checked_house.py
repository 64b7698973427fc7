"""A deployment that is checked, and the parties that plant faults in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ape import project
from ape.api import AccountAPI
from ape.contracts import ContractInstance

from indexkit.build import compile_if_changed
from indexkit.deployment import chain
from indexkit.deployment.checking.checker import inspect
from indexkit.deployment.checking.report import Report
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.deploying import fresh
from indexkit.deployment.execution import Execution
from indexkit.deployment.manifest import Manifest
from indexkit.deployment.plan import plan, with_deployer
from indexkit.deployment.reading import read_declaration
from indexkit.deployment.roles import MANAGER, Role, declared_roles
from indexkit.localnet.paths import ROOT

LOCALNET = ROOT / "deployments" / "declared" / "localnet.toml"
NOBODY = "0x" + "00" * 20
WAD = 10**18
DECLARED, MANIFEST = "declared.toml", "manifest.json"


@dataclass(frozen=True)
class House:
    """A deployment, and who has which role in it.

    Attributes
    ----------
    folder
        Of the declaration and the manifest, `DECLARED` and `MANIFEST`.
    owner
        Of everything that has one, once it is handed over.
    operator, methodologist
        The two parties of its index.
    stranger
        Has no role.
    """

    contracts: Contracts
    folder: Path
    declaration: Declaration
    manifest: Manifest
    deployer: AccountAPI
    owner: AccountAPI
    operator: AccountAPI
    methodologist: AccountAPI
    stranger: AccountAPI

    def at(self, step: str) -> ContractInstance:
        """Return the contract that a step left."""
        record = self.manifest.steps[step]
        return self.contracts.at(record.contract, self.manifest.addresses[step])

    def agree(self, step: str, function: str, *arguments: Any) -> None:
        """Have both parties make a call as the manager of the index."""
        target = self.at(step)
        data = getattr(target, function).encode_input(*arguments)
        for party in (self.operator, self.methodologist):
            self.at("index.SMALL.manager").executeAgreed(target, data, sender=party)

    def both(self, function: str, *arguments: Any) -> None:
        """Have both parties call the manager of the index."""
        for party in (self.operator, self.methodologist):
            getattr(self.at("index.SMALL.manager"), function)(*arguments, sender=party)

    def operate(self, step: str, function: str, *arguments: Any) -> None:
        """Have the operator alone make a call as the manager of the index."""
        target = self.at(step)
        data = getattr(target, function).encode_input(*arguments)
        self.at("index.SMALL.manager").execute(target, data, sender=self.operator)

    def check(self, manifest: Manifest | None = None, *, before_hand_over: bool = False) -> Report:
        """Check the deployment, by its own manifest or another."""
        report = Report(before_hand_over)
        return inspect(self.contracts, self.declaration, manifest or self.manifest, report)

    @property
    def handed_over(self) -> list[Role]:
        """What the deployer has until the hand-over."""
        terms = with_deployer(self.declaration, self.deployer.address)
        steps = plan(self.declaration, self.deployer.address)
        return [
            each for each in declared_roles(terms, steps, self.contracts) if each.is_handed_over
        ]

    def hand_over(self) -> None:
        """Give every role to whom it is declared for."""
        for role in self.handed_over:
            contract = self.at(role.step)
            if role.view == MANAGER:
                contract.setManager(self.at(role.holder.step), sender=self.deployer)
                continue
            offer = getattr(contract, "offerOwnership", None) or contract.transferOwnership
            offer(role.holder, sender=self.deployer)
            contract.acceptOwnership(sender=self.owner)


def deploy_house(accounts: Sequence[AccountAPI], folder: Path) -> House:
    """Deploy all that the localnet's file declares, for owners other than the deployer."""
    compile_if_changed(project, lambda _: None)
    contracts = Contracts(project)
    deployer, operator, methodologist, owner, stranger = (accounts[at] for at in (0, 1, 2, 7, 8))
    declared = folder / DECLARED
    text = LOCALNET.read_text().replace('owner = "deployer"', f'owner = "{owner}"')
    declared.write_text(text)
    declaration = read_declaration(declared)
    state = fresh(declaration, deployer, chain.genesis(), contracts)
    execution = Execution(contracts, deployer, folder / MANIFEST, state, 0)
    execution.run(plan(declaration, deployer.address))
    parties = deployer, owner, operator, methodologist, stranger
    return House(contracts, folder, declaration, execution.manifest, *parties)


def account(address: object) -> str:
    """Return how a check tells an account where it expects another."""
    return f"{address} (an account without code)"
