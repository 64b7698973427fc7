"""What is declared of INDEX: read strictly, every base unit planned, in an order that tells."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexkit.deployment.declaration import ListTerms
from indexkit.deployment.distribution_plan import begins
from indexkit.deployment.plan import plan, with_deployer
from indexkit.deployment.reading import declaration_of
from indexkit.deployment.steps import Address, Call, Deploy, Pair, needed
from indexkit.economics.allocation import load
from indexkit.economics.circulating import TOTAL
from indexkit.economics.claiming import proofs_of
from indexkit.economics.distribution import plan_of
from indexkit.economics.lists import INITIAL, Claim, read_initial, tree_of
from indexkit.economics.merkle_tree import initial_leaf, verify
from indexkit.errors import IndexkitError
from indexkit.localnet.paths import ROOT

DECLARED = ROOT / "deployments" / "declared"
SIGNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
OTHER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"
DAY_S = 86_400
BEGIN = 1_893_456_000
"""2030-01-01T00:00:00Z {s}."""
WAD = 10**18


@pytest.fixture
def declared_file() -> dict[str, Any]:
    """Return what the declaration for the localnet says, to be changed."""
    return tomllib.loads((DECLARED / "localnet.toml").read_text())


@pytest.fixture
def steps_of() -> Callable[..., tuple[Any, ...]]:
    """Return a function that plans the DAO of a declaration, for any treasury."""

    def make(content: dict[str, Any], treasury: str = "deployer") -> tuple[Any, ...]:
        content["dao"]["treasury"] = treasury
        return plan(declaration_of("test", content), SIGNER, "dao")

    return make


def _paid(steps: tuple[Any, ...]) -> dict[str, int]:
    """Return what each step moves {INDEX base units}."""
    transfers = {step.id: step.arguments[1] for step in steps if _is(step, "transfer")}
    streams = {
        step.id: sum(amount for _, amount in step.arguments[2])
        for step in steps
        if _is(step, "create")
    }
    return transfers | streams


def _is(step: Any, function: str) -> bool:
    return isinstance(step, Call) and step.function == function


@pytest.mark.parametrize("name", ["localnet", "sepolia"])
def test_declared__is_the_published_distribution(name: str) -> None:
    """Amounts, lengths and the list are those of 2020, each put off by the same time."""
    content = tomllib.loads((DECLARED / f"{name}.toml").read_text())
    content["index"][0]["methodologist"] = OTHER
    found = declaration_of(name, content).distribution
    assert found is not None
    first = found.streams[0].schedule.begin
    published = plan_of(load(), read_initial())
    published = published.shifted(first - published.streams["treasury"].begin)

    assert [each.schedule for each in found.streams] == list(published.streams.values())
    assert found.at_once == published.treasury
    assert found.initial is not None
    assert (found.initial.root, found.initial.amount) == (
        published.initial_root,
        published.initial,
    )
    assert found.mining is not None
    assert (found.mining.amount, found.mining.duration_s) == (
        published.mining,
        published.mining_seconds,
    )
    assert found.bounty is not None
    assert (found.bounty.amount, found.bounty.begin) == (published.bounty, published.bounty_begin)


def test_dao_steps__every_base_unit_is_paid_once(
    declared_file: dict[str, Any], steps_of: Callable[..., tuple[Any, ...]]
) -> None:
    """All INDEX is the deployer's, and leaves it; what its own treasury gets stays."""
    steps = steps_of(declared_file, OTHER)
    paid = _paid(steps)

    assert steps[0] == Deploy("dao.index_token", "IndexToken", (SIGNER,))
    assert sum(paid.values()) == TOTAL
    assert paid["dao.treasury_funded"] == 500_000 * WAD
    assert paid["dao.stream.treasury"] == 4_750_000 * WAD
    (allowance,) = (step.arguments[1] for step in steps if _is(step, "approve"))
    assert allowance == sum(paid[key] for key in paid if key.startswith("dao.stream."))
    kept = _paid(steps_of(declared_file))
    assert sum(kept.values()) == TOTAL - 500_000 * WAD
    assert "dao.treasury_funded" not in kept


def test_dao_steps__constructors(
    declared_file: dict[str, Any], steps_of: Callable[..., tuple[Any, ...]]
) -> None:
    """Each contract is told the treasury, what it pays, and what counts for it."""
    made = {step.id: step.arguments for step in steps_of(declared_file, OTHER)}
    token, venues = Address("dao.index_token"), declaration_of("test", declared_file).venues

    assert made["dao.token_stream"] == (token,)
    assert made["dao.merkle_distributor"] == (token, read_initial().root)
    assert made["dao.staking_rewards"][:2] == (OTHER, token)
    assert made["dao.staking_rewards"][3] == 60 * DAY_S
    assert made["dao.methodologist_bounty"] == (
        token,
        750_000 * WAD,
        BEGIN + 61 * DAY_S,
        OTHER,
        venues.weth,
        venues.uniswap.factory,
        Address("protocol.streaming_fee"),
    )


def test_dao_steps__order(
    declared_file: dict[str, Any], steps_of: Callable[..., tuple[Any, ...]]
) -> None:
    """Whoever could have INDEX of a pot is paid after all pots that his INDEX could pay."""
    steps = steps_of(declared_file, OTHER)
    names = [step.id for step in steps]

    assert names[1:5] == [
        "dao.token_stream",
        "dao.merkle_distributor",
        "dao.staking_rewards",
        "dao.methodologist_bounty",
    ]
    assert names[5:] == [
        "dao.staking_rewards_funded",
        "dao.methodologist_bounty_funded",
        "dao.stream_allowance",
        "dao.stream.treasury",
        "dao.stream.SetLabs",
        "dao.stream.DeFiPulse",
        "dao.merkle_distributor_funded",
        "dao.treasury_funded",
        "dao.meta_governor",
    ]
    for place, step in enumerate(steps):
        assert {key for key in needed(step) if key.startswith("dao.")} <= set(names[:place])


def test_dao_steps__payments_state_what_proves_them(
    declared_file: dict[str, Any], steps_of: Callable[..., tuple[Any, ...]]
) -> None:
    """A payment holds if the receiver has exactly it; at last the deployer has nothing."""
    steps = steps_of(declared_file, OTHER)
    for step in steps:
        if _is(step, "transfer"):
            receiver, amount = step.arguments
            assert (step.holds[0].arguments, step.holds[0].expected) == ((receiver,), amount)
    last = steps[-2]
    assert [(view.arguments, view.expected) for view in last.holds[1:]] == [((SIGNER,), 0)]
    for number, step in enumerate(step for step in steps if _is(step, "create")):
        recipient, begin, segments = step.arguments
        total = sum(amount for _, amount in segments)
        assert {view.arguments for view in step.holds} == {(number,)}
        assert [view.expected for view in step.holds] == [recipient, begin, total, segments]


def test_dao_steps__stakes_the_pool_of_an_index(
    declared_file: dict[str, Any], steps_of: Callable[..., tuple[Any, ...]]
) -> None:
    """The farm takes the LP tokens of the index with WETH, or any other token that is named."""
    farm = next(step for step in steps_of(declared_file) if step.id == "dao.staking_rewards")
    pool = farm.arguments[2]
    assert isinstance(pool, Pair)
    assert pool.tokens[0] == Address("index.SMALL.token")
    assert "index.SMALL.token" in needed(farm)

    declared_file["dao"]["distribution"]["mining"] = {
        "amount": "900000",
        "days": 60,
        "staking_token": OTHER,
    }
    again = next(step for step in steps_of(declared_file) if step.id == "dao.staking_rewards")
    assert again.arguments == (*farm.arguments[:2], OTHER, 60 * DAY_S)


def test_dao_steps__nothing_to_distribute(
    declared_file: dict[str, Any], steps_of: Callable[..., tuple[Any, ...]]
) -> None:
    """Without a distribution the treasury gets all INDEX, whoever it is."""
    del declared_file["dao"]["distribution"]
    steps = steps_of(declared_file, OTHER)
    assert [step.id for step in steps] == ["dao.index_token", "dao.meta_governor"]
    assert steps[0].arguments == (OTHER,)


def test_dao_steps__figures_of_ones_own(
    tmp_path: Path, declared_file: dict[str, Any], steps_of: Callable[..., tuple[Any, ...]]
) -> None:
    """A cliff, two lengths and a bounty of one's own; what is left out is not deployed."""
    declared_file["dao"]["distribution"] = {
        "at_once": "9999989.5",
        "bounty": {"amount": "10", "begin": "2031-01-01T00:00:00Z"},
        "stream": [
            {
                "name": "one",
                "recipient": "deployer",
                "begin": "2030-01-01T00:00:00Z",
                "segments": [{"days": 3, "amount": "0"}, {"days": 2, "amount": "0.5"}],
            }
        ],
    }
    steps = steps_of(declared_file, OTHER)

    assert _paid(steps) == {
        "dao.methodologist_bounty_funded": 10 * WAD,
        "dao.stream.one": WAD // 2,
        "dao.treasury_funded": 9_999_989 * WAD + WAD // 2,
    }
    (stream,) = (step for step in steps if _is(step, "create"))
    segments = [(BEGIN + 3 * DAY_S, 0), (BEGIN + 5 * DAY_S, WAD // 2)]
    assert stream.arguments == (SIGNER, BEGIN, segments)
    found = declaration_of("test", declared_file).distribution
    assert found is not None
    assert begins(found) == {
        "dao.stream.one": BEGIN,
        "dao.methodologist_bounty": 1_924_992_000,
    }


def test_declaration_of__list_of_ones_own(tmp_path: Path, declared_file: dict[str, Any]) -> None:
    """Its accounts find their proofs, and whoever is not on it finds nothing."""
    claims = (Claim(SIGNER, 7), Claim(OTHER, 10**23 - 7))
    root = tree_of(claims).root
    content = {
        "name": "mine",
        "root": "0x" + root.hex(),
        "total": str(10**23),
        "claims": [{"account": each.account, "amount": str(each.amount)} for each in claims],
    }
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(content))
    declared_file["dao"]["distribution"]["initial"] = {"file": str(file), "root": content["root"]}

    found = declaration_of("test", declared_file).distribution

    assert found is not None
    assert found.initial == ListTerms(root, 10**23)
    claim = proofs_of(OTHER, listed=file)["claim"]
    proof = [bytes.fromhex(each[2:]) for each in claim["merkleProof"]]
    assert verify(root, initial_leaf(int(claim["index"]), OTHER, int(claim["amount"])), proof)
    with pytest.raises(IndexkitError, match="is in no list"):
        proofs_of("0x0002DcfD1EF89c80B3A9518adF67D1b845D619c2", listed=file)


STREAM = {"name": "one", "recipient": "deployer", "begin": "2030-01-01T00:00:00Z"}
LONG = [{"days": 1, "amount": "1"}] * 17


@pytest.mark.parametrize(
    ("part", "value", "sentence"),
    [
        (
            "at_once",
            "499999",
            r"are 9\d+ base units of INDEX together, and there are 10{25}:",
        ),
        ("at_once", 500_000, "at_once is 500000, not a number"),
        ("at_once", None, "'at_once' is missing"),
        ("airdrop", {}, r"no field 'airdrop' \(there are: at_once, stream"),
        ("initial", {"file": "nowhere.json", "root": "0x" + 64 * "0"}, "nowhere.json"),
        (
            "initial",
            {"file": "data/token/initial_distribution.json", "root": "0x" + 64 * "0"},
            "the root of .* is 0x0f2c.*, not the declared one: name the right file",
        ),
        ("initial", {"file": "data/token/initial_distribution.json"}, "'root' is missing"),
        ("initial", {"file": "data/token/walk.json", "root": "0x" + 64 * "0"}, "walk.json: "),
        ("mining", {"pot": "liquidity-mining"}, "give either pool_of or staking_token"),
        ("mining", {"pool_of": "SMALL"}, "give either pot or amount"),
        (
            "mining",
            {"pot": "liquidity-mining", "days": 60, "pool_of": "SMALL"},
            r"no field 'days' \(there are: pot, pool_of\)",
        ),
        ("mining", {"pot": "set-labs", "pool_of": "SMALL"}, "pot is 'set-labs', not"),
        (
            "mining",
            {"pot": "liquidity-mining", "pool_of": "DPI"},
            r"no index is called 'DPI' \(there are: SMALL\): name one",
        ),
        ("mining", {"amount": "0", "days": 60, "pool_of": "SMALL"}, "its amount is 0"),
        (
            "mining",
            {"amount": "1", "days": 0, "pool_of": "SMALL"},
            "days is 0, not a number",
        ),
        ("bounty", {"pot": "methodologist-bounty"}, "'begin' is missing"),
        (
            "bounty",
            {"pot": "methodologist-bounty", "begin": "2030-13-01T00:00:00Z"},
            "begin is '2030-13-01T00:00:00Z', not a time such as",
        ),
        ("bounty", {"amount": "0", "begin": "2030-01-01T00:00:00Z"}, "its amount is 0"),
        ("stream", [STREAM], "give either pot or segments"),
        ("stream", [STREAM | {"pot": "liquidity-mining"}], "pot is 'liquidity-mining', not"),
        ("stream", [STREAM | {"pot": "set-labs", "name": "t-1"}], "name is 't-1', not a text"),
        ("stream", 2 * [STREAM | {"pot": "set-labs"}], "two streams have one name: rename one"),
        ("stream", [STREAM | {"segments": LONG}], "it has 17 segments, not 1 to 16"),
        ("stream", [STREAM | {"segments": []}], "it has 0 segments"),
        (
            "stream",
            [STREAM | {"pot": "set-labs", "begin": "1969-01-01T00:00:00Z"}],
            r"stream\[0\] one: .* is no time span",
        ),
        ("stream", [STREAM | {"segments": [{"days": 1, "amount": "0"}]}], "total is 0 base units"),
        (
            "stream",
            [STREAM | {"segments": [{"days": 40_000, "amount": "1"}]}],
            "days is 40000",
        ),
        (
            "stream",
            [STREAM | {"recipient": "x", "pot": "set-labs"}],
            "recipient is 'x', not",
        ),
    ],
)
def test_declaration_of__distribution_that_is_wrong(
    declared_file: dict[str, Any], part: str, value: object, sentence: str
) -> None:
    """Each is refused with what, where and what to do."""
    distribution = declared_file["dao"]["distribution"]
    if value is None:
        del distribution[part]
    else:
        distribution[part] = value

    with pytest.raises(IndexkitError, match=sentence) as refused:
        declaration_of("test", declared_file)

    assert refused.value.message.count(". ") == 0
    assert refused.value.message.endswith(".")


def test_declaration_of__list_that_was_changed(
    tmp_path: Path, declared_file: dict[str, Any]
) -> None:
    """A list whose claims are not those of its root is refused, whatever is declared."""
    content = json.loads(INITIAL.read_text())
    content["claims"][0]["amount"] = str(int(content["claims"][0]["amount"]) + 1)
    content["total"] = str(int(content["total"]) + 1)
    changed = tmp_path / "list.json"
    changed.write_text(json.dumps(content))
    declared_file["dao"]["distribution"]["initial"]["file"] = str(changed)

    with pytest.raises(IndexkitError, match="the root of the claims is 0x"):
        declaration_of("test", declared_file)


def test_with_deployer__recipients_too(declared_file: dict[str, Any]) -> None:
    """A stream to "deployer" is the signer's."""
    found = with_deployer(declaration_of("test", declared_file), SIGNER).distribution
    assert found is not None
    assert [each.recipient == SIGNER for each in found.streams] == [True, False, False]
