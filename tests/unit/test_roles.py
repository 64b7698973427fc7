"""Every function, called by every role: docs/ROLES.md is complete, and true (I-20)."""

from types import SimpleNamespace

import pytest
import roles
from ape import chain, project
from twins.interface import reason
from twins.node import Node

from indexkit import deploy
from indexkit.economics import merkle_tree
from indexkit.localnet import addresses, protocols
from indexkit.localnet.artifacts import artifact, contract_at

E18 = 10**18
ZERO = roles.ZERO
RULES = roles.documented()


@pytest.fixture(scope="module")
def node():
    """Return the node: it calls as any account or contract."""
    connected = Node(chain.provider.web3.provider.endpoint_uri)
    yield connected
    connected.close()


@pytest.fixture(scope="module")
def staged(
    accounts,
    protocol,
    index_module,
    set_token,
    make_set,
    components,
    units,
    mock,
    node,
    owner,
    manager,
    trader,
    issuer,
    stranger,
    fee_recipient,
    module,
):
    """Put every contract into a state in which each function has somebody who may call it."""
    operator, methodologist, staker, claimant, distribution = accounts[7:12]
    coin = owner.deploy(mock("OddToken"), 18, 10**30)
    sets = {"basket": _basket(protocol, manager, coin), "empty": make_set(), "locked": make_set()}
    pending, spender, factory, position, next_owner = (
        f"0x{number:040x}" for number in range(0xE2, 0xE7)
    )
    loose_module = deploy.deploy_index_module(project, owner, protocol)
    index_manager = deploy.deploy_manager(
        project,
        owner,
        set_token,
        fee_module=protocol.streaming_fee,
        operator=operator,
        methodologist=methodologist,
        operator_share=E18 // 2,
        permissions=[(coin, deploy.selector(coin, "approve"))],
    )
    voter, committee = accounts[12:14]
    for party in (operator, methodologist):
        index_manager.setVoter(voter, protocol.governance, sender=party)
    index = deploy.deploy_index_token(project, owner, issuer)
    index.approve(spender, E18, sender=issuer)
    meta_governor = deploy.deploy_meta_governor(
        project, owner, protocol, votes_token=index, circulating_supply=10**25, committee=committee
    )
    adapter = owner.deploy(mock("ScriptedAdapter"))
    adapter.scriptProposal(0, 10**9, False, True, False, sender=owner)
    registry = protocol.integration_registry
    registry.addIntegration(protocol.governance, "Scripted", adapter, sender=owner)
    meta_governor.open("Scripted", 0, sender=owner)
    for owned in (protocol.controller, registry):
        owned.offerOwnership(next_owner, sender=owner)
    meta_governor.transferOwnership(next_owner, sender=owner)
    rewards = owner.deploy(project.StakingRewards, distribution, coin, coin, 60)
    lists = _lists(owner, coin, next_owner)
    streams = owner.deploy(project.TokenStream, coin)
    recipient, proposed = accounts[14:16]
    bounty = _bounty(protocol, owner, index, set_token, next_owner)
    cast = {
        "owner": [owner],
        "next owner": [next_owner],
        "factory": [factory, protocol.creator],
        "manager": [manager],
        "module": [module, index_module, protocol.issuance],
        "locker": [module],
        "pending module": [pending],
        "index module": [index_module],
        "trader": [trader],
        "operator": [operator],
        "methodologist": [methodologist],
        "voter": [voter],
        "committee": [committee],
        "approver": [operator],
        "spender": [spender],
        "claimant": [claimant],
        "staker": [staker],
        "distribution": [distribution],
        "recipient": [recipient],
        "proposed recipient": [proposed],
        "no role": [stranger, fee_recipient, set_token, index_manager],
    }
    cast = {role: [_address(one) for one in players] for role, players in cast.items()}
    approved = (coin, b"\x05\x06\x07\x08", True)
    stage = SimpleNamespace(
        cast=cast,
        contracts={
            **_protocol_contracts(protocol),
            "SetToken": set_token,
            "SingleIndexModule": index_module,
            "IndexManager": index_manager,
            "MetaGovernor": meta_governor,
            "IndexToken": index,
            "StakingRewards": rewards,
            "MerkleDistributor": lists,
            "TokenStream": streams,
            "MethodologistBounty": bounty,
        },
        set=set_token,
        **sets,
        **{name: getattr(protocol, name) for name in ("creator", "issuance", "streaming_fee")},
        governance=protocol.governance,
        guard=protocol.guard,
        index_module=index_module,
        index_manager=index_manager,
        loose_module=loose_module,
        components=components,
        units=units,
        coin=coin,
        target=owner.deploy(mock("Target")),
        issuer=issuer,
        pending=pending,
        position=position,
        weth=addresses.WETH,
        pair=protocol.guard.referencePair(1, components[1]),
        streams=streams,
        approval=chain.provider.web3.keccak(index_manager.allow.encode_input(*approved)),
    )
    _system(stage, protocol, owner, manager, module)
    _tokens(stage, protocol, node, owner, issuer, claimant, staker, rewards)
    _trading(stage, manager)
    index_manager.allow(*approved, sender=operator)
    return stage


def _address(player):
    """Return the address of an account or contract."""
    return getattr(player, "address", player)


def _protocol_contracts(protocol):
    """Return the contract of each kind that all indices share."""
    return {
        "Controller": protocol.controller,
        "IntegrationRegistry": protocol.integration_registry,
        "SetTokenCreator": protocol.creator,
        "IndexCreator": protocol.index_creator,
        "BasicIssuanceModule": protocol.issuance,
        "StreamingFeeModule": protocol.streaming_fee,
        "GovernanceModule": protocol.governance,
        "ExecutionGuard": protocol.guard,
    }


def _basket(protocol, manager, coin):
    """Create a SetToken of one component that can be frozen."""
    return deploy.create_set(
        project,
        protocol,
        manager,
        components=[coin],
        units=[E18],
        modules=[protocol.issuance],
        name="Basket",
        symbol="BASKET",
    )


def _bounty(protocol, owner, index, set_token, next_owner):
    """Deploy a bounty that counts the fees of one index; offer it to somebody."""
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)
    factory.createPair(set_token, addresses.WETH, sender=owner)
    pools = (addresses.WETH, addresses.UNISWAP_V2_FACTORY)
    terms = (index, E18, chain.pending_timestamp + 60, roles.ELSEWHERE, *pools)
    bounty = owner.deploy(project.MethodologistBounty, *terms, protocol.streaming_fee)
    bounty.register(set_token, roles.ELSEWHERE, E18, sender=owner)
    bounty.transferOwnership(next_owner, sender=owner)
    return bounty


def _system(s, protocol, owner, manager, module):
    """Admit a factory, modules and an external position; lock one SetToken."""
    protocol.controller.addFactory(s.cast["factory"][0], sender=owner)
    protocol.controller.addModule(s.pending, sender=owner)
    protocol.controller.addFee(protocol.issuance, 0, 1, sender=owner)
    s.set.addModule(s.pending, sender=manager)
    s.set.addExternalPositionModule(s.components[0], s.position, sender=module)
    s.empty.addModule(s.loose_module, sender=manager)
    s.locked.initializeModule(sender=module)
    s.locked.lock(sender=module)
    protocol.issuance.initialize(s.basket, ZERO, sender=manager)


def _tokens(s, protocol, node, owner, issuer, claimant, staker, rewards):
    """Give everybody coins, SetTokens and approvals; one a stake, one a claim, one an allowance."""
    s.coin.setBalance(issuer, 1_000 * E18, sender=owner)
    s.coin.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    protocol.issuance.issue(s.basket, 100 * E18, issuer, sender=issuer)
    s.basket.approve(s.cast["spender"][0], E18, sender=issuer)
    for address in {address for players in s.cast.values() for address in players}:
        node.ask("anvil_setBalance", address, hex(E18))
        s.coin.setBalance(address, 10 * E18, sender=owner)
        s.basket.transfer(address, 2 * E18, sender=issuer)
        for spender in (protocol.issuance, rewards, s.streams):
            approval = s.coin.approve.encode_input(spender, 2**256 - 1)
            assert node.send(address, s.coin.address, approval)["status"] == "0x1"
    rewards.stake(E18, sender=staker)
    _stream(s, node, owner)
    s.coin.transfer(rewards, E18, sender=issuer)
    s.coin.refuse(s.basket, sender=owner)
    protocol.issuance.redeemFrozen(s.basket, E18, claimant, sender=claimant)
    s.coin.refuse(ZERO, sender=owner)


def _lists(owner, coin, next_owner):
    """Deploy a distributor with a list of one, and an epoch of one; offer it to somebody."""
    lists = owner.deploy(
        project.MerkleDistributor, coin, merkle_tree.initial_leaf(0, roles.ELSEWHERE, 1)
    )
    coin.transfer(lists, 1, sender=owner)
    coin.approve(lists, 1, sender=owner)
    leaf = merkle_tree.epoch_leaf(chain.chain_id, lists.address, roles.ELSEWHERE, 1)
    lists.publishEpoch(leaf, 1, sender=owner)
    lists.transferOwnership(next_owner, sender=owner)
    return lists


def _stream(s, node, owner):
    """Open a stream that has been offered to somebody."""
    (recipient,), (proposed,) = s.cast["recipient"], s.cast["proposed recipient"]
    begin = chain.pending_timestamp + 60
    s.streams.create(recipient, begin, [(begin + 60, E18)], sender=owner)
    offer = s.streams.proposeRecipient.encode_input(0, proposed)
    assert node.send(recipient, s.streams.address, offer)["status"] == "0x1"


def _trading(s, manager):
    """Start a rebalance that sells UNI, judged by nobody; the guard knows the index."""
    module, sold = s.index_module, s.components[1]
    module.setExchanges([sold], [deploy.EXCHANGE_IDS["UniswapV2"]], sender=manager)
    module.setTradeMaximums([sold], [E18], sender=manager)
    module.updateTraderStatus(s.cast["trader"], [True], sender=manager)
    targets = [s.units[0], s.units[1] // 2, *s.units[2:]]
    module.startRebalance([], [], targets, E18, sender=manager)
    s.guard.configure(module, 10**16, 1, E18, sender=manager)
    s.nonce = module.rebalanceNonce()


# ---------------------------------------------------------------- the table


def test_roles__every_function_has_one_row():
    """I-20: what is in the ABIs is in the document, and nothing else is."""
    rows = [str(rule) for rule in RULES]
    assert sorted(rows) == sorted(set(roles.functions()))


def test_roles__are_explained_and_played(staged):
    """Each role of the table is in the list above it, and on the stage."""
    named = {role for rule in RULES for role in rule.roles}
    assert named == roles.documented_roles()
    assert named - {roles.ANYONE, roles.NOBODY} <= set(staged.cast)
    for rule in RULES:
        assert bool(rule.reason) is (rule.roles != (roles.ANYONE,)), rule


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_roles__every_role_calls(staged, node, rule):
    """I-20: those who may are not refused for who they are, all others are, with that reason.

    S-300.
    """
    call = roles.calls(staged).get(str(rule), roles.Call())
    contract = call.at or staged.contracts[rule.contract]
    may = {address for role in rule.roles for address in staged.cast.get(role, [])}
    data, value = call.data(rule), int(rule.function == "fallback")
    for role, players in staged.cast.items():
        for address in players:
            success, answer = node.call(address, contract.address, data, value)
            outcome = None if success else reason(answer)
            allowed = address in may or rule.roles == (roles.ANYONE,)
            assert outcome == (call.but if allowed else rule.reason), f"{rule} by {role}"
