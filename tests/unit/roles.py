"""Who may call what: the table of docs/ROLES.md, the functions there are, and how to call them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from ape import project
from invariants.code import ours
from twins.interface import Interface, interface

from indexkit import deploy
from indexkit.localnet.paths import ROOT

DOCUMENT = ROOT / "docs" / "ROLES.md"
ZERO = "0x" + "00" * 20
ELSEWHERE = "0x" + "e1" * 20
"""An address without code that plays no role."""

ANYONE, NOBODY = "anyone", "nobody"

_ROW = re.compile(r"^\| (\w+) \| ((?:`\w+` ?)+) \| ([a-z ,]+) \| (.*)\|$", re.MULTILINE)
_ROLE = re.compile(r"^\| ([a-z ,]+) \| [^|]+ \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One function of the table.

    Attributes
    ----------
    roles
        Who may call it.
    reason
        What the others get; nothing if there are none.
    """

    contract: str
    function: str
    roles: tuple[str, ...]
    reason: str

    def __str__(self) -> str:
        return f"{self.contract}.{self.function}"


def documented() -> list[Rule]:
    """Return the rules of the document, in its order."""
    return [
        Rule(contract, function, tuple(roles.split(", ")), reason.strip().strip('"'))
        for contract, functions, roles, reason in _ROW.findall(DOCUMENT.read_text())
        for function in re.findall(r"`(\w+)`", functions)
    ]


def documented_roles() -> set[str]:
    """Return the roles that the document explains."""
    lines = _ROLE.findall(DOCUMENT.read_text())
    return {role for line in lines for role in line.split(", ")} - {"role"}


def functions() -> Iterator[str]:
    """Yield every function of every contract that can change state: contract.function."""
    for path in sorted((ROOT / "contracts").rglob("*.vy")):
        if path.parent.name == "lib":
            continue
        # Each SetToken is a SetTokenShell, which runs SetToken's code for what its own lacks.
        kind = path.stem.removesuffix("Shell")
        for entry in getattr(project, path.stem).contract_type.abi:
            if entry.type == "function" and entry.stateMutability in ("nonpayable", "payable"):
                yield f"{kind}.{entry.name}"
            elif entry.type in ("fallback", "receive") and entry.stateMutability == "payable":
                yield f"{kind}.fallback"


class Call:
    """How a function is called by all roles.

    Parameters
    ----------
    arguments
        Such that the call succeeds for whoever may make it.
    but
        The reason that these get all the same, for the arguments' or the state's sake.
    at
        The contract, if it is not the usual one of its kind.
    """

    def __init__(self, *arguments: Any, but: str | None = None, at: Any = None) -> None:
        self.arguments, self.but, self.at = arguments, but, at

    def data(self, rule: Rule) -> bytes:
        """Return the calldata; none for a fallback."""
        if rule.function == "fallback":
            return b""
        return _interface(rule.contract).functions[rule.function].encode(_plain(self.arguments))


@cache
def _interface(kind: str) -> Interface:
    return interface(ours(kind))


def _plain(value: Any) -> Any:
    """Replace contracts and accounts by their addresses, in lists and structs too."""
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    return getattr(value, "address", value)


def calls(s: SimpleNamespace) -> dict[str, Call]:
    """Return a call of every function that has parameters, or does not simply succeed.

    Parameters
    ----------
    s
        The stage: contracts, actors, tokens.
    """
    return {
        **_system(s),
        **_set_token(s),
        **_modules(s),
        **_index_module(s),
        **_others(s),
    }


def _system(s: SimpleNamespace) -> dict[str, Call]:
    governance, name = s.governance, deploy.AAVE_GOVERNANCE
    setup = deploy.module_setup(s.issuance, "initialize", ZERO)
    return {
        "Controller.transferOwnership": Call(ELSEWHERE),
        "Controller.offerOwnership": Call(ELSEWHERE),
        "Controller.initialize": Call([], [], [], [], but="Controller is already initialized"),
        "Controller.addSet": Call(ELSEWHERE),
        "Controller.removeSet": Call(s.set),
        "Controller.addFactory": Call(ELSEWHERE),
        "Controller.removeFactory": Call(s.creator),
        "Controller.addModule": Call(ELSEWHERE),
        "Controller.removeModule": Call(s.issuance),
        "Controller.addResource": Call(ELSEWHERE, 7),
        "Controller.removeResource": Call(deploy.INTEGRATION_REGISTRY_ID),
        "Controller.addFee": Call(s.issuance, 1, 1),
        "Controller.editFee": Call(s.issuance, 0, 2),
        "Controller.editFeeRecipient": Call(ELSEWHERE),
        "IntegrationRegistry.transferOwnership": Call(ELSEWHERE),
        "IntegrationRegistry.offerOwnership": Call(ELSEWHERE),
        "IntegrationRegistry.addIntegration": Call(governance, "New", ELSEWHERE),
        "IntegrationRegistry.batchAddIntegration": Call([governance], ["New"], [ELSEWHERE]),
        "IntegrationRegistry.editIntegration": Call(governance, name, ELSEWHERE),
        "IntegrationRegistry.batchEditIntegration": Call([governance], [name], [ELSEWHERE]),
        "IntegrationRegistry.removeIntegration": Call(governance, name),
        "SetTokenCreator.create": Call([s.coin], [1], [s.issuance], ELSEWHERE, "New", "NEW"),
        "IndexCreator.create": Call([s.coin], [1], [setup], ELSEWHERE, "New", "NEW"),
    }


def _set_token(s: SimpleNamespace) -> dict[str, Call]:
    component = s.components[0]
    signature = (1, bytes(32), bytes(32))
    return {
        "SetToken.transfer": Call(ELSEWHERE, 1, at=s.basket),
        "SetToken.approve": Call(ELSEWHERE, 1),
        "SetToken.increaseAllowance": Call(ELSEWHERE, 1),
        "SetToken.decreaseAllowance": Call(ELSEWHERE, 0),
        "SetToken.permit": Call(s.issuer, ELSEWHERE, 1, 0, *signature, but="Permit expired"),
        "SetToken.transferFrom": Call(s.issuer, ELSEWHERE, 1, at=s.basket),
        "SetToken.addModule": Call(s.loose_module),
        "SetToken.removeModule": Call(s.streaming_fee),
        "SetToken.removePendingModule": Call(s.pending),
        "SetToken.setManager": Call(ELSEWHERE),
        "SetToken.invoke": Call(s.coin, 0, s.coin.approve.encode_input(ELSEWHERE, 1)),
        "SetToken.transferComponent": Call(ELSEWHERE, component, 1),
        "SetToken.transferPositions": Call(
            ELSEWHERE, 1, but="Only default positions are supported"
        ),
        "SetToken.swapAtPair": Call(s.target, component, 0, s.weth, 0, 0),
        "SetToken.settle": Call(s.weth, s.weth, 0, 0),
        "SetToken.addComponent": Call(ELSEWHERE),
        "SetToken.removeComponent": Call(component),
        "SetToken.editDefaultPositionUnit": Call(component, 10**10),
        "SetToken.editDefaultPosition": Call(component, 10**10),
        "SetToken.addExternalPositionModule": Call(component, ELSEWHERE),
        "SetToken.removeExternalPositionModule": Call(component, s.position),
        "SetToken.editExternalPositionUnit": Call(component, s.position, -(10**10)),
        "SetToken.editExternalPositionData": Call(component, s.position, b"data"),
        "SetToken.editPositionMultiplier": Call(10**17),
        "SetToken.mint": Call(ELSEWHERE, 1),
        "SetToken.burn": Call(s.issuer, 1),
        "SetToken.unlock": Call(at=s.locked),
    }


def _modules(s: SimpleNamespace) -> dict[str, Call]:
    basket, one = s.basket, 10**18
    no_adapter = {"but": "Must be valid adapter"}
    return {
        "BasicIssuanceModule.issue": Call(basket, one, ELSEWHERE),
        "BasicIssuanceModule.issueWithLimits": Call(basket, one, ELSEWHERE, [s.coin], [one]),
        "BasicIssuanceModule.redeem": Call(basket, one, ELSEWHERE),
        "BasicIssuanceModule.redeemWithLimits": Call(basket, one, ELSEWHERE, [s.coin], [one]),
        "BasicIssuanceModule.redeemFrozen": Call(basket, one, ELSEWHERE),
        "BasicIssuanceModule.collect": Call(basket, s.coin, ELSEWHERE),
        "BasicIssuanceModule.collectWithLimit": Call(basket, s.coin, ELSEWHERE, 1, 0),
        "BasicIssuanceModule.initialize": Call(s.empty, ZERO),
        "StreamingFeeModule.accrueFee": Call(s.set),
        "StreamingFeeModule.initialize": Call(s.empty, (ELSEWHERE, 2, 1, 0)),
        "StreamingFeeModule.updateStreamingFee": Call(s.set, 1),
        "StreamingFeeModule.updateFeeRecipient": Call(s.set, ELSEWHERE),
        "GovernanceModule.initialize": Call(s.empty),
        "GovernanceModule.delegate": Call(s.set, deploy.UNISWAP_GOVERNANCE, ELSEWHERE),
        "GovernanceModule.propose": Call(s.set, "None", b"", **no_adapter),
        "GovernanceModule.register": Call(s.set, "None", **no_adapter),
        "GovernanceModule.revoke": Call(s.set, "None", **no_adapter),
        "GovernanceModule.vote": Call(s.set, "None", 0, True, b"", **no_adapter),
    }


def _index_module(s: SimpleNamespace) -> dict[str, Call]:
    sold, units = s.components[1], s.units
    to_sell = {"but": "Must sell all sellable tokens before can be called"}
    not_met = "Targets must be met and ETH remaining in order to raise target"
    start = ([], [], units, 10**18)
    return {
        "SingleIndexModule.initialize": Call(s.empty, at=s.loose_module),
        "SingleIndexModule.startRebalance": Call(*start),
        "SingleIndexModule.startRebalanceWithDeadline": Call(*start, s.nonce + 1, 0),
        "SingleIndexModule.setGuard": Call(s.guard),
        "SingleIndexModule.setTradeMaximums": Call([sold], [1]),
        "SingleIndexModule.setExchanges": Call([sold], [1]),
        "SingleIndexModule.setCoolOffPeriods": Call([sold], [1]),
        "SingleIndexModule.updateTraderStatus": Call([ELSEWHERE], [True]),
        "SingleIndexModule.updateAnyoneTrade": Call(True),
        "SingleIndexModule.trade": Call(sold),
        "SingleIndexModule.tradeWithLimit": Call(sold, 1),
        "SingleIndexModule.tradeBatch": Call([sold], [1]),
        "SingleIndexModule.tradeRemainingWETH": Call(s.components[0], **to_sell),
        "SingleIndexModule.tradeRemainingWETHWithLimit": Call(s.components[0], 1, **to_sell),
        "SingleIndexModule.raiseAssetTargets": Call(but=not_met),
        "SingleIndexModule.endRebalance": Call(but="Targets must be met"),
    }


def _others(s: SimpleNamespace) -> dict[str, Call]:
    allowed = (s.coin, s.coin.approve.encode_input(ELSEWHERE, 1))
    signature = (1, bytes(32), bytes(32))
    traded = (s.set, s.nonce, 1, s.components[1], s.weth, 1, 1)
    return {
        "ExecutionGuard.configure": Call(s.index_module, 10**16, 1, 1),
        "ExecutionGuard.checkTrade": Call(*traded, but="Price history too short"),
        "ExecutionGuard.observe": Call([s.pair]),
        "IndexManager.execute": Call(*allowed),
        "IndexManager.executeBatch": Call([allowed]),
        "IndexManager.executeAgreed": Call(*allowed),
        "IndexManager.allow": Call(s.coin, b"\x01\x02\x03\x04", True),
        "IndexManager.setOperator": Call(ELSEWHERE),
        "IndexManager.setMethodologist": Call(ELSEWHERE),
        "IndexManager.setFeeSplit": Call(1),
        "IndexManager.setFeeModule": Call(ZERO),
        "IndexManager.setVoter": Call(ZERO, ZERO),
        "IndexManager.vote": Call("None", 0, True, b"", but="Must be the SetToken manager"),
        "IndexManager.cancelApproval": Call(s.approval),
        "MetaGovernor.transferOwnership": Call(ELSEWHERE),
        "MetaGovernor.setCirculatingSupply": Call(10**24),
        "MetaGovernor.setCommittee": Call(ELSEWHERE),
        "MetaGovernor.open": Call("None", 0, but="Must be valid adapter"),
        "MetaGovernor.castVote": Call(bytes(32), 0, but="No such ballot"),
        "MetaGovernor.execute": Call(s.set, "None", 0, but="Must be valid adapter"),
        "MetaGovernor.executeCommitteeChoice": Call(
            s.set, "Scripted", 0, 1, but="Ballot must be closed"
        ),
        "IndexToken.transfer": Call(ELSEWHERE, 0),
        "IndexToken.approve": Call(ELSEWHERE, 1),
        "IndexToken.transferFrom": Call(s.issuer, ELSEWHERE, 1),
        "IndexToken.delegate": Call(ELSEWHERE),
        "IndexToken.delegateBySig": Call(
            *(ELSEWHERE, 0, 0, *signature),
            but="INDEX.delegateBySig: invalid signature",
        ),
        "IndexToken.permit": Call(s.issuer, ELSEWHERE, 1, 0, *signature, but="Permit expired"),
        "StakingRewards.stake": Call(1),
        "StakingRewards.withdraw": Call(1),
        "StakingRewards.notifyRewardAmount": Call(1),
        "MerkleDistributor.claim": Call(0, ELSEWHERE, 1, []),
        "MerkleDistributor.claimEpochs": Call(ELSEWHERE, 1, []),
        "MerkleDistributor.publishEpoch": Call(b"\x07" * 32, 1),
        "MerkleDistributor.transferOwnership": Call(ELSEWHERE),
        "TokenStream.create": Call(ELSEWHERE, 2**39, [(2**40 - 1, 1)]),
        "TokenStream.claim": Call(0),
        "TokenStream.proposeRecipient": Call(0, ELSEWHERE),
        "TokenStream.acceptRecipient": Call(0),
        "MethodologistBounty.count": Call(s.set),
        "MethodologistBounty.claim": Call(0, ELSEWHERE, but="Month not settled"),
        "MethodologistBounty.register": Call(s.set, ELSEWHERE, 1, but="Index already registered"),
        "MethodologistBounty.retire": Call(s.set),
        "MethodologistBounty.setMethodologist": Call(s.set, ELSEWHERE),
        "MethodologistBounty.setShare": Call(s.set, 1),
        "MethodologistBounty.transferOwnership": Call(ELSEWHERE),
    }
