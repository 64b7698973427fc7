"""``make mutation``: mutate the contracts, play the tests, report the score and the survivors."""

import os

import click

from mutation import campaign, report
from mutation.equivalent import Register
from mutation.targets import TARGETS

SAMPLE = 60
"""Mutants of each contract that are played unless told otherwise: some 40 minutes in all."""

LEAST_SCORE = 0.9


@click.command()
@click.option("--contract", multiple=True, type=click.Choice(list(TARGETS)), help="Default: all.")
@click.option("--sample", default=SAMPLE, show_default=True, help="Mutants of each; 0 for all.")
@click.option("--only", default="", help="Mutants of places like contracts/lib/erc20.vy:57 only.")
@click.option("--seed", default=20201007, show_default=True, help="Which ones are drawn.")
@click.option("--workers", default=os.cpu_count() or 1, show_default=True)
@click.option("--baseline/--no-baseline", default=True, help="First check that tests pass.")
@click.option("--quick", is_flag=True, help="Play the likeliest scenarios only.")
@click.option("--again", is_flag=True, help="Only what the last campaign left alive.")
@click.option("--document", is_flag=True, help="Put the results into docs/MUTATION.md.")
@click.option("--only-report", is_flag=True, help="Report the last campaign.")
def main(
    contract: tuple[str, ...],
    sample: int,
    only: str,
    seed: int,
    workers: int,
    baseline: bool,
    quick: bool,
    again: bool,
    document: bool,
    only_report: bool,
) -> None:
    """Change the contracts in one place at a time, and see which changes no test notices."""
    if stale := list(Register.load().stale()):
        raise click.ClickException("equivalent.toml is stale:\n" + "\n".join(stale))
    if only_report or again:
        verdicts, facts = campaign.load()
        if again:
            verdicts = campaign.again(verdicts, workers)
    else:
        chosen = contract or tuple(TARGETS)
        orders = {name: campaign.draw(name, seed, only) for name in chosen}
        verdicts = campaign.run(orders, sample, workers, baseline=baseline, quick=quick)
        facts = {
            "sample": sample,
            "seed": seed,
            "quick": quick,
            "candidates": {name: len(TARGETS[name].candidates()) for name in chosen},
        }
    campaign.save(verdicts, facts)
    path = report.write(verdicts, facts, document=document)
    register = Register.load()
    low = []
    for name in dict.fromkeys(one.contract for one in verdicts):
        mine = [one for one in verdicts if one.contract == name]
        killed, of = report.score(mine, register)
        click.echo(f"{name}: {killed} of {of} killed ({killed / max(1, of):.1%})")
        low += [name] if killed < LEAST_SCORE * of else []
    click.echo(f"Survivors by line: {path}")
    if low:
        raise click.ClickException(f"below {LEAST_SCORE:.0%}: {', '.join(low)}")


if __name__ == "__main__":
    main()
