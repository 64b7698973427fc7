"""What explorers ask of deployed contracts, compared with what was sent and with what is there."""

import pytest
from ape import chain, project

from indexkit import deploy, documents
from indexkit.deployment import explorers, recompiling
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses
from indexkit.localnet.paths import ROOT
from indexkit.localnet.pools import PAIR_CODE_HASHES

E18 = 10**18


def creation_code(name):
    """Return a contract's init code as the project compiled it."""
    return bytes.fromhex(project.contracts[name].deployment_bytecode.bytecode.removeprefix("0x"))


def runtime_code(name):
    """Return a contract's runtime code, without immutables."""
    return bytes.fromhex(project.contracts[name].runtime_bytecode.bytecode.removeprefix("0x"))


def step(contract, address, arguments, **others):
    """Return a step of a manifest."""
    return {
        "kind": "deploy",
        "contract": contract,
        "arguments": arguments,
        "status": "done",
        "address": address,
        "transaction": "0x" + "11" * 32,
        **others,
    }


def system(protocol):
    """Return the steps that every product refers to."""
    logic = protocol.creator.logic()
    return {
        "protocol.controller": step(
            "Controller", protocol.controller.address, ["0x" + "22" * 20], order=0
        ),
        "protocol.logic": step(
            "SetToken",
            logic,
            [[], [], [], protocol.controller.address, deploy.NOBODY, "SetToken", "LOGIC"],
            order=1,
        ),
    }


@pytest.fixture
def product(protocol, owner, manager, components):
    """Create an index through the IndexCreator; return it and its step in a manifest."""
    setups = [
        deploy.module_setup(protocol.governance, "initialize"),
        deploy.module_setup(protocol.issuance, "initialize", deploy.NOBODY),
    ]
    units = [10**17, 3]
    created = deploy.create_index(
        project,
        protocol,
        owner,
        components=components[:2],
        units=units,
        setups=setups,
        manager=manager,
        name="A product",
        symbol="PROD",
    )
    arguments = [
        [component.address for component in components[:2]],
        [str(unit) for unit in units],
        [[module.address, "0x" + a.hex(), "0x" + b.hex()] for module, a, b in setups],
        manager.address,
        "A product",
        "PROD",
    ]
    return created, step(
        "SetToken",
        created.address,
        arguments,
        kind="call",
        function="create",
        target=protocol.index_creator.address,
        order=2,
    )


def test_blueprint__holds_the_init_code_behind_the_preamble(protocol):
    """R-45: what the creator copies is ERC-5202's preamble and the shell's init code."""
    code = bytes(chain.provider.get_code(protocol.creator.blueprint()))
    assert code == explorers.BLUEPRINT_PREAMBLE + creation_code("SetTokenShell")


def test_deployed_code__is_the_runtime_with_its_immutables(index_module):
    """R-45: on chain, as many bytes as the init code says follow the runtime code."""
    code = bytes(chain.provider.get_code(index_module.address))
    runtime = runtime_code("SingleIndexModule")
    found = recompiling.trailer(creation_code("SingleIndexModule"))
    assert code[: len(runtime)] == runtime
    assert (len(runtime), len(code) - len(runtime)) == (found.runtime_size, found.immutables_size)
    assert bytes.fromhex(addresses.WETH[2:]) in code[len(runtime) :]


def test_deployed__has_the_arguments_that_were_sent(protocol, set_token, owner, accounts):
    """R-45: of lists, structs and hashes too, the encoding is what followed the init code."""
    permission = [protocol.governance.address, "0x01020304"]
    told = [set_token.address, protocol.streaming_fee.address]
    told += [accounts[7].address, accounts[8].address, str(E18 // 2), [permission]]
    manager = owner.deploy(
        project.IndexManager, *told[:4], E18 // 2, [(permission[0], bytes.fromhex("01020304"))]
    )
    hashes = ["0x" + PAIR_CODE_HASHES[name] for name in ("UniswapV2", "SushiSwap")]
    guard = [addresses.WETH, addresses.UNISWAP_V2_FACTORY, addresses.SUSHISWAP_FACTORY]
    steps = {
        "b": step("IndexManager", manager.address, told, order=2),
        "a": step("ExecutionGuard", protocol.guard.address, [*guard, *hashes, "1800"], order=3),
        "c": {"kind": "call", "contract": "Controller", "status": "done", "function": "addModule"},
        "d": step("IndexManager", "0x", [], status="sent"),
    }
    listed = explorers.deployed({"steps": steps}, project)
    assert [entry.step for entry in listed] == ["b", "a"]
    for entry, contract in zip(listed, (manager, protocol.guard), strict=True):
        transaction = chain.provider.get_receipt(contract.creation_metadata.txn_hash)
        assert bytes(transaction.data) == creation_code(entry.contract) + entry.arguments
        assert (entry.address, entry.is_blueprint) == (contract.address, False)


def test_deployed__of_a_product_makes_its_code(protocol, product):
    """R-45: the shell's init code with the arguments returns the very code of the product."""
    created, made = product
    manifest = {"steps": {**system(protocol), "index.PROD.token": made}}
    entry = explorers.deployed(manifest, project)[-1]
    assert (entry.contract, entry.is_blueprint) == ("SetTokenShell", False)
    # A creation that is only called answers with the code it would leave.
    data = "0x" + (creation_code("SetTokenShell") + entry.arguments).hex()
    code = chain.provider.make_request("eth_call", [{"data": data, "gas": hex(10**7)}, "latest"])
    assert code == "0x" + bytes(chain.provider.get_code(created.address)).hex()


def test_write_deployed__says_what_a_form_asks(tmp_path, protocol):
    """R-45: the contract's place in the input, its arguments, and that a blueprint is one."""
    manifest = {
        "network": "ethereum-sepolia",
        "chain_id": 11155111,
        "steps": {
            "protocol.blueprint": step("SetTokenShell", protocol.creator.blueprint(), []),
            "protocol.issuance": step(
                "BasicIssuanceModule", protocol.issuance.address, [protocol.controller.address]
            ),
        },
    }
    listed = explorers.deployed(manifest, project)
    written = documents.read(explorers.write_deployed(ROOT, tmp_path, manifest, listed))
    assert (written["network"], written["chain_id"]) == ("ethereum-sepolia", 11155111)
    shell, issuance = written["contracts"]
    assert (shell["blueprint"], shell["constructor_arguments"]) == (True, "")
    assert issuance == {
        "step": "protocol.issuance",
        "address": protocol.issuance.address,
        "transaction": "0x" + "11" * 32,
        "input": "BasicIssuanceModule.json",
        "contract": "contracts/modules/BasicIssuanceModule.vy:BasicIssuanceModule",
        "constructor_arguments": protocol.controller.address[2:].lower().zfill(64),
        "blueprint": False,
    }


MISFIT = "a.b: the arguments do not fit the constructor"


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (None, "has no steps"),
        (step("Nothing", "0x", []), "a.b: no contract is called 'Nothing'"),
        (step("Controller", "0x", []), MISFIT),
        (step("Controller", "0x", ["1"]), MISFIT),
        (step("Controller", "0x", [["1"]]), MISFIT),
        (step("Controller", "0x", 7), MISFIT),
        (step("StakingRewards", "0x", ["0x" + "11" * 20] * 3 + [[]]), MISFIT),
        (step("StakingRewards", "0x", ["0x" + "11" * 20] * 3 + ["one"]), MISFIT),
        (step("IndexToken", None, ["0x" + "11" * 20]), "a.b: the manifest has no address"),
        (
            step("SetToken", "0x", [], kind="call", function="create"),
            "a.b: the arguments are not those of IndexCreator.create",
        ),
        (
            step("SetToken", "0x", [[], [], [], "", "", ""], kind="call", function="create"),
            "The manifest has 0 contracts Controller",
        ),
    ],
)
def test_deployed__refuses_what_does_not_fit(made, sentence):
    """R-45: one sentence with the step in it."""
    with pytest.raises(IndexkitError) as refused:
        explorers.deployed({"steps": {"a.b": made}} if made else {"steps": [1]}, project)
    assert sentence in refused.value.message
