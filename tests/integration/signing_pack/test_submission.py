"""Simulating a pack, executing it by the real Safe, and comparing the two (R-44, R-14)."""

import copy
import json

import ape
import pytest

from indexkit import documents, safe
from indexkit.errors import IndexkitError
from indexkit.localnet import advance
from indexkit.signing import compose
from indexkit.signing.handles import handles
from indexkit.signing.preflight import preflight
from indexkit.signing.simulation import simulate
from indexkit.signing.submission import execute, submission, verify_submission

pytestmark = pytest.mark.usefixtures("house_run", "safe_run")


def head():
    """Return what the chain's head is, and who can be impersonated."""
    block = ape.chain.provider.make_request("eth_getBlockByNumber", ["latest", False])
    return {key: block[key] for key in ("number", "hash", "stateRoot", "timestamp")}


def asked_of_the_safe(pack):
    """Return the hash that the real Safe computes."""
    call, contract = pack.transaction.call, handles(pack.state).safe.contract
    rest = (pack.transaction.operation, 0, 0, 0, safe.NOBODY, safe.NOBODY, pack.transaction.nonce)
    return bytes(contract.getTransactionHash(call.to, call.value, call.data, *rest))


def test_pack__hashes__are_the_safes_own(either):
    """R-44: safeTxHash and domain as the Safe's bytecode computes them."""
    pack = either.pack()
    assert pack.hashes.transaction == asked_of_the_safe(pack)
    assert pack.hashes.domain == bytes(either.safe.contract.domainSeparator())


def test_execute__does_what_was_simulated(either):
    """R-44: two of three owners sign, a stranger executes; nothing else happens than was shown."""
    pack, stranger = either.pack(), either.index.roles.issuer
    before = head()
    simulated = simulate(pack)
    assert head() == before
    executed = execute(pack, either.signers.owners[1:], stranger)
    for key in ("events", "balances", "parameters", "rebalance"):
        assert executed["effects"][key] == simulated[key]
    assert simulated["balances"] == []
    module = either.index.module
    for component in either.rebalance.components:
        target, size, period, _, exchange = module.assetInfo(component.address)
        assert (target, size) == (component.target_unit, component.max_trade_size)
        assert (period, exchange > 0) == (component.cool_off_period, True)
        shown = simulated["parameters"][component.symbol]
        assert shown["target_unit"] == str(component.target_unit)
        assert shown["exchange"] == component.exchange
    assert module.rebalanceNonce() == pack.rebalance_nonce == int(simulated["rebalance"]["nonce"])
    assert module.deadline() == pack.deadline
    assert module.tradeAllowList(either.traders[0])
    names = [event.get("name") for event in simulated["events"]]
    assert names.count("TargetUnitsUpdated") == len(either.rebalance.components)
    assert names[-1] == "ExecutionSuccess"
    assert None not in names
    assert set(simulated["touched"]) == {pack.state.safe, pack.state.module}
    receipt = ape.chain.provider.get_receipt(executed["transaction"])
    assert len(receipt.logs) == len(names)


def test_execute__again__is_refused(either):
    """R-44, R-11: signatures are for one nonce of the Safe, a start is for one of the module."""
    pack = either.pack()
    execute(pack, either.signers.quorum, either.signers.owners[0])
    with pytest.raises(IndexkitError, match="Safe's nonce: expected"):
        preflight(pack)
    with pytest.raises(IndexkitError, match="the Safe refused its transaction"):
        execute(pack, either.signers.quorum, either.signers.owners[0], simulated={})
    either.state["safe"]["nonce"] += 1
    either.units["state"] = documents.digest(either.state)
    with pytest.raises(IndexkitError, match="the Safe's transaction fails"):
        simulate(either.pack())


def test_simulate__leaves_no_trace(fresh):
    """R-44: head, nonces, Safe, impersonation and the clock are as if nothing had been."""
    pack, provider = fresh.pack(), ape.chain.provider
    owner = fresh.signers.owners[0]

    def trace():
        counts = [provider.get_nonce(account.address) for account in fresh.signers.owners]
        approved = fresh.safe.contract.approvedHashes(owner, pack.hashes.transaction)
        balance = provider.get_balance(owner.address)
        nonces = (
            fresh.safe.contract.call_view_method("nonce"),
            fresh.index.module.rebalanceNonce(),
        )
        return head(), counts, approved, balance, nonces, dict(_impersonated())

    before = trace()
    first = simulate(pack)
    assert trace() == before
    advance(13)
    after = head()
    assert int(after["timestamp"], 16) == int(before[0]["timestamp"], 16) + 13
    assert int(after["number"], 16) == int(before[0]["number"], 16) + 1
    assert simulate(pack) == first


def _impersonated():
    return ape.accounts.test_accounts._impersonated_accounts


def test_simulate__owners_without_keys(fresh, stranger):
    """R-44: nobody signs, and owners without ether pay no gas."""
    owners = ["0x" + f"{number:02d}" * 20 for number in (41, 42, 43)]
    addresses = [ape.types.AddressType(owner) for owner in owners]
    made = safe.create_safe(addresses, 2, stranger)
    fresh.house.agree(fresh.index.token, "setManager", made.address)
    fresh.house, fresh.safe = None, made
    fresh.read_again()
    simulated = simulate(fresh.pack())
    assert simulated["rebalance"]["nonce"] == str(fresh.state["nonce"] + 1)
    assert not set(addresses) & set(_impersonated())
    with pytest.raises(ape.exceptions.ApeException):
        ape.chain.provider.make_request(
            "eth_sendTransaction", [{"from": addresses[0], "to": addresses[1], "gas": "0x5208"}]
        )


def test_simulate__refused_by_the_module__raises(fresh):
    """R-44: with the reason, and without a trace."""
    fresh.state["nonce"] += 5
    fresh.units["state"] = documents.digest(fresh.state)
    before = head()
    with pytest.raises(IndexkitError) as error:
        simulate(fresh.pack())
    assert "the Safe's transaction fails (Wrong rebalance nonce)" in error.value.message
    assert head() == before


def test_simulate__on_a_live_network__raises(fresh, monkeypatch):
    """R-44: it says that it cannot, before it does anything."""
    monkeypatch.setattr(type(ape.chain.provider.network), "is_dev", property(lambda _: False))
    with pytest.raises(IndexkitError, match="Only a fork can simulate"):
        simulate(fresh.pack())


def test_execute__one_signature__is_refused(fresh):
    """R-14: one of three is nobody."""
    with pytest.raises(IndexkitError, match=r"the Safe refused its transaction \(GS020\)"):
        execute(fresh.pack(), fresh.signers.owners[:1], fresh.signers.owners[0])


def test_execute__does_something_else__raises(fresh):
    """R-44: an event, a balance or a target that was not simulated is an error."""
    pack = fresh.pack()
    simulated = simulate(pack)
    changed = copy.deepcopy(simulated)
    changed["parameters"]["UNI"]["target_unit"] = "1"
    with pytest.raises(IndexkitError) as error:
        execute(pack, fresh.signers.quorum, fresh.signers.owners[0], changed)
    target = simulated["parameters"]["UNI"]["target_unit"]
    assert f'parameters UNI target_unit: simulated "1", happened "{target}"' in error.value.message


def test_execute__balances_moved__raises(fresh, monkeypatch):
    """R-44: a balance that changes is noticed, whoever's it is."""
    pack, token = fresh.pack(), fresh.index.token
    simulated = simulate(pack)
    execution, issuer = safe.Safe.execute, fresh.index.roles.issuer

    def with_a_gift(self, *arguments):
        token.transfer(self.address, 5, sender=issuer)
        return execution(self, *arguments)

    monkeypatch.setattr(safe.Safe, "execute", with_a_gift)
    with pytest.raises(IndexkitError, match=r'simulated \[\], happened .*"change": "5"'):
        execute(pack, fresh.signers.quorum, fresh.signers.owners[0], simulated)


def test_submission__is_json_and_of_this_pack(fresh):
    """R-44: the record keeps checks, simulation and transaction, and knows its pack."""
    pack = fresh.pack()
    checks, simulated = preflight(pack), simulate(pack)
    executed = execute(pack, fresh.signers.quorum, fresh.signers.owners[0], simulated)
    content = submission(pack, checks, simulated, executed)
    assert json.loads(documents.canonical(content)) == content
    assert set(content["executed"]) == {"transaction", "block", "gas"}
    assert content["safe_tx_hash"] == "0x" + pack.hashes.transaction.hex()
    assert all(check["passed"] for check in content["checks"])
    verify_submission(content, pack)
    with pytest.raises(IndexkitError, match="nonce: expected 2, found 9"):
        verify_submission({**content, "nonce": 9}, pack)
    assert submission(pack, checks)["simulated"] is submission(pack, checks)["executed"] is None


def test_compose__from_the_chain__as_ape_encodes(fresh):
    """R-44: what is encoded without a compiler is what Ape encodes with one."""
    pack, module = compose(fresh.units, fresh.state, deadline_s=0, traders=[]), fresh.index.module
    arguments = (*fresh.rebalance.start_arguments(), pack.rebalance_nonce, 0)
    start = bytes(module.startRebalanceWithDeadline.encode_input(*arguments))
    assert pack.calls[-1].data == start
    batch = [(call.to, call.data) for call in pack.calls]
    whole = fresh.house.manager.executeBatch.encode_input(batch)
    assert pack.transaction.call.data == bytes(whole)
