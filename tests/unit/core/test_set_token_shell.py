"""SetTokenShell: each product's own code, and SetToken's by delegation, act as one (R-02, R-06)."""

import json
import subprocess
import sys

import ape
import pytest
from ape.utils import ZERO_ADDRESS
from eth_abi import decode, encode
from eth_utils import keccak

from indexkit import deploy

E18 = 10**18
NATIVE = {
    *("allowance", "approve", "balanceOf", "decimals", "name", "symbol", "totalSupply"),
    *("transfer", "transferFrom", "mint", "burn", "invoke", "swapAtPair", "transferPositions"),
    *("getComponents", "getPositionPage", "getTradeUnits", "positionMultiplier"),
    *("editPositionMultiplier", "hold", "release", "initializeModule", "manager"),
    *("isInitializedModule", "isPendingModule"),
}
"""What the shell answers by its own code."""


@pytest.fixture(scope="session")
def logic(project, protocol):
    """Return the SetToken whose code the products share."""
    return project.SetToken.at(protocol.creator.logic())


@pytest.fixture
def ask(chain, owner):
    """Return a function that sends any calldata, and tells of success and answer."""

    def asked(contract, data, value=0):
        request = {
            "from": owner.address,
            "to": contract.address,
            "data": "0x" + data.hex(),
            "value": hex(value),
        }
        answer = chain.provider.web3.provider.make_request("eth_call", [request, "latest"])
        if "error" in answer:
            return False, bytes.fromhex(answer["error"].get("data", "0x")[2:])
        return True, bytes.fromhex(answer["result"][2:])

    return asked


def error(reason):
    """Return the revert data of a text reason."""
    return keccak(text="Error(string)")[:4] + encode(["string"], [reason])


def layout(project, name):
    """Return where the compiler puts a contract's storage and transient storage."""
    run = subprocess.run(
        [sys.executable, "-m", "vyper", "-p", ".", "-f", "layout", f"contracts/core/{name}.vy"],
        cwd=project.path,
        check=True,
        capture_output=True,
        text=True,
    )
    whole = json.loads(run.stdout)
    return {kind: whole[kind] for kind in ("storage_layout", "transient_storage_layout")}


def signatures(contract):
    """Return a contract's functions: parameters, mutability, and what they return."""
    entries = [entry for entry in contract.contract_type.abi if entry.type == "function"]
    return {
        entry.selector: (entry.stateMutability, [output.canonical_type for output in entry.outputs])
        for entry in entries
    }


# ---------------------------------------------------------------- two codes, one state


def test_layouts__are_equal(project):
    """I-01, S-092: both codes find every variable, the lock and the hold at the same place."""
    shell = layout(project, "SetTokenShell")
    assert shell == layout(project, "SetToken")
    assert "$.nonreentrant_key" in shell["transient_storage_layout"]
    assert "holder" in shell["transient_storage_layout"]["module_lock"]


def test_functions__are_part_of_the_logic(project):
    """R-02: nothing of the shell's own is unknown to SetToken's ABI, or answers otherwise."""
    own, whole = signatures(project.SetTokenShell), signatures(project.SetToken)
    assert own.items() <= whole.items()
    assert {selector.split("(")[0] for selector in own} == NATIVE


def test_product__is_a_shell(basket, protocol, chain, logic):
    """R-06: a product has other code than what it shares, and holds its own name and controller."""
    assert chain.provider.get_code(basket.address) != chain.provider.get_code(logic.address)
    assert (basket.name(), basket.symbol()) == ("Small Index", "SMALL")
    assert basket.controller() == logic.controller() == protocol.controller


def test_product__two_codes_in_turn(basket, module, issuer, addresses):
    """I-05: what one code writes the other reads; no other product, nor the logic, is touched.

    S-093.
    """
    count = len(basket.getComponents())
    basket.addComponent(addresses[0], sender=module)
    assert basket.getComponents()[count] == addresses[0] == basket.components(count)
    basket.editDefaultPositionUnit(addresses[0], 8, sender=module)
    basket.editPositionMultiplier(E18 // 2, sender=module)
    basket.mint(issuer, 5, sender=module)
    assert basket.getTradeUnits(addresses[0], addresses[1], count)[:3] == (5, E18 // 2, 4)
    assert basket.getDefaultPositionRealUnit(addresses[0]) == 4
    basket.increaseAllowance(module, 3, sender=issuer)
    assert basket.allowance(issuer, module) == 3
    basket.lock(sender=module)
    assert basket.isLocked()


def test_product__leaves_the_others_alone(basket, make_basket, module, logic, addresses):
    """I-05, S-093, S-301: delegated code writes where it is called from."""
    other = make_basket([1])
    basket.addComponent(addresses[9], sender=module)
    assert other.getComponents() == [addresses[0]]
    assert logic.getComponents() == []


@pytest.mark.parametrize("inner", ["addComponent", "mint"])
def test_product__one_lock_for_both_codes(basket, module, puppet, manager, stranger, inner):
    """I-22, S-096: what is invoked by the shell's own code enters neither code."""
    arguments = {"addComponent": (stranger,), "mint": (stranger, 1)}[inner]
    call = (basket, getattr(basket, inner).encode_input(*arguments))
    puppet.prepare([call], sender=manager)
    basket.invoke(puppet, 0, b"", sender=module)
    assert [tuple(outcome) for outcome in puppet.getOutcomes()] == [(False, b"")]


# ---------------------------------------------------------------- the fallback


def test_fallback__takes_plain_ether(basket, stranger):
    """R-02: from unwrapping, for instance; no event."""
    tx = stranger.transfer(basket, 7)
    assert tx.events == []
    assert basket.balance == 7


@pytest.mark.parametrize("data", [b"\x12\x34\x56\x78", b"\x12\x34\x56\x78" + bytes(64)])
@pytest.mark.parametrize("value", [0, 1])
def test_fallback__unknown_function__reverts(basket, ask, data, value):
    """R-02: with and without arguments or ether."""
    assert ask(basket, data, value) == (False, error("Unknown function"))


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("value", [0, 1])
def test_fallback__less_than_a_selector__reverts(basket, ask, length, value):
    """R-02: such calldata name no function; not even a prefix of one there is."""
    for data in (bytes(length), basket.getPositions.encode_input()[:length]):
        assert ask(basket, bytes(data), value) == (False, error("Unknown function"))


def test_fallback__value_to_any_function__reverts(basket, ask, project):
    """R-02: no function takes ether, delegated or not; it would be nobody's."""
    for entry in project.SetToken.contract_type.abi:
        if entry.type == "function":
            data = keccak(text=entry.selector)[:4] + bytes(32 * 8)
            assert ask(basket, data, 1) == (False, b""), entry.name


# ---------------------------------------------------------------- long answers


def test_get_positions__long_answer__comes_back_whole(make_basket, module, addresses):
    """R-02: sixteen external positions with 512 bytes of data each, between default ones."""
    basket = make_basket([1, 2, 3])
    holders = addresses[10:26]
    data = {holder: bytes([number]) * 512 for number, holder in enumerate(holders, 1)}
    for holder in holders:
        basket.addExternalPositionModule(addresses[1], holder, sender=module)
        basket.editExternalPositionUnit(addresses[1], holder, -5, sender=module)
        basket.editExternalPositionData(addresses[1], holder, data[holder], sender=module)
    first, second, third = (
        (token, ZERO_ADDRESS, unit, 0, b"") for unit, token in enumerate(addresses[:3], 1)
    )
    external = [(addresses[1], holder, -5, 1, data[holder]) for holder in holders]
    assert [tuple(each) for each in basket.getPositions()] == [first, second, *external, third]
    assert basket.getExternalPositionModules(addresses[1]) == holders
    assert basket.getExternalPositionData(addresses[1], holders[-1]) == data[holders[-1]]


def test_get_positions__of_the_largest_basket(make_basket, ask):
    """R-02, S-094: 200 components; natively or by delegation, nothing is cut."""
    listed = [f"0x{0xB000 + i:040x}" for i in range(200)]
    full = make_basket(range(1, 201), listed)
    assert [each.lower() for each in full.getComponents()] == listed
    assert [(each.component.lower(), each.unit) for each in full.getPositions()] == list(
        zip(listed, range(1, 201), strict=True)
    )
    assert full.components(199).lower() == listed[199]
    success, answer = ask(full, bytes(full.getPositions.encode_input()))
    assert success
    assert len(answer) == 32 * (2 + 200 * 7)
    for more in (b"\x01", bytes(32)):
        assert ask(full, bytes(full.getPositions.encode_input()) + more) == (True, answer)


# ---------------------------------------------------------------- reasons


def test_delegated__reasons_come_back(basket, module, stranger, addresses):
    """R-01, S-094: what SetToken's code refuses is refused in its words."""
    with ape.reverts("Must not be component"):
        basket.addComponent(basket.components(0), sender=module)
    with ape.reverts("Only manager can call"):
        basket.setManager(stranger, sender=stranger)
    with ape.reverts("Only the module can call"):
        basket.editDefaultPositionUnit(addresses[0], 1, sender=stranger)
    with ape.reverts("ERC20: decreased allowance below zero"):
        basket.decreaseAllowance(module, 1, sender=stranger)


def test_delegated__silence_comes_back(basket, ask):
    """R-01: a call that cannot be decoded, or an index beyond the list, gets no reason."""
    for data in (
        basket.isComponent.encode_input(basket)[:-1],
        basket.components.encode_input(99),
    ):
        assert ask(basket, bytes(data)) == (False, b"")


def test_delegated__events_are_the_products(basket, module, addresses):
    """R-02: not the logic's."""
    tx = basket.addComponent(addresses[0], sender=module)
    (log,) = tx.logs
    assert log["address"] == basket.address


# ---------------------------------------------------------------- the shared code itself


def test_logic__has_nobody_and_nothing(logic):
    """I-20, S-095: no manager, no modules, no components, no supply."""
    assert logic.manager() == ZERO_ADDRESS
    assert logic.getModules() == logic.getComponents() == []
    assert logic.totalSupply() == 0
    assert [tuple(position) for position in logic.getPositions()] == []


@pytest.mark.parametrize("role", ["owner", "manager", "module", "stranger"])
def test_logic__refuses_everybody(request, logic, protocol, role, addresses):
    """I-20, S-095: whoever that is elsewhere; so nobody ever invokes anything as it."""
    caller = request.getfixturevalue(role)
    for function, arguments in {
        "addModule": (protocol.issuance,),
        "removeModule": (protocol.issuance,),
        "removePendingModule": (protocol.issuance,),
        "setManager": (caller,),
    }.items():
        with ape.reverts("Only manager can call"):
            getattr(logic, function)(*arguments, sender=caller)
    for function, arguments in {
        "invoke": (addresses[0], 0, b""),
        "mint": (caller, 1),
        "addComponent": (addresses[0],),
        "lock": (),
        "hold": (),
    }.items():
        with ape.reverts("Only the module can call"):
            getattr(logic, function)(*arguments, sender=caller)
    with ape.reverts("Module must be pending"):
        logic.initializeModule(sender=caller)


@pytest.mark.parametrize("module_name", ["issuance", "streaming_fee", "governance"])
def test_logic__no_module_takes_it(logic, protocol, manager, module_name):
    """I-20: it is no SetToken of the controller's, nor has it a manager."""
    settings = {
        "issuance": (ZERO_ADDRESS,),
        "streaming_fee": ((manager.address, 2, 1, 0),),
        "governance": (),
    }[module_name]
    with ape.reverts("Must be the SetToken manager"):
        getattr(protocol, module_name).initialize(logic, *settings, sender=manager)
    assert not protocol.controller.isSet(logic)


def test_creator__logic_of_another_controller__reverts(project, owner, protocol, fee_recipient):
    """I-20, S-036: its code would ask another system who may act."""
    other = owner.deploy(project.Controller, fee_recipient)
    foreign = owner.deploy(project.SetToken, *deploy.logic_arguments(other))
    creator = protocol.creator
    with ape.reverts("Logic of another controller"):
        owner.deploy(project.SetTokenCreator, protocol.controller, creator.blueprint(), foreign)
    with ape.reverts():
        owner.deploy(project.SetTokenCreator, protocol.controller, creator.blueprint(), owner)


def test_creator__names_the_logic(project, protocol, chain, ask, logic):
    """R-06: it has SetToken's runtime code, with the controller that the creator serves."""
    runtime = project.SetToken.contract_type.runtime_bytecode.bytecode
    code = chain.provider.get_code(logic.address).hex().removeprefix("0x")
    assert code.startswith(runtime.removeprefix("0x"))
    success, answer = ask(logic, bytes(logic.controller.encode_input()))
    assert success
    assert decode(["address"], answer)[0] == protocol.controller.address.lower()
