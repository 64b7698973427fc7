"""What is mutated, and which tests know it best."""

from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from indexkit.localnet.paths import ROOT
from mutation.operators import Mutation, mutations, sources_of


@dataclass(frozen=True, slots=True)
class Target:
    """A contract and the tests that are played against its mutants.

    Attributes
    ----------
    name, path
        Of the contract.
    scenarios
        Patterns of conformance scenarios: file.function.
    tests
        Patterns of test files, below ``tests``.
    additions
        Files of which the original has nothing like: scenarios know little about them.
    stands_for
        The contract whose ABI it answers to, if it is not its own.
    fronted_by
        Path of a contract that answers some of its functions itself: nobody reaches those here.
    """

    name: str
    path: str
    scenarios: tuple[str, ...]
    tests: tuple[str, ...]
    additions: tuple[str, ...] = ()
    stands_for: str = ""
    fronted_by: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """The contract's file and those of the library modules it is made of."""
        return tuple(sources_of(self.path, source))

    def candidates(self) -> list[Mutation]:
        """Return every mutation of the contract."""
        return [one for path in self.files for one in mutations(path, source(path))]

    def test_files(self) -> list[str]:
        """Return the test files, from the project's root."""
        tests = ROOT / "tests"
        found = [path for pattern in self.tests for path in sorted(tests.glob(pattern))]
        return [str(path.relative_to(ROOT)) for path in dict.fromkeys(found)]

    def plays(self, scenario: str) -> bool:
        """Whether a scenario is played against the contract's mutants."""
        return any(fnmatch(scenario, pattern) for pattern in self.scenarios)


_SHELL = "contracts/core/SetTokenShell.vy"
_SET_TOKEN = (
    ("set_token_*", "creator.*", "core_bounds.*", "corners.*", "issuance_external.*"),
    (
        *("unit/core/test_set_token_*.py", "unit/core/test_position_book.py"),
        *("unit/core/test_set_word.py", "unit/core/test_precise_math.py"),
    ),
)

TARGETS = {
    target.name: target
    for target in (
        Target("SetToken", "contracts/core/SetToken.vy", *_SET_TOKEN, fronted_by=_SHELL),
        Target("SetTokenShell", _SHELL, *_SET_TOKEN, stands_for="SetToken"),
        Target(
            "BasicIssuanceModule",
            "contracts/modules/BasicIssuanceModule.vy",
            ("issuance*", "corners.*", "on_set_v2.issuance_refuses"),
            (
                *("unit/modules/test_issuance_limits.py", "unit/modules/test_issuance_frozen.py"),
                *(
                    "unit/modules/test_issuance_frozen_[al]*.py",
                    "unit/modules/test_issuance_[ht]*.py",
                ),
                "unit/modules/test_issuance.py",
            ),
            ("contracts/lib/frozen_claims.vy",),
        ),
        Target(
            "StreamingFeeModule",
            "contracts/modules/StreamingFeeModule.vy",
            ("streaming_fee*", "corners.*"),
            ("unit/modules/test_streaming_fee*.py",),
        ),
        Target(
            "SingleIndexModule",
            "contracts/modules/SingleIndexModule.vy",
            ("single_index*", "corners.*", "with_rebalance.*", "on_set_v2.index_module_refuses"),
            ("unit/modules/test_index_[gl]*.py", "unit/modules/test_index*.py"),
            ("contracts/lib/index_limits.vy",),
        ),
        Target(
            "IndexManager",
            "contracts/manager/IndexManager.vy",
            (),
            ("unit/manager/test_[!h]*.py",),
        ),
        Target(
            "ExecutionGuard",
            "contracts/guards/ExecutionGuard.vy",
            (),
            ("unit/guards/test_*.py", "unit/modules/test_index_guard*.py"),
        ),
        Target(
            "IndexToken",
            "contracts/dao/IndexToken.vy",
            (),
            (
                *("unit/dao/test_index_token.py", "unit/dao/test_index_token_[vs]*.py"),
                "unit/dao/test_index_token_against_original.py",
            ),
        ),
        Target(
            "MetaGovernor",
            "contracts/dao/MetaGovernor.vy",
            (),
            ("unit/dao/test_meta_governor.py", "unit/dao/test_meta_governor_execution.py"),
        ),
        Target(
            "MethodologistBounty",
            "contracts/dao/MethodologistBounty.vy",
            (),
            (
                "unit/dao/bounty/test_methodologist_bounty.py",
                "unit/dao/bounty/test_methodologist_bounty_[ars]*.py",
            ),
            (
                *("contracts/lib/bounty_indices.vy", "contracts/lib/bounty_months.vy"),
                "contracts/lib/fee_value.vy",
            ),
        ),
        Target(
            "StakingRewards",
            "contracts/dao/StakingRewards.vy",
            (),
            ("unit/dao/test_staking_rewards.py", "unit/dao/test_staking_rewards*.py"),
        ),
        Target(
            "MerkleDistributor",
            "contracts/dao/MerkleDistributor.vy",
            (),
            (
                "unit/dao/claims/test_merkle_distributor.py",
                "unit/dao/claims/test_merkle_attacks.py",
                "unit/core/test_ownable_two_step.py",
            ),
        ),
        Target(
            "TokenStream",
            "contracts/dao/TokenStream.vy",
            (),
            ("unit/dao/streams/test_token_stream.py", "unit/dao/streams/test_stream_[as]*.py"),
        ),
    )
    if (ROOT / target.path).is_file()
}
"""The contracts that hold or move a basket, by name."""


@cache
def source(path: str) -> str:
    """Return the text of a source file, by its path from the project's root."""
    return (ROOT / Path(path)).read_text()
