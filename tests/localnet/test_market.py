"""Which market the localnet has: planning its pools, caching its state, choosing it."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import click
import pytest
from click.testing import CliRunner

from indexkit import rebalance_data
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, state, token_at
from indexkit.localnet.anvil import AnvilNode
from indexkit.localnet.arbitrage import market_price, reserves
from indexkit.localnet.artifacts import artifact
from indexkit.localnet.options import rebalance_option
from indexkit.localnet.paths import BUILD, ROOT
from indexkit.localnet.pools import BALANCER_V1, created_address, plan_pools, weth_reserve
from indexkit.localnet.provider import LocalnetProvider
from indexkit.localnet.state import MARKET_VARIABLE, state_file

MARKET = rebalance_data.load("dpi-2021-04")
MVI = rebalance_data.load("mvi-2021-06")


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Let states be built in an empty folder."""
    monkeypatch.setattr(state, "BUILD", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        # 201 times the maximum size at the published prices of token and WETH.
        ("WHALE", 201 * Fraction("853.0000") * Fraction("12.40") / Fraction("2838.09")),
        ("MEME", 201 * 9 * Fraction("545.74") / Fraction("2838.09")),
        ("MANA", 201 * 10_582 * Fraction("0.88") / Fraction("2838.09")),
    ],
)
def test_weth_reserve__of_any_decimals(symbol, expected):
    """Tokens of 4, 8 and 18 decimals; exact to half a wei."""
    reserve = weth_reserve(MVI.component(symbol), MVI.weth_price_usd)
    assert abs(reserve - expected * 10**18) <= Fraction(1, 2)


def test_plan_pools__one_for_each_component():
    """In the components' order; WETH itself needs none."""
    pools = plan_pools(MARKET)
    assert [pool.symbol for pool in pools] == [c.symbol for c in MARKET.components]
    assert all(
        pool.component_reserve == 201 * MARKET.component(pool.symbol).max_trade_size
        for pool in pools
    )
    wrapped = replace(MARKET.components[0], address=addresses.WETH)
    assert plan_pools(replace(MARKET, components=(wrapped,))) == ()


def test_plan_pools__balancer_pools_are_numbered():
    """The factory makes them one after the other."""
    bal = MARKET.component("BAL")
    other = replace(bal, symbol="OTHER", address="0x" + "11" * 20)
    first, second = plan_pools(replace(MARKET, components=(bal, other)))
    assert first.address == created_address(addresses.BALANCER_FACTORY, 1)
    assert second.address == created_address(addresses.BALANCER_FACTORY, 2)


def test_plan_pools__unknown_exchange__raises():
    """An exchange that is not placed is refused."""
    component = replace(MARKET.components[0], exchange="Bancor")
    with pytest.raises(IndexkitError, match="YFI trades on Bancor, which the localnet does not"):
        plan_pools(replace(MARKET, components=(component,)))


@pytest.mark.parametrize("name", ["dpi-2021-02", "mvi-2021-06"])
def test_market__of_another_rebalance(name, networks, monkeypatch):
    """Each rebalance has its own chain: day, exchanges, prices and depths."""
    monkeypatch.setenv(MARKET_VARIABLE, name)
    market = rebalance_data.load(name)
    network = networks.ethereum.mainnet_fork
    with network.use_provider(LocalnetProvider(name="foundry", network=network)) as provider:
        day = provider.get_block("latest").datetime.date()
        assert day == market.date
        for pool in plan_pools(market):
            component = market.component(pool.symbol)
            held = reserves(pool.component, pool.exchange)
            assert held.component == 201 * component.max_trade_size
            assert abs(held.mid_price / market_price(component, market) - 1) < Fraction(1, 10**6)
            assert token_at(pool.component).decimals() == component.decimals


def test_state_file__is_built_once_and_said(build, capfd):
    """The first start says that it builds; nothing but the state and its lock is left."""
    path = state_file(MARKET)
    assert capfd.readouterr().err == "Building the localnet of dpi-2021-04 (once) …\n"
    written = path.stat().st_mtime_ns
    assert state_file(MARKET) == path
    assert path.stat().st_mtime_ns == written
    assert capfd.readouterr().err == ""
    assert {file.name for file in build.iterdir()} == {path.name, "state-dpi-2021-04.lock"}


def test_state_file__other_figures__are_built_anew(build):
    """The file's name covers the figures; the outdated file is removed."""
    path = state_file(MARKET)
    changed = state_file(replace(MARKET, weth_price_usd=Decimal("1942.52")))
    assert changed != path
    assert not path.exists()
    assert changed.exists()


def test_state_file__concurrent_builders(tmp_path):
    """Two processes that start at once build one state, and both get it."""
    code = (
        "import sys, pathlib; from indexkit.localnet import state; "
        "state.BUILD = pathlib.Path(sys.argv[1]); "
        "print(state.state_file(state.selected_market()))"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [run.communicate(timeout=60) for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert outputs[0][0] == outputs[1][0]
    assert "".join(error for _, error in outputs).count("Building") == 1
    assert len(list(tmp_path.glob("state-*.json"))) == 1


def test_artifact__missing_package__raises():
    """A package that is not installed is named with the remedy."""
    with pytest.raises(IndexkitError, match=r"nothing\.json is missing from node_modules"):
        artifact("@nobody/nothing.json")


def test_rebalance_option__selects_before_the_command(monkeypatch):
    """The market is chosen while options are parsed; a wrong name ends the command."""
    monkeypatch.setenv(MARKET_VARIABLE, "dpi-2021-04")

    @click.command()
    @rebalance_option()
    def cli(rebalance):
        click.echo(f"{rebalance} {state.selected_market().name}")

    assert CliRunner().invoke(cli, ["--rebalance", "mvi-2021-06"]).output == (
        "mvi-2021-06 mvi-2021-06\n"
    )
    wrong = CliRunner().invoke(cli, ["--rebalance", "nothing"])
    assert wrong.exit_code == 1
    assert wrong.output.startswith("Error: No rebalance is called 'nothing'")


def test_command__runs_until_interrupted():
    """``ape run localnet`` says what is there, is there, and ends cleanly with Ctrl-C."""
    node = AnvilNode.start(("--accounts", "0"))
    port = node.url.rsplit(":", 1)[1]
    node.stop()
    process = subprocess.Popen(
        ["ape", "run", "localnet", "--port", port],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
        said = "".join(lines)
        command = next(line for line in lines if "ape console" in line)
        assert command.split()[1:] == [
            f"APE_FOUNDRY_HOST=http://127.0.0.1:{port}",
            *("ape", "console", "--network", "ethereum:mainnet-fork:foundry"),
        ]
        assert "Chain id  1\n" in said
        assert addresses.UNISWAP_V2_ROUTER in said
        console = subprocess.run(
            ["ape", "console", "--network", "ethereum:mainnet-fork:foundry"],
            cwd=ROOT,
            env={**os.environ, "APE_FOUNDRY_HOST": f"http://127.0.0.1:{port}"},
            input="from indexkit.localnet import *\n('embedded', is_embedded(), chain.chain_id)\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "('embedded', True, 1)" in console.stdout
        process.send_signal(signal.SIGINT)
        rest, error = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (process.returncode, rest, error) == (0, "Stopped.\n", "")
    assert not list(BUILD.glob(f"node-{process.pid}-*"))


def test_balancer__is_on_this_market():
    """The default market has all three exchanges."""
    assert {c.exchange for c in MARKET.components} == {"UniswapV2", "SushiSwap", BALANCER_V1}
