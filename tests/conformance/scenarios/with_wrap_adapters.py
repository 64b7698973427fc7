"""The wrap modules of Set V2 with their adapters of Compound, Yearn and Aave, on our SetToken."""

from twins.guests import approved, basket, external, live, register
from twins.linking import deploy_linked, plug
from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage
from twins.world import set_v2

from indexkit.localnet import addresses

RATE = 2 * 10**26
"""What Compound's tokens are worth at first, D18 of base units: 0.02 with eight decimals."""

Data = tuple[bytes, ...]


def compound(s: Stage) -> None:
    """Deploy Compound with a market for DAI and one for ether."""
    s.deploy("comptroller", external("compound/Comptroller"))
    rates = s.deploy("rates", external("compound/WhitePaperInterestRateModel"), E18 // 50, E18 // 5)
    more = (s.comptroller, rates, RATE)
    s.deploy("cdai", external("compound/CERc20"), s.dai, *more, "cDAI", "cDAI", 8)
    s.deploy("ceth", external("compound/CEther"), *more, "cETH", "cETH", 8)
    for market in (s.cdai, s.ceth):
        s.comptroller._supportMarket(market, by=s.owner)


def yearn(s: Stage) -> Handle:
    """Deploy a vault of Yearn for DAI."""
    which = ("initialize(address,address,address,string,string)", "deposit(uint256)")
    vault = s.deploy("vault", external("yearn/Vault", *which, "withdraw(uint256)"))
    vault.initialize(s.dai, s.owner, s.owner, "yDAI", "yDAI", by=s.owner)
    vault.setDepositLimit(10**30, by=s.owner)
    vault.setManagementFee(0, by=s.owner)
    return vault


def with_compound(s: Stage, kind: str, adapter: str) -> None:
    """Create a basket with a wrap module and Compound's adapter."""
    compound(s)
    plug(s, "wrapping", kind, s.weth)
    deploy_linked(s, "compound_adapter", adapter)
    register(s, s.wrapping, "Compound", s.compound_adapter)
    basket(s, s.wrapping)
    s.wrapping.initialize(s.set, by=s.manager)
    approved(s, s.dai, s.issuer, s.cdai)
    s.cdai.mint(10**22, by=s.issuer)
    approved(s, s.cdai, s.issuer, s.issuance)


def lends_and_takes_back(s: Stage, data: Data) -> None:
    """Lend DAI, let it earn, issue and redeem, take a part and then all of it back."""
    s.wrapping.wrap(s.set, s.dai, s.cdai, 8 * E18, "Compound", *data, by=s.manager)
    s.set.getPositions()
    s.fund("dai", s.cdai, 777 * E18)
    live(s)
    held = s.set.getDefaultPositionRealUnit(s.cdai)
    s.wrapping.unwrap(s.set, s.dai, s.cdai, held // 3, "Compound", *data, by=s.manager)
    s.fund("dai", s.cdai, 7 * E18)
    live(s)
    held = s.set.getDefaultPositionRealUnit(s.cdai)
    s.wrapping.unwrap(s.set, s.dai, s.cdai, held, "Compound", *data, by=s.manager)
    s.set.getPositions()
    live(s)


def lends_ether(s: Stage, data: Data) -> None:
    """Lend the ether behind WETH; the market sends it back with the gas of a plain transfer."""
    s.wrapping.wrapWithEther(s.set, s.ceth, E18 // 11, "Compound", *data, by=s.manager)
    s.set.getPositions()
    held = s.set.getDefaultPositionRealUnit(s.ceth)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.wrapping.unwrapWithEther(s.set, s.ceth, held // 2, "Compound", *data, by=s.manager)
    held = s.set.getDefaultPositionRealUnit(s.ceth)
    s.wrapping.unwrapWithEther(s.set, s.ceth, held, "Compound", *data, by=s.manager)
    s.set.getPositions()
    live(s)


@scenario
def lends_on_compound(s: Stage) -> None:
    """Lend by WrapModule with CompoundWrapAdapter."""
    with_compound(s, "WrapModule", "protocol/integration/wrap/CompoundWrapAdapter")
    lends_and_takes_back(s, ())


@scenario
def lends_on_compound_v2(s: Stage) -> None:
    """Lend by WrapModuleV2 with CompoundWrapV2Adapter."""
    with_compound(s, "WrapModuleV2", "protocol/integration/wrap-v2/CompoundWrapV2Adapter")
    lends_and_takes_back(s, (b"",))


@scenario
def lends_ether_on_compound(s: Stage) -> None:
    """Lend ether by WrapModule with CompoundWrapAdapter."""
    with_compound(s, "WrapModule", "protocol/integration/wrap/CompoundWrapAdapter")
    lends_ether(s, ())


@scenario
def lends_ether_on_compound_v2(s: Stage) -> None:
    """Lend ether by WrapModuleV2 with CompoundWrapV2Adapter."""
    with_compound(s, "WrapModuleV2", "protocol/integration/wrap-v2/CompoundWrapV2Adapter")
    lends_ether(s, (b"",))


@scenario
def changes_nothing_when_compound_answers_with_an_error(s: Stage) -> None:
    """Lend to a market that is not listed: it answers with a number instead of reverting."""
    with_compound(s, "WrapModule", "protocol/integration/wrap/CompoundWrapAdapter")
    more = (s.comptroller, s.rates, RATE, "cOTHER", "cOTHER", 8)
    other = s.deploy("cother", external("compound/CERc20"), s.dai, *more)
    s.wrapping.wrap(s.set, s.dai, other, E18, "Compound", by=s.manager)
    s.set.getPositions()
    s.dai.allowance(s.set, other)


def with_yearn(s: Stage, kind: str, adapter: str) -> None:
    """Create a basket with a wrap module and Yearn's adapter."""
    yearn(s)
    plug(s, "wrapping", kind, s.weth)
    s.deploy("yearn_adapter", set_v2(adapter))
    register(s, s.wrapping, "Yearn", s.yearn_adapter)
    basket(s, s.wrapping)
    s.wrapping.initialize(s.set, by=s.manager)
    approved(s, s.dai, s.issuer, s.vault)
    s.vault.deposit(10**22, by=s.issuer)
    approved(s, s.vault, s.issuer, s.issuance)


def saves_and_spends(s: Stage, data: Data) -> None:
    """Deposit with Yearn, let it earn, withdraw; a token of another vault is refused."""
    wrap, unwrap = s.wrapping.wrap, s.wrapping.unwrap
    wrap(s.set, s.dai, s.vault, 8 * E18, "Yearn", *data, by=s.manager)
    s.fund("dai", s.vault, 777 * E18)
    live(s)
    held = s.set.getDefaultPositionRealUnit(s.vault)
    pair = "Must be a valid token pair"
    wrap(s.set, s.usdc, s.vault, 10**6, "Yearn", *data, by=s.manager, reverts=pair)
    unwrap(s.set, s.usdc, s.vault, held, "Yearn", *data, by=s.manager, reverts=pair)
    unwrap(s.set, s.dai, s.vault, held // 2, "Yearn", *data, by=s.manager)
    live(s)
    held = s.set.getDefaultPositionRealUnit(s.vault)
    unwrap(s.set, s.dai, s.vault, held, "Yearn", *data, by=s.manager)
    s.set.getPositions()
    live(s)


@scenario
def saves_with_yearn(s: Stage) -> None:
    """Save by WrapModule with YearnWrapAdapter."""
    with_yearn(s, "WrapModule", "protocol/integration/wrap/YearnWrapAdapter")
    saves_and_spends(s, ())


@scenario
def saves_with_yearn_v2(s: Stage) -> None:
    """Save by WrapModuleV2 with YearnWrapV2Adapter."""
    with_yearn(s, "WrapModuleV2", "protocol/integration/wrap-v2/YearnWrapV2Adapter")
    saves_and_spends(s, (b"",))


@scenario
def bubbles_the_vaults_refusal(s: Stage) -> None:
    """Deposit in a vault that was shut down: it says nothing."""
    with_yearn(s, "WrapModule", "protocol/integration/wrap/YearnWrapAdapter")
    s.vault.setEmergencyShutdown(True, by=s.owner)
    s.wrapping.wrap(
        s.set,
        s.dai,
        s.vault,
        E18,
        "Yearn",
        by=s.manager,
        reverts="Address: low-level call with value failed",
    )


@scenario
def migrates_to_aave(s: Stage) -> None:
    """Turn 100 of one token into one of another, for ever, with AaveMigrationWrapAdapter."""
    migrator = s.deploy("migrator", external("aave/v1/LendToAaveMigrator"), s.aave, s.lone, 100)
    s.fund("aave", migrator, 10**21)
    migrator.initialize(by=s.stranger)
    plug(s, "wrapping", "WrapModule", s.weth)
    adapter = set_v2("protocol/integration/wrap/AaveMigrationWrapAdapter")
    s.deploy("migration_adapter", adapter, migrator, s.lone, s.aave)
    register(s, s.wrapping, "Migration", s.migration_adapter)
    basket(s, s.wrapping, components={"lone": 20 * E18, "dai": E18})
    s.wrapping.initialize(s.set, by=s.manager)
    wrap, unwrap = s.wrapping.wrap, s.wrapping.unwrap
    wrap(s.set, s.dai, s.aave, E18, "Migration", by=s.manager, reverts="Must be LEND token")
    wrap(s.set, s.lone, s.usdc, E18, "Migration", by=s.manager, reverts="Must be AAVE token")
    wrap(s.set, s.lone, s.aave, 5 * E18, "Migration", by=s.manager)
    s.supply(s.issuer, s.issuance, ["aave"], 10**21)
    live(s)
    rest = s.set.getDefaultPositionRealUnit(s.lone)
    wrap(s.set, s.lone, s.aave, rest, "Migration", by=s.manager)
    s.set.getPositions()
    unwrap(
        s.set,
        s.lone,
        s.aave,
        1,
        "Migration",
        by=s.manager,
        reverts="AAVE migration cannot be reversed",
    )
    s.set.isComponent(s.lone)
    s.wrapping.unwrap(ZERO, s.lone, s.aave, 1, "Migration", by=s.manager, reverts="")


@scenario
def migrates_decentral_games(s: Stage) -> None:
    """Turn a token into 1,000 of its successor with DgMigrationWrapAdapter."""
    classic = s.deploy("classic", external("decentral_games/dgToken"))
    light = s.deploy("light", external("decentral_games/DGLight"), classic)
    plug(s, "wrapping", "WrapModule", s.weth)
    adapter = set_v2("protocol/integration/wrap/DgMigrationWrapAdapter")
    register(s, s.wrapping, "DG", s.deploy("dg_adapter", adapter, classic, light))
    classic.transfer(addresses.MARKET_MAKER, 10**23, by=s.owner)
    basket(s, s.wrapping, components={"classic": E18, "dai": E18})
    s.wrapping.initialize(s.set, by=s.manager)
    wrap, unwrap = s.wrapping.wrap, s.wrapping.unwrap
    wrap(s.set, s.dai, light, E18, "DG", by=s.manager, reverts="Must be DG V1 token")
    wrap(s.set, classic, s.dai, E18, "DG", by=s.manager, reverts="Must be DG V2 token")
    wrap(s.set, classic, light, E18, "DG", by=s.manager)
    s.set.getPositions()
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.issuance.redeem(s.set, 3 * E18, s.stranger, by=s.issuer)
    never = "DG migration cannot be reversed"
    unwrap(s.set, classic, light, E18, "DG", by=s.manager, reverts=never)
