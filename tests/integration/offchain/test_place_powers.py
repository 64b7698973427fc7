"""What each strategy counts, against what the contracts say at the same block (V-8, R-25)."""

from ape import chain
from town import DAY_S, E18, EVERYWHERE, TOTAL, stake

from indexkit.metagov.holdings import owners
from indexkit.metagov.moment import NOBODY
from indexkit.metagov.supply import circulating, pots


def told(town):
    """Return what the contracts themselves owe each person now, by account and strategy."""
    reserve, supply = town.token.balanceOf(town.pair), town.pair.totalSupply()
    answers = {}
    for one in town.people:
        lp = town.pair.balanceOf(one) + town.farms[0].balanceOf(one)
        mine = [i for i in range(town.streams.streamCount()) if town.streams.getStream(i)[0] == one]
        answers[one.address] = {
            "wallet": town.token.balanceOf(one),
            "vesting": sum(town.streams.claimable(number) for number in mine),
            "farms": sum(farm.earned(one) for farm in town.farms) + town.farms[1].balanceOf(one),
            "pools": lp * reserve // supply,
        }
    return answers


def without(powers, name):
    """Return powers but of one strategy."""
    return {
        account: {key: power for key, power in found.items() if key != name}
        for account, found in powers.items()
    }


def stir(town):
    """Do something everywhere."""
    lp_farm, index_farm = town.farms
    town.streams.claim(0, sender=town.heir)
    lp_farm.getReward(sender=town.staker)
    index_farm.exit(sender=town.staker)
    stake(index_farm, town.token, town.holder, 9 * E18)
    lp_farm.withdraw(1_000 * E18, sender=town.provider)
    town.pair.transfer(town.heir, 500 * E18, sender=town.provider)
    town.token.transfer(town.heir, 5 * E18, sender=town.holder)


def test_powers__as_the_contracts_say(town):
    """V-8: each place at a block; the same when it is counted after all has moved."""
    expected = told(town)
    block = chain.blocks.head.number
    assert without(town.count(*EVERYWHERE), "unclaimed") == expected
    stir(town)
    chain.mine(timestamp=chain.blocks.head.timestamp + 40 * DAY_S)
    assert without(town.count(*EVERYWHERE, block=block), "unclaimed") == expected
    later = told(town)
    assert without(town.count(*EVERYWHERE), "unclaimed") == later
    assert later != expected


def test_powers__everybody_and_nobodys_part__ten_million(town):
    """R-25, V-8: every coin counts once, or is nobody's, as the contracts tell it."""
    stir(town)
    town.publish({town.holder: 10 * E18, town.heir: 3 * E18})
    chain.mine(timestamp=chain.blocks.head.timestamp + DAY_S)
    counted = sum(sum(found.values()) for found in town.count(*EVERYWHERE).values())
    now, count = chain.blocks.head.timestamp, town.streams.streamCount()
    unvested = sum(town.streams.getStream(i)[3] - town.streams.vested(i, now) for i in range(count))
    lp_farm, index_farm = town.farms
    unstreamed = sum(
        town.token.balanceOf(farm) - sum(farm.earned(one) for one in town.people)
        for farm in town.farms
    )
    unstreamed -= index_farm.totalSupply()
    reserve, supply = town.token.balanceOf(town.pair), town.pair.totalSupply()
    lp = [town.pair.balanceOf(one) + lp_farm.balanceOf(one) for one in town.people]
    locked = reserve - sum(amount * reserve // supply for amount in lp)
    assert locked < 1_000_000
    assert counted + unvested + unstreamed + locked == TOTAL


def test_powers__strategies_add_up_each_alone(town):
    """V-8: together they are what each is alone."""
    together = town.count(*EVERYWHERE)
    for name in EVERYWHERE:
        alone = town.count(name)
        assert {one: found[name] for one, found in together.items()} == {
            one: found[name] for one, found in alone.items()
        }


def test_circulating__what_all_but_the_treasury_have(town):
    """R-25: circulating is all powers but the treasury's, and what LP tokens round away."""
    stir(town)
    everybody = town.count(*EVERYWHERE)
    for found in everybody.values():
        found.pop("pools")
    others = sum(
        sum(found.values())
        for account, found in everybody.items()
        if account != town.treasury.address
    )
    moment = town.moment()
    assert circulating(moment) == others + town.token.balanceOf(town.pair)
    assert sum(pot.amount for pot in pots(moment)) == TOTAL


def test_pools__lp_tokens_of_nobody__are_no_votes(town):
    """V-8: what lies at the zero address or in the pair itself stands for nobody's INDEX."""
    for lost in (NOBODY, town.pair.address):
        town.pair.transfer(lost, 700 * E18, sender=town.provider)
    found = owners("pools", town.pair.address, town.moment(), ())
    assert {NOBODY, town.pair.address}.isdisjoint(found)
    reserve, supply = town.token.balanceOf(town.pair), town.pair.totalSupply()
    assert sum(found.values()) < reserve - 1_399 * E18 * reserve // supply
