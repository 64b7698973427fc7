"""A deployment's whole life on a node that is not anvil: ``make testnet-rehearsal``.

Nothing here is a test of `make test`: it needs Hardhat's node, which only this rehearsal installs.
"""
