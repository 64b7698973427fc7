"""What a report says first: whether the rebalance did what it should, and at what cost."""

from collections.abc import Iterator, Mapping
from typing import Any

from indexkit.report.wording import counted, percent_of_bps, tokens, weth


def verdict(content: Mapping[str, Any], *, finished: bool, stopped: str | None) -> dict[str, Any]:
    """Return the verdict on the figures.

    Returns
    -------
    dict
        ``tone``: "good" if it finished, met all targets, kept the budget and nobody was found to
        sandwich it; "bad" if it did not finish or broke the budget; else "fair". ``sentences``
        name each of these.
    """
    met = sum(line["met"] for line in content["units"])
    facts = {
        "finished": finished,
        "stopped": stopped,
        "targets": len(content["units"]),
        "targets_met": met,
        "within_budget": _within(content["budget"]),
        "sandwiched": content["totals"]["sandwiched"],
    }
    return {**facts, "tone": _tone(facts), "sentences": _sentences(content, facts)}


def _within(budget: Mapping[str, Any] | None) -> bool | None:
    return None if budget is None else int(budget["loss"]) <= int(budget["budget"])


def _tone(facts: Mapping[str, Any]) -> str:
    if not facts["finished"] or facts["stopped"] or facts["within_budget"] is False:
        return "bad"
    whole = facts["targets_met"] == facts["targets"]
    return "good" if whole and not facts["sandwiched"] else "fair"


def _sentences(content: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    totals, budget = content["totals"], content["budget"]
    return [
        _ending(facts),
        _targets(content, facts),
        f"Trading cost {weth(totals['cost'])} WETH"
        + (f", {totals['cost_bps']} bps of what was traded." if totals["cost_bps"] else "."),
        "No guard counted losses."
        if budget is None
        else f"The guard counted {weth(budget['loss'])} WETH lost of a budget of "
        f"{weth(budget['budget'])}{_used(budget)}.",
        _others(totals),
        *_flows(content),
    ]


def _ending(facts: Mapping[str, Any]) -> str:
    if facts["stopped"]:
        return f"It stopped: {facts['stopped'].rstrip('.')}."
    return "The rebalance finished." if facts["finished"] else "The rebalance is not finished."


def _targets(content: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    if facts["targets_met"] == facts["targets"]:
        return f"All {facts['targets']} targets are met."
    missed = ", ".join(line["symbol"] for line in content["units"] if not line["met"])
    return f"{facts['targets_met']} of {facts['targets']} targets are met; not {missed}."


def _flows(content: Mapping[str, Any]) -> Iterator[str]:
    flows, heading = content["flows"], content["heading"]
    if flows["tokens"]:
        ways = (("came", "came in"), ("went", "went out"))
        told = [f"{weth(flows[key])} WETH {way}" for key, way in ways if flows[key] != "0"]
        worth = " and ".join(told or ["less than a wei came or went"])
        yield f"Besides trades, tokens worth {worth}, on balance (issued, redeemed or given)."
    before, after = (heading[when]["total_supply"] for when in ("before", "after"))
    if before != after:
        yield f"The supply went from {tokens(before, 18)} to {tokens(after, 18)} meanwhile."


def _used(budget: Mapping[str, Any]) -> str:
    return "" if budget["used_bps"] is None else f" ({percent_of_bps(budget['used_bps'])})"


def _others(totals: Mapping[str, Any]) -> str:
    if not totals["moved"]:
        return "Nobody moved a pool in the block of a trade before it."
    moved = counted(totals["moved"], "trade")
    sandwiched = counted(totals["sandwiched"], "of them was", "of them were")
    return (
        f"Others moved the pool before {moved} in the same block, which cost "
        f"{weth(totals['front_run'])} WETH; {sandwiched} sandwiched."
    )
