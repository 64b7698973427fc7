"""A campaign: which mutants are drawn, by how many workers they are judged, what is kept."""

import json
import multiprocessing
import os
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from indexkit.localnet.paths import ROOT
from mutation.equivalent import Register
from mutation.judge import VIABLE, Courts, Verdict
from mutation.operators import Mutation
from mutation.targets import TARGETS

RESULTS = ROOT / "build" / "mutation" / os.environ.get("MUTATION_RESULTS", "results.json")


class CampaignError(Exception):
    """A worker gave up: its last words."""


def draw(contract: str, seed: int, only: str = "") -> list[Mutation]:
    """Return a contract's mutations in the order in which they are drawn.

    Parameters
    ----------
    only
        How their places begin: path, or path:line.
    """
    candidates = [
        one for one in TARGETS[contract].candidates() if f"{one.path}:{one.line}:".startswith(only)
    ]
    random.Random(f"{seed}:{contract}").shuffle(candidates)
    return candidates


def run(orders: dict[str, list[Mutation]], sample: int, workers: int, **how: bool) -> list[Verdict]:
    """Judge mutants of each contract until enough of them were played.

    Parameters
    ----------
    orders
        By contract, in the order drawn.
    sample
        Mutants to play of each contract; 0 for all there are.
    how
        ``baseline``: first check that the tests pass; ``quick``: play the likeliest scenarios only.
    """
    verdicts = _judge_all(orders, sample, workers, **how)
    kept = []
    for contract, order in orders.items():
        places = {mutation: place for place, mutation in enumerate(order)}
        of_contract = [one for one in verdicts if one.contract == contract]
        of_contract.sort(key=lambda one: places[one.mutation])
        played = 0
        for verdict in of_contract:
            if sample and played == sample:
                break
            kept.append(verdict)
            played += verdict.status in VIABLE
    return kept


def again(before: Sequence[Verdict], workers: int) -> list[Verdict]:
    """Judge once more what was not killed and is not argued to be equivalent.

    What the sources no longer contain is forgotten.
    """
    register = Register.load()
    current = {contract: set(target.candidates()) for contract, target in TARGETS.items()}
    before = [one for one in before if one.mutation in current[one.contract]]
    orders: dict[str, list[Mutation]] = {}
    for one in before:
        if one.status in VIABLE[1:] and register.reason(one) is None:
            orders.setdefault(one.contract, []).append(one.mutation)
    new = {(one.contract, one.mutation): one for one in _judge_all(orders, 0, workers)}
    return [new.get((one.contract, one.mutation), one) for one in before]


def save(verdicts: Sequence[Verdict], facts: dict[str, Any]) -> None:
    """Write the verdicts down."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    content = {**facts, "verdicts": [one.as_json() for one in verdicts]}
    RESULTS.write_text(json.dumps(content, indent=1) + "\n")


def load() -> tuple[list[Verdict], dict[str, Any]]:
    """Return the verdicts of the last campaign, and what else was written down."""
    content = json.loads(RESULTS.read_text())
    names = {field.name for field in fields(Mutation)}
    verdicts = []
    for one in content.pop("verdicts"):
        mutation = Mutation(**{key: one["mutation"][key] for key in names})
        verdicts.append(Verdict(**{**one, "mutation": mutation}))
    return verdicts, content


def _judge_all(
    orders: dict[str, list[Mutation]],
    sample: int,
    workers: int,
    *,
    baseline: bool = False,
    quick: bool = False,
) -> list[Verdict]:
    fork = multiprocessing.get_context("fork")
    tasks: Any = fork.JoinableQueue()
    answers: Any = fork.Queue()
    played = {contract: fork.Value("i", 0) for contract in orders}
    for contract, order in orders.items():
        for place, _ in enumerate(order):
            tasks.put((contract, place))
    total = sum(map(len, orders.values()))
    for _ in range(workers):
        tasks.put(None)

    def work() -> None:
        parent = os.getppid()
        courts = Courts(quick=quick)
        checked: set[str] = set()
        while (task := tasks.get()) is not None:
            if os.getppid() != parent:
                break
            contract, place = task
            if sample and played[contract].value >= sample:
                answers.put(None)
                continue
            try:
                court = courts.of(contract)
                if baseline and contract not in checked:
                    court.check_baseline()
                    checked.add(contract)
                verdict = court.judge(orders[contract][place])
            except BaseException:
                answers.put(traceback.format_exc())
                break
            if verdict.status in VIABLE:
                with played[contract].get_lock():
                    played[contract].value += 1
            answers.put(verdict)
        courts.close()

    processes = [fork.Process(target=work) for _ in range(workers)]
    for process in processes:
        process.start()
    try:
        return _collect(answers, total, sample * len(orders), processes)
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _collect(answers: Any, total: int, wanted: int, processes: Any) -> list[Verdict]:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    verdicts: list[Verdict] = []
    counts: Counter[str] = Counter()
    start = last = time.monotonic()
    for done in range(1, total + 1):
        answer = answers.get()
        if isinstance(answer, str):
            raise CampaignError(answer)
        if answer is None:
            continue
        verdicts.append(answer)
        counts[answer.status] += 1
        if answer.status in VIABLE[1:]:
            m = answer.mutation
            _say(f"{answer.status}: {answer.contract} {m.path}:{m.line} {m.shown} {answer.why}")
        if time.monotonic() - last > 15 or done == total:
            last = time.monotonic()
            played = sum(counts[status] for status in VIABLE)
            aim = f" of {wanted:,}" if wanted else ""
            words = ", ".join(f"{count:,} {status}" for status, count in sorted(counts.items()))
            _say(f"mutation: {played:,}{aim} played ({words}), {last - start:.0f} s")
            with open(RESULTS.with_suffix(f".{os.getpid()}.partial"), "w") as file:
                json.dump([one.as_json() for one in verdicts], file)
    return verdicts


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
