"""ClaimModule of Set V2 on our SetToken: rewards claimed, then absorbed as airdrops."""

from twins.guests import (
    LOCKED,
    NO_ADAPTER,
    NOT_ENABLED,
    NOT_INITIALIZED,
    NOT_MANAGER,
    NOT_OF_THE_CONTROLLER,
    NOT_PENDING,
    approved,
    basket,
    external,
    live,
    register,
    unknown_set,
)
from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, Stage
from twins.world import set_v2

MOCK = "mocks/integrations/ClaimAdapterMock"
NOT_A_CALLER = "Must be valid caller"
NO_POOL = "RewardPool not present"
NO_INTEGRATION = "Adapter integration not present"


def pending(s: Stage) -> None:
    """Create a basket with the claim and the airdrop module pending, and two mock adapters."""
    plug(s, "claims", "ClaimModule")
    plug(s, "airdrops", "AirdropModule")
    for name in ("first", "second"):
        reward = s.deploy(name, set_v2(MOCK))
        register(s, s.claims, name, reward)
        reward.setRewards(3 * E18 + 1, by=s.owner)
    basket(s, s.claims, s.airdrops)


def started(s: Stage) -> None:
    """Create a basket with two pools, one of which has two adapters."""
    pending(s)
    pools, names = [s.keeper, s.keeper, s.stranger], ["first", "second", "first"]
    s.claims.initialize(s.set, False, pools, names, by=s.manager)


def look(s: Stage) -> None:
    """Ask everything there is to ask about both pools."""
    s.claims.anyoneClaim(s.set)
    s.claims.getRewardPools(s.set)
    for pool in (s.keeper, s.stranger):
        s.claims.isRewardPool(s.set, pool)
        s.claims.rewardPoolStatus(s.set, pool)
        s.claims.getRewardPoolClaims(s.set, pool)
        for name in ("first", "second"):
            s.claims.isRewardPoolClaim(s.set, pool, name)
            adapter = getattr(s, name)
            s.claims.claimSettingsStatus(s.set, pool, adapter)


@scenario
def claims_and_absorbs(s: Stage) -> None:
    """Claim, absorb the reward as a new component, and live on."""
    started(s)
    look(s)
    s.airdrops.initialize(s.set, ([s.first, s.second], s.heir, E18 // 20, False), by=s.manager)
    s.claims.getRewards(s.set, s.keeper, "first")
    s.claims.claim(s.set, s.keeper, "first", by=s.manager)
    s.set.getPositions()
    s.airdrops.absorb(s.set, s.first, by=s.manager)
    s.set.getPositions()
    s.first.setRewards(10**21, by=s.issuer)
    s.first.mint(by=s.issuer)
    approved(s, s.first, s.issuer, s.issuance)
    live(s)
    s.claims.claim(s.set, s.stranger, "first", by=s.manager)
    s.claims.claim(s.set, s.keeper, "second", by=s.manager)
    s.airdrops.batchAbsorb(s.set, [s.first], by=s.manager)
    live(s)
    s.set.getPositions()


@scenario
def claims_in_a_batch(s: Stage) -> None:
    """Claim several at once; arrays must match and hold something."""
    started(s)
    pools, names = [s.keeper, s.stranger, s.keeper], ["first", "first", "second"]
    s.claims.batchClaim(s.set, pools, names, by=s.manager)
    s.first.balanceOf(s.set)
    s.second.balanceOf(s.set)
    mismatch, empty = "Array length mismatch", "Arrays must not be empty"
    s.claims.batchClaim(s.set, pools, names[:2], by=s.manager, reverts=mismatch)
    s.claims.batchClaim(s.set, [], [], by=s.manager, reverts=empty)
    s.claims.batchClaim(s.set, [], [], by=s.stranger, reverts=NOT_A_CALLER)
    live(s)


@scenario
def claims_nothing(s: Stage) -> None:
    """Announce a reward of zero as such."""
    started(s)
    s.first.setRewards(0, by=s.owner)
    s.claims.claim(s.set, s.keeper, "first", by=s.manager)
    s.claims.getRewards(s.set, s.keeper, "first")


@scenario
def refuses_claims(s: Stage) -> None:
    """Check the SetToken first, then the caller, the pool, the adapter, its place in the pool."""
    started(s)
    odd = unknown_set(s)
    claim = s.claims.claim
    claim(odd, s.issuer, "none", by=s.stranger, reverts=NOT_INITIALIZED)
    claim(s.set, s.issuer, "none", by=s.stranger, reverts=NOT_A_CALLER)
    claim(s.set, s.issuer, "none", by=s.manager, reverts=NO_POOL)
    claim(s.set, s.keeper, "none", by=s.manager, reverts=NO_ADAPTER)
    claim(s.set, s.stranger, "second", by=s.manager, reverts=NO_INTEGRATION)
    s.claims.getRewards(s.set, s.stranger, "second", reverts=NO_INTEGRATION)
    s.claims.getRewards(s.set, s.stranger, "none", reverts=NO_ADAPTER)
    s.claims.isRewardPoolClaim(s.set, s.stranger, "none", reverts=NO_ADAPTER)
    s.set.lock(by=s.module)
    claim(s.set, s.keeper, "first", by=s.manager, reverts=LOCKED)
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.claims, by=s.owner)
    claim(s.set, s.keeper, "first", by=s.manager, reverts=NOT_ENABLED)


@scenario
def anyone_claims_if_allowed(s: Stage) -> None:
    """Open it to strangers and close it again."""
    started(s)
    s.claims.updateAnyoneClaim(s.set, True, by=s.stranger, reverts=NOT_MANAGER)
    s.claims.updateAnyoneClaim(s.set, True, by=s.manager)
    s.claims.claim(s.set, s.keeper, "first", by=s.stranger)
    s.claims.batchClaim(s.set, [s.keeper], ["second"], by=s.stranger)
    s.claims.updateAnyoneClaim(s.set, False, by=s.manager)
    s.claims.claim(s.set, s.keeper, "first", by=s.stranger, reverts=NOT_A_CALLER)


@scenario
def adds_and_removes_claims(s: Stage) -> None:
    """Drop a pool with its last adapter; the last entry moves into the gap."""
    started(s)
    claims = s.claims
    claims.addClaim(s.set, s.issuer, "first", by=s.stranger, reverts=NOT_MANAGER)
    claims.removeClaim(s.set, s.keeper, "first", by=s.stranger, reverts=NOT_MANAGER)
    claims.addClaim(s.set, s.issuer, "none", by=s.manager, reverts=NO_ADAPTER)
    claims.removeClaim(s.set, s.issuer, "none", by=s.manager, reverts=NO_ADAPTER)
    twice, absent = "Integration names must be unique", "Integration must be added"
    claims.addClaim(s.set, s.keeper, "first", by=s.manager, reverts=twice)
    claims.removeClaim(s.set, s.issuer, "first", by=s.manager, reverts=absent)
    claims.addClaim(s.set, s.issuer, "first", by=s.manager)
    claims.removeClaim(s.set, s.keeper, "first", by=s.manager)
    look(s)
    claims.removeClaim(s.set, s.keeper, "second", by=s.manager)
    look(s)
    claims.batchAddClaim(s.set, [s.keeper, s.heir], ["second", "second"], by=s.manager)
    claims.batchRemoveClaim(s.set, [s.issuer, s.heir], ["first", "second"], by=s.manager)
    mismatch, empty = "Array length mismatch", "Arrays must not be empty"
    claims.batchAddClaim(s.set, [s.keeper], [], by=s.manager, reverts=mismatch)
    claims.batchAddClaim(s.set, [], [], by=s.manager, reverts=empty)
    claims.batchRemoveClaim(s.set, [s.keeper], [], by=s.manager, reverts=mismatch)
    claims.batchRemoveClaim(s.set, [], [], by=s.manager, reverts=empty)
    look(s)


@scenario
def is_initialised_once(s: Stage) -> None:
    """Check roles, states and settings; removal forgets them, also those of several pools."""
    pending(s)
    odd = unknown_set(s)
    initialize = s.claims.initialize
    initialize(odd, True, [], [], by=s.stranger, reverts=NOT_MANAGER)
    initialize(odd, True, [], [], by=s.manager, reverts=NOT_OF_THE_CONTROLLER)
    initialize(s.set, True, [], [], by=s.manager, reverts="Arrays must not be empty")
    mismatch = "Array length mismatch"
    initialize(s.set, True, [s.keeper], [], by=s.manager, reverts=mismatch)
    initialize(s.set, True, [s.keeper], ["none"], by=s.manager, reverts=NO_ADAPTER)
    pools, names = [s.keeper, s.stranger, s.keeper], ["first", "first", "second"]
    initialize(s.set, True, pools, names, by=s.manager)
    initialize(s.set, True, pools, names, by=s.manager, reverts=NOT_PENDING)
    s.set.removeModule(s.claims, by=s.manager)
    look(s)
    s.set.addModule(s.claims, by=s.manager)
    initialize(s.set, False, [s.stranger], ["second"], by=s.manager)
    look(s)
    s.claims.claim(s.set, s.stranger, "second", by=s.manager)


@scenario
def claims_comp(s: Stage) -> None:
    """Claim with CompClaimAdapter what a comptroller owes the SetToken."""
    pending(s)
    comptroller = set_v2("mocks/external/ComptrollerMock")
    s.deploy("comptroller", comptroller, s.uni, 0, s.dai)
    adapter = set_v2("protocol/integration/claim/CompClaimAdapter")
    s.deploy("comp_adapter", adapter, s.comptroller)
    register(s, s.claims, "COMP", s.comp_adapter)
    s.claims.initialize(s.set, True, [s.comptroller], ["COMP"], by=s.manager)
    s.airdrops.initialize(s.set, ([s.uni], s.heir, 0, True), by=s.manager)
    s.comptroller.setCompAccrued(s.set, 7 * E18 + 7, by=s.owner)
    s.claims.getRewards(s.set, s.comptroller, "COMP")
    broke = "Uni::_transferTokens: transfer amount exceeds balance"
    s.claims.claim(s.set, s.comptroller, "COMP", by=s.stranger, reverts=broke)
    s.fund("uni", s.comptroller, 10**20)
    s.claims.claim(s.set, s.comptroller, "COMP", by=s.stranger)
    s.airdrops.absorb(s.set, s.uni, by=s.stranger)
    s.supply(s.issuer, s.issuance, ["uni"], 10**21)
    live(s)
    s.set.getPositions()


@scenario
def asks_compounds_own_comptroller(s: Stage) -> None:
    """Claim with CompClaimAdapter from Compound's code without markets: nothing accrues."""
    pending(s)
    s.deploy("comptroller", external("compound/Comptroller", "claimComp(address)"))
    adapter = set_v2("protocol/integration/claim/CompClaimAdapter")
    s.deploy("comp_adapter", adapter, s.comptroller)
    register(s, s.claims, "COMP", s.comp_adapter)
    s.claims.initialize(s.set, True, [s.comptroller], ["COMP"], by=s.manager)
    s.claims.getRewards(s.set, s.comptroller, "COMP")
    s.claims.claim(s.set, s.comptroller, "COMP", by=s.stranger)
    live(s)
