"""What the owners of a Safe sign to start a rebalance: composed, explained, checked, executed.

- `pack`: the calls and the Safe's transaction, without a node; `calldata`: how they are encoded;
- `files`: `pack/` in a run's folder, and the check that every signer makes;
- `preflight`: whether the chain is still as the pack assumes;
- `simulation`: what it would do; `submission`: doing it, and comparing.
"""

from indexkit.signing.files import make_pack, verify_pack
from indexkit.signing.pack import Pack, compose

__all__ = ["Pack", "compose", "make_pack", "verify_pack"]
