"""A published index in the hands of a Safe: as its manager, or as operator of an IndexManager.

`published_index` leaves an index with one account as its manager, which hands it over here: a Safe
of several owners operates it, and a methodologist must agree to whatever changes powers. Fees stay
where they are unless they are asked for: a new recipient has one accrue first, after which supply
and multiplier no longer read as published.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ape

from indexkit import deploy, safe
from indexkit.guarding import Terms
from indexkit.published_index import Index
from indexkit.safe import Call, Safe

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI
    from ape.contracts import ContractInstance
    from ape.managers.project import ProjectManager

OPERATOR_SHARE = 7 * 10**17
"""Of the fees, the operator's D18{1}."""

SIGNATURES = 2
FIRST_SIGNER, SIGNERS = 6, 3


@dataclass(frozen=True, slots=True)
class Signers:
    """Who stands behind a house.

    Attributes
    ----------
    owners
        Of the Safe.
    threshold
        How many of them must sign.
    methodologist
        The other party.
    """

    owners: "tuple[AccountAPI, ...]"
    threshold: int
    methodologist: "AccountAPI"

    @property
    def quorum(self) -> "tuple[AccountAPI, ...]":
        """As many owners as must sign."""
        return self.owners[: self.threshold]


@dataclass(frozen=True, slots=True)
class House:
    """An index that an IndexManager manages, operated by a Safe."""

    index: Index
    manager: "ContractInstance"
    safe: Safe
    signers: Signers

    def agree(self, contract: "ContractInstance", function: str, *arguments: Any) -> int:
        """Have both parties make the manager call a function, one after the other.

        Returns
        -------
        int
            Gas of both transactions.
        """
        data = getattr(contract, function).encode_input(*arguments)
        call = Call.of(self.manager, "executeAgreed", contract, data)
        receipts: tuple[ReceiptAPI, ...] = (
            self.safe.run(self.signers.quorum, call),
            self.manager.executeAgreed(contract, data, sender=self.signers.methodologist),
        )
        return sum(int(receipt.gas_used) for receipt in receipts)

    def operate(self, contract: "ContractInstance", function: str, *arguments: Any) -> "ReceiptAPI":
        """Have the operator alone make the manager call a function, through the Safe."""
        data = getattr(contract, function).encode_input(*arguments)
        return self.safe.run(self.signers.quorum, Call.of(self.manager, "execute", contract, data))

    def set_guard(self, terms: Terms) -> int:
        """Have both parties agree that the protocol's guard judges trades, and on its bounds.

        Returns
        -------
        int
            Gas of all transactions.
        """
        guard, module = self.index.protocol.guard, self.index.module
        bounds = (terms.max_deviation, terms.min_liquidity, terms.loss_budget)
        gas = self.agree(guard, "configure", module, *bounds)
        return gas + self.agree(module, "setGuard", guard)


def local_signers() -> Signers:
    """Return three of the local chain's funded accounts, two of whom sign, and a methodologist."""
    accounts = ape.accounts.test_accounts
    owners = tuple(accounts[FIRST_SIGNER + place] for place in range(SIGNERS))
    return Signers(owners, SIGNATURES, accounts[FIRST_SIGNER + SIGNERS])


def house_of(
    project: "ProjectManager",
    index: Index,
    signers: Signers,
    *,
    terms: Terms | None = None,
    with_fees: bool = False,
    salt: int = 0,
) -> House:
    """Hand an index over to a new IndexManager, operated by a new Safe.

    Parameters
    ----------
    project
        The Ape project with the compiled contracts.
    index
        Managed by its roles' manager until now.
    signers
        Who gets it.
    terms
        Of the guard, which both parties then agree on; None for no guard.
    with_fees
        Whether fees go to the manager from then on, which accrues one.
    salt
        Tells Safes of the same owners apart.
    """
    former, protocol = index.roles.manager, index.protocol
    multisig = safe.create_safe(signers.owners, signers.threshold, former, salt)
    manager = deploy.deploy_manager(
        project,
        former,
        index.token,
        fee_module=protocol.streaming_fee,
        operator=multisig.address,
        methodologist=signers.methodologist,
        operator_share=OPERATOR_SHARE,
        permissions=deploy.operator_permissions(protocol, index.module),
    )
    if with_fees:
        protocol.streaming_fee.updateFeeRecipient(index.token, manager, sender=former)
    index.token.setManager(manager, sender=former)
    house = House(index, manager, multisig, signers)
    if terms is not None:
        house.set_guard(terms)
    return house


def safe_of(index: Index, signers: Signers, *, terms: Terms | None = None, salt: int = 0) -> Safe:
    """Hand an index over to a new Safe, which then manages it itself.

    Parameters
    ----------
    index, signers, terms, salt
        As for `house_of`; the methodologist has no say here.
    """
    former, protocol, module = index.roles.manager, index.protocol, index.module
    multisig = safe.create_safe(signers.owners, signers.threshold, former, salt)
    index.token.setManager(multisig.address, sender=former)
    if terms is not None:
        bounds = (terms.max_deviation, terms.min_liquidity, terms.loss_budget)
        multisig.run(
            signers.quorum,
            Call.of(protocol.guard, "configure", module, *bounds),
            Call.of(module, "setGuard", protocol.guard),
        )
    return multisig
