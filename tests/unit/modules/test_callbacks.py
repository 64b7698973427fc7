"""A component that calls back in the middle of its transfers: nothing gives way (I-22).

The token is given all it could wish for: it manages the SetToken, holds it and its components, and
has approved the issuance module. Each call works when nothing else is under way.
"""

import pytest
from ape import project

from indexkit import deploy
from indexkit.localnet import addresses, deal, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.pools import pair_address

E18 = 10**18
ZERO = "0x" + "00" * 20
MAX = 2**256 - 1
UNIT = 2 * E18
ATTACKS = [
    "issue",
    "redeem",
    "redeemFrozen",
    "collect",
    "collectWithLimit",
    "accrueFee",
    "updateStreamingFee",
    "updateFeeRecipient",
    "register",
    "setManager",
    "addModule",
    "removeModule",
    "removePendingModule",
]


@pytest.fixture(scope="module")
def uni(components):
    """Return the harmless component."""
    return components[1]


@pytest.fixture(scope="module")
def own_module(owner, protocol):
    """Deploy a SingleIndexModule for this SetToken alone."""
    return deploy.deploy_index_module(project, owner, protocol)


@pytest.fixture(scope="module")
def pest(mock, issuer):
    """Deploy the token that calls back, with a pool; the issuer holds it."""
    token = issuer.deploy(mock("CallbackToken"), 10**30)
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)
    factory.createPair(token, addresses.WETH, sender=issuer)
    pair = contract_at(artifact(protocols.UNISWAP_PAIR), pair_address("UniswapV2", token.address))
    token.transfer(pair, 10**24, sender=issuer)
    deal(addresses.WETH, pair, 10**21)
    pair.mint(issuer, sender=issuer)
    return token


@pytest.fixture(scope="module")
def pest_index(
    make_plain_set, protocol, pest, uni, units, own_module, module, manager, trader, issuer
):
    """Create a SetToken of the pest and UNI, amid a rebalance, and hand it to the pest."""
    created = make_plain_set([pest, uni], [UNIT, units[1]], own_module, module)
    protocol.streaming_fee.initialize(created, (manager, 10**17, 10**16, 0), sender=manager)
    protocol.governance.initialize(created, sender=manager)
    own_module.initialize(created, sender=manager)
    pest.approve(protocol.issuance, MAX, sender=issuer)
    protocol.issuance.issue(created, 100 * E18, issuer, sender=issuer)
    protocol.issuance.issue(created, 6 * E18, pest, sender=issuer)
    pest.transfer(pest, 100 * UNIT, sender=issuer)
    uni.transfer(pest, 100 * units[1], sender=issuer)
    for token in (pest, uni):
        pest.execute(token, token.approve.encode_input(protocol.issuance, MAX), sender=issuer)

    own_module.setExchanges([pest, uni], [1, 1], sender=manager)
    own_module.setTradeMaximums([pest, uni], [MAX, MAX], sender=manager)
    own_module.updateAnyoneTrade(True, sender=manager)
    own_module.startRebalance([], [], [2 * UNIT, units[1] // 2], E18, sender=manager)
    own_module.trade(uni, sender=trader)
    for holder in (issuer, pest):
        deal(addresses.WETH, holder, 10**20)
    weth = token_at(addresses.WETH)
    weth.approve(protocol.issuance, MAX, sender=issuer)
    pest.execute(weth, weth.approve.encode_input(protocol.issuance, MAX), sender=issuer)
    # A redemption to the SetToken itself moves nothing: the pest has claims now.
    call = protocol.issuance.redeemFrozen.encode_input(created, E18, created)
    pest.execute(protocol.issuance, call, sender=issuer)
    created.setManager(pest, sender=manager)
    return created


@pytest.fixture
def attack(protocol, pest_index, pest, uni, own_module, index_module, module, stranger):
    """Return a function that gives the target and calldata of an attack."""
    issuance, fees = protocol.issuance, protocol.streaming_fee
    calls = {
        "issue": (issuance, issuance.issue, (pest_index, E18, pest)),
        "redeem": (issuance, issuance.redeem, (pest_index, E18, pest)),
        "redeemFrozen": (issuance, issuance.redeemFrozen, (pest_index, E18, pest)),
        "collect": (issuance, issuance.collect, (pest_index, uni, pest)),
        "collectWithLimit": (
            issuance,
            issuance.collectWithLimit,
            (pest_index, pest, pest, 1, 0),
        ),
        "accrueFee": (fees, fees.accrueFee, (pest_index,)),
        "updateStreamingFee": (fees, fees.updateStreamingFee, (pest_index, 0)),
        "updateFeeRecipient": (fees, fees.updateFeeRecipient, (pest_index, stranger)),
        "register": (
            protocol.governance,
            protocol.governance.register,
            (pest_index, deploy.UNISWAP_GOVERNANCE),
        ),
        "setManager": (pest_index, pest_index.setManager, (stranger,)),
        "addModule": (pest_index, pest_index.addModule, (index_module,)),
        "removeModule": (pest_index, pest_index.removeModule, (fees,)),
        "removePendingModule": (pest_index, pest_index.removePendingModule, (module,)),
        "trade": (own_module, own_module.trade, (pest,)),
        "raiseAssetTargets": (own_module, own_module.raiseAssetTargets, ()),
    }

    def of(name):
        target, function, arguments = calls[name]
        return target, function.encode_input(*arguments)

    return of


def state(protocol, pest_index, own_module, pest, uni):
    """Return all of the SetToken's and the modules' state that no outer call here changes."""
    return (
        pest_index.manager(),
        pest_index.getModules(),
        pest_index.positionMultiplier(),
        pest_index.balanceOf(pest),
        protocol.streaming_fee.feeStates(pest_index),
        own_module.positionMultiplier(),
        own_module.getTargetUnits([pest, uni]),
        uni.balanceOf(pest),
        [protocol.issuance.claims(pest_index, token, pest) for token in (pest, uni)],
    )


@pytest.mark.parametrize("name", ATTACKS)
def test_attack__works_when_nothing_is_under_way(pest_index, pest, issuer, attack, name):
    """The calls that the other tests see refused are good calls."""
    pest.execute(*attack(name), sender=issuer)


@pytest.mark.parametrize("name", [*ATTACKS, "trade", "raiseAssetTargets"])
def test_issue__component_calls_back(
    protocol, pest_index, own_module, pest, uni, issuer, attack, accounted, name
):
    """Half-way through an issuance: the first component is paid, the second is not (S-302)."""
    before = state(protocol, pest_index, own_module, pest, uni)
    pest.callBack(*attack(name), sender=issuer)
    protocol.issuance.issue(pest_index, E18, issuer, sender=issuer)
    assert (pest.attempts(), pest.succeeded()) == (1, False)
    assert state(protocol, pest_index, own_module, pest, uni) == before
    assert pest_index.totalSupply() == 106 * E18
    accounted(pest_index)


@pytest.mark.parametrize("name", [*ATTACKS, "trade", "raiseAssetTargets"])
def test_redeem__component_calls_back(
    protocol, pest_index, own_module, pest, uni, issuer, attack, accounted, name
):
    """Half-way through a redemption: the tokens are burnt, the second component is not paid.

    S-302.
    """
    before = state(protocol, pest_index, own_module, pest, uni)
    pest.callBack(*attack(name), sender=issuer)
    protocol.issuance.redeem(pest_index, E18, issuer, sender=issuer)
    assert (pest.attempts(), pest.succeeded()) == (1, False)
    assert state(protocol, pest_index, own_module, pest, uni) == before
    assert pest_index.totalSupply() == 104 * E18
    accounted(pest_index)


@pytest.mark.parametrize("name", [*ATTACKS, "trade", "raiseAssetTargets"])
def test_redeem_frozen__component_calls_back(
    protocol, pest_index, own_module, pest, uni, issuer, attack, accounted, name
):
    """Half-way through a redemption that would also leave claims."""
    before = state(protocol, pest_index, own_module, pest, uni)
    pest.callBack(*attack(name), sender=issuer)
    protocol.issuance.redeemFrozen(pest_index, E18, issuer, sender=issuer)
    assert (pest.attempts(), pest.succeeded()) == (1, False)
    assert state(protocol, pest_index, own_module, pest, uni) == before
    assert protocol.issuance.claims(pest_index, pest, issuer) == 0
    assert pest_index.totalSupply() == 104 * E18
    accounted(pest_index)


@pytest.mark.parametrize("name", [*ATTACKS, "trade", "raiseAssetTargets"])
def test_collect__component_calls_back(
    protocol, pest_index, own_module, pest, uni, issuer, attack, accounted, name
):
    """While a claim is paid: it is gone already, and nothing else is open (S-302)."""
    protocol.issuance.redeemFrozen(pest_index, E18, pest_index, sender=issuer)
    before = state(protocol, pest_index, own_module, pest, uni)
    pest.callBack(*attack(name), sender=issuer)
    protocol.issuance.collect(pest_index, pest, issuer, sender=issuer)
    assert (pest.attempts(), pest.succeeded()) == (1, False)
    assert state(protocol, pest_index, own_module, pest, uni) == before
    assert protocol.issuance.claims(pest_index, pest, issuer) == 0
    accounted(pest_index)


@pytest.mark.parametrize("name", [*ATTACKS, "trade"])
@pytest.mark.parametrize("buys", [True, False], ids=["bought", "sold"])
def test_trade__component_calls_back(
    protocol,
    pest_index,
    own_module,
    pest,
    uni,
    units,
    issuer,
    trader,
    attack,
    accounted,
    buys,
    name,
):
    """Half-way through a trade: one side has moved, the units have not been written (S-302)."""
    if not buys:
        call = own_module.startRebalance.encode_input(
            [], [], [UNIT // 2, units[1] // 2, 0], pest_index.positionMultiplier()
        )
        pest.execute(own_module, call, sender=issuer)
    before = state(protocol, pest_index, own_module, pest, uni)
    pest.callBack(*attack(name), sender=issuer)
    own_module.trade(pest, sender=trader)
    assert (pest.attempts(), pest.succeeded()) == (1, False)
    assert state(protocol, pest_index, own_module, pest, uni) == before
    assert (pest_index.getDefaultPositionRealUnit(pest) > UNIT) is buys
    accounted(pest_index)
