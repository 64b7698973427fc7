"""The life of an index, from creation to the last redemption, run by a Safe and a methodologist.

Every privileged call goes through the Safe of the operator, two of whose three owners sign, or
through both the Safe and the methodologist (R-06, R-07, R-10, R-11, R-12, R-14).
"""

from types import SimpleNamespace

import ape
import pytest

from indexkit import deploy, safe, voting
from indexkit.deploy import module_setup
from indexkit.localnet import addresses, advance, deal, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.safe import Call

E18 = 10**18
DAY_S = 86_400
YEAR_S = 31_557_600
ZERO = "0x" + "00" * 20
SUPPLY = 1_000 * E18
SHARE = 7 * 10**17
FEE, MAX_FEE = 95 * 10**14, 5 * 10**16
COOL_OFF_S = 60
DEVIATION, LIQUIDITY, BUDGET = 2 * 10**16, 10 * E18, 10 * E18
YFI, UNI, AAVE, BAL = range(4)
LARGEST = [E18, 100 * E18, 10 * E18, 100 * E18]
DUST = 2 * SUPPLY // E18
ALONE = "Target must not be operated alone"


class Life:
    """An index and the people around it; what any of them does is a method."""

    def __init__(self, project, protocol, components, units, exchanges, people):
        self.project, self.protocol = project, protocol
        self.components, self.units = components, units
        self.exchanges = [deploy.EXCHANGE_IDS[name] for name in exchanges]
        self.__dict__ |= vars(people)
        self.operator = safe.create_safe(self.signers, 2, self.owner)

    def operate(self, *calls):
        """Make calls of the operator through the manager: two owners sign."""
        batch = [(call.to, call.data) for call in calls]
        return self.as_safe(Call.of(self.house, "executeBatch", batch))

    def as_safe(self, *calls):
        """Make calls as the Safe; two owners sign."""
        return self.operator.run(self.signers[:2], *calls)

    def agree(self, function, *arguments):
        """Have the Safe and the methodologist make the same call."""
        self.as_safe(Call.of(self.house, function, *arguments))
        return getattr(self.house, function)(*arguments, sender=self.methodologist)

    def agree_on(self, contract, function, *arguments):
        """Have both make the manager call a contract."""
        data = getattr(contract, function).encode_input(*arguments)
        return self.agree("executeAgreed", contract, data)

    def unit(self, which):
        """Return the unit of a component D18{comp/set}."""
        return self.set.getDefaultPositionRealUnit(self.components[which])

    def holders(self):
        """Return who holds SetTokens, with how much."""
        people = (self.operator.address, self.methodologist, self.successor, self.issuer)
        return {str(holder): self.set.balanceOf(holder) for holder in people}

    # ------------------------------------------------------------ stages

    def create(self):
        """Create everything in one transaction of the Safe; nobody could have come before."""
        protocol = self.protocol
        self.module = deploy.deploy_index_module(
            self.project, self.owner, protocol, reserved_for=self.operator.address
        )
        setups = [
            module_setup(protocol.issuance, "initialize", ZERO),
            module_setup(
                protocol.streaming_fee, "initialize", (self.operator.address, MAX_FEE, FEE, 0)
            ),
            module_setup(protocol.governance, "initialize"),
            module_setup(self.module, "initialize"),
        ]
        creation = [self.components, self.units, setups, self.operator.address, "Life", "LIFE"]
        with ape.reverts("Module is reserved"):
            protocol.index_creator.create(*creation, sender=self.stranger)
        receipt = self.as_safe(Call.of(protocol.index_creator, "create", *creation))
        (created,) = receipt.events.filter(protocol.index_creator.IndexCreated)
        assert created._creator == created._manager == self.operator.address
        self.set = self.project.SetToken.at(created._setToken)
        assert self.module.index() == self.set
        assert len(self.set.getModules()) == 4

    def hand_over(self):
        """Deploy the manager and give it the index and its fees, both at once."""
        advance(10)
        fees = self.protocol.streaming_fee
        self.house = deploy.deploy_manager(
            self.project,
            self.owner,
            self.set,
            fee_module=fees,
            operator=self.operator.address,
            methodologist=self.methodologist,
            operator_share=SHARE,
            permissions=[
                permission
                for permission in deploy.operator_permissions(self.protocol, self.module)
                if permission[0] == self.module
            ],
        )
        self.as_safe(
            Call.of(fees, "updateFeeRecipient", self.set, self.house),
            Call.of(self.set, "setManager", self.house),
        )
        assert self.set.manager() == self.house
        assert fees.feeStates(self.set)[0] == self.house
        with ape.reverts("Only manager can call"):
            self.as_safe(Call.of(self.set, "setManager", self.operator.address))

    def allow(self):
        """Put voting on the list, by agreement; what is nobody's alone cannot be put there."""
        governance = self.protocol.governance
        vote = governance.vote.encode_input(self.set, deploy.AAVE_GOVERNANCE, 0, True, b"")
        with ape.reverts("Call must be allowed"):
            self.operate(Call(governance.address, bytes(vote)))
        self.agree("allow", governance, deploy.selector(governance, "vote"), True)
        assert self.house.isAllowed(governance, deploy.selector(governance, "vote"))
        with ape.reverts(ALONE):
            self.as_safe(Call.of(self.house, "allow", self.set, bytes(4), True))

    def issue(self):
        """Have the issuer bring the components."""
        issuance = self.protocol.issuance
        for component, unit in zip(self.components, self.units, strict=True):
            deal(component, self.issuer, unit * SUPPLY // E18 + 1)
            component.approve(issuance, 2**256 - 1, sender=self.issuer)
        issuance.issue(self.set, SUPPLY, self.issuer, sender=self.issuer)
        assert self.set.totalSupply() == SUPPLY

    def guard(self):
        """Agree on a guard; the operator alone cannot relax or remove it."""
        guard = self.protocol.guard
        self.agree_on(self.module, "setGuard", guard)
        self.agree_on(guard, "configure", self.module, DEVIATION, LIQUIDITY, BUDGET)
        assert self.module.guard() == guard
        for call in (
            Call.of(self.module, "setGuard", ZERO),
            Call.of(guard, "configure", self.module, 10 * DEVIATION, 0, 2**90),
        ):
            with ape.reverts("Call must be allowed"):
                self.operate(call)
        pairs = [
            guard.referencePair(exchange, component)
            for exchange, component in zip(self.exchanges, self.components, strict=True)
        ]
        guard.observe(pairs, sender=self.stranger)
        advance(deploy.GUARD_WINDOW_S)

    def start(self):
        """Set parameters and start a rebalance that ends in a day, in one transaction."""
        # Not the units it was created with: a fee accrued when the recipient changed.
        self.targets = [self.unit(which) for which in (YFI, UNI, AAVE, BAL)]
        self.targets[UNI] = self.targets[UNI] * 95 // 100
        self.targets[AAVE] += 17 * 10**15
        nonce = self.module.rebalanceNonce() + 1
        self.end = ape.chain.blocks.head.timestamp + DAY_S
        plan = ([], [], self.targets, self.set.positionMultiplier(), nonce, self.end)
        receipt = self.operate(
            Call.of(self.module, "setExchanges", self.components, self.exchanges),
            Call.of(self.module, "setTradeMaximums", self.components, LARGEST),
            Call.of(self.module, "setCoolOffPeriods", self.components, [COOL_OFF_S] * 4),
            Call.of(self.module, "updateTraderStatus", [self.trader], [True]),
            Call.of(self.module, "startRebalanceWithDeadline", *plan),
        )
        assert receipt.events.filter(self.module.RebalanceStarted) == [
            self.module.RebalanceStarted(_nonce=nonce, _deadline=self.end)
        ]
        with ape.reverts("Wrong rebalance nonce"):
            self.operate(Call.of(self.module, "startRebalanceWithDeadline", *plan))

    def trade(self):
        """Have the trader sell, then buy, in as many trades as the sizes ask for, then end it."""
        with ape.reverts("Targets must be met"):
            self.module.endRebalance(sender=self.trader)
        guard, nonce = self.protocol.guard, self.module.rebalanceNonce()
        for which in (UNI, AAVE):
            missing = abs(self.targets[which] - self.unit(which)) * SUPPLY // E18
            for _ in range(-(-missing // LARGEST[which])):
                advance(COOL_OFF_S)
                receipt = self.module.trade(self.components[which], sender=self.trader)
                assert len(receipt.events.filter(guard.TradeChecked)) == 1
            assert abs(self.unit(which) - self.targets[which]) <= 2
        receipt = self.module.endRebalance(sender=self.trader)
        assert receipt.events.filter(self.module.RebalanceEnded) == [
            self.module.RebalanceEnded(_nonce=nonce, _finished=True)
        ]
        assert 0 < guard.totalLoss(self.module, self.set, nonce) < BUDGET
        with ape.reverts("Passed component not included in rebalance"):
            self.module.trade(self.components[UNI], sender=self.trader)
        assert self.set.getDefaultPositionRealUnit(addresses.WETH) > 0

    def distribute(self):
        """Let a quarter pass, and a stranger have the fee shared."""
        advance(YEAR_S // 4)
        before = self.holders()
        receipt = self.house.distributeFees(sender=self.stranger)
        (accrued,) = receipt.events.filter(self.protocol.streaming_fee.FeeActualized)
        fee = accrued._managerFee
        gained = {holder: held - before[holder] for holder, held in self.holders().items()}
        assert gained[self.operator.address] == fee * SHARE // E18
        assert gained[str(self.methodologist)] == fee - fee * SHARE // E18
        assert SUPPLY * FEE // E18 // 4 <= fee < SUPPLY * FEE // E18 // 4 * 101 // 100
        assert self.set.balanceOf(self.house) == 0

    def vote(self):
        """Vote in Aave's governance with the AAVE of the index."""
        aave = contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)
        proposal = voting._propose(aave)
        voting._open_vote(aave, proposal)
        held = token_at(addresses.AAVE).balanceOf(self.set)
        governance = self.protocol.governance
        ballot = (self.set, deploy.AAVE_GOVERNANCE, proposal, True, b"")
        self.operate(Call.of(governance, "vote", *ballot))
        assert tuple(aave.getVoteOnProposal(proposal, self.set)) == (True, held)

    def change_methodologist(self):
        """Replace the methodologist, who is paid up to the day; his approvals are worth nothing."""
        advance(30 * DAY_S)
        hand_over = self.set.setManager.encode_input(self.stranger)
        self.house.executeAgreed(self.set, hand_over, sender=self.methodologist)
        before = self.set.balanceOf(self.methodologist)
        self.agree("setMethodologist", self.successor)
        assert self.set.balanceOf(self.methodologist) > before
        self.former, self.methodologist = self.methodologist, self.successor
        self.as_safe(Call.of(self.house, "executeAgreed", self.set, hand_over))
        assert self.set.manager() == self.house
        with ape.reverts("Must be operator or methodologist"):
            self.house.setFeeSplit(0, sender=self.former)

    def change_fees(self):
        """Halve the fee and turn the split round, with the new methodologist."""
        fees = self.protocol.streaming_fee
        data = fees.updateStreamingFee.encode_input(self.set, FEE // 2)
        with ape.reverts(ALONE):
            self.as_safe(Call.of(self.house, "execute", fees, data))
        self.agree_on(fees, "updateStreamingFee", self.set, FEE // 2)
        self.agree("setFeeSplit", E18 - SHARE)
        assert fees.feeStates(self.set)[2] == FEE // 2
        assert self.house.operatorShare() == E18 - SHARE

    def end_all(self):
        """Have everybody redeem; nothing is issued any more."""
        advance(YEAR_S)
        self.house.distributeFees(sender=self.stranger)
        issuance = self.protocol.issuance
        for holder in (self.issuer, self.former, self.successor):
            issuance.redeem(self.set, self.set.balanceOf(holder), holder, sender=holder)
        held = self.set.balanceOf(self.operator.address)
        assert held > 0
        to = self.operator.address
        # Years of fees round units to where the last Sets may stand for a few base units too many
        # ("Inherited on purpose" in docs/DIVERGENCES.md); anyone can make that good.
        for component in self.components:
            deal(component, self.set, DUST)
        self.as_safe(Call.of(issuance, "redeem", self.set, held, to))
        assert self.set.totalSupply() == 0
        for component in self.components:
            assert token_at(component.address).balanceOf(to) > 0
        receipt = self.house.distributeFees(sender=self.stranger)
        assert receipt.events.filter(self.house.FeesDistributed) == []


STAGES = (
    "create",
    "hand_over",
    "allow",
    "issue",
    "guard",
    "start",
    "trade",
    "distribute",
    "vote",
    "change_methodologist",
    "change_fees",
    "end_all",
)


@pytest.fixture
def life(
    project, protocol, components, units, published, accounts, owner, issuer, trader, stranger
):
    """Return the life of an index before it begins."""
    exchanges = [published.component(symbol).exchange for symbol in ("YFI", "UNI", "AAVE", "BAL")]
    people = SimpleNamespace(
        owner=owner,
        issuer=issuer,
        trader=trader,
        stranger=stranger,
        signers=list(accounts[6:9]),
        methodologist=accounts[9],
        successor=accounts[10],
    )
    return Life(project, protocol, components, units, exchanges, people)


def test_life__to_the_last_redemption(life):
    """R-14: every stage, with what it must not allow, in one history."""
    for stage in STAGES:
        getattr(life, stage)()


def test_life__one_owner_alone__can_do_nothing(life):
    """R-14: whatever the Safe may do takes two of its owners."""
    for stage in STAGES[:4]:
        getattr(life, stage)()
    call = Call.of(life.module, "updateAnyoneTrade", True)
    batch = Call.of(life.house, "executeBatch", [(call.to, call.data)])
    transaction = life.operator.transaction(batch)
    signature = life.operator.sign(transaction, life.signers[:1])
    with ape.reverts("GS020"):
        life.operator.execute(transaction, signature, life.signers[0])
    with ape.reverts("Must be operator"):
        life.house.execute(call.to, call.data, sender=life.signers[0])
    life.operator.run(life.signers[1:], batch)
    assert life.module.anyoneTrade()


def test_life__rebalance_runs_out_of_time__is_cancelled_and_started_anew(life):
    """R-09, R-11: a late rebalance trades nothing; the operator starts the next one."""
    for stage in STAGES[:6]:
        getattr(life, stage)()
    life.module.trade(life.components[UNI], sender=life.trader)
    advance(DAY_S + 1)
    with ape.reverts("Rebalance has expired"):
        life.module.trade(life.components[UNI], sender=life.trader)
    life.operate(Call.of(life.module, "cancelRebalance"))
    assert life.module.getRebalanceComponents() == []
    pair = life.protocol.guard.referencePair(life.exchanges[UNI], life.components[UNI])
    life.protocol.guard.observe([pair], sender=life.stranger)
    targets = [life.set.getDefaultPositionRealUnit(c) for c in life.set.getComponents()]
    targets[UNI], targets[-1] = life.targets[UNI], 0
    nonce = life.module.rebalanceNonce() + 1
    plan = ([], [], targets, life.set.positionMultiplier(), nonce, 0)
    life.operate(Call.of(life.module, "startRebalanceWithDeadline", *plan))
    advance(deploy.GUARD_WINDOW_S)
    life.module.trade(life.components[UNI], sender=life.trader)


def test_life__holders_leave_in_the_middle_of_a_rebalance(life):
    """I-24: neither Safe nor methodologist is asked when someone redeems."""
    for stage in STAGES[:6]:
        getattr(life, stage)()
    life.module.trade(life.components[UNI], sender=life.trader)
    life.protocol.issuance.redeem(life.set, SUPPLY, life.issuer, sender=life.issuer)
    assert life.set.totalSupply() == 0
