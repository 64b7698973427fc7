"""Meta-governance: holders of INDEX decide how the tokens inside an index vote.

The off-chain path: ballots are signed messages of Snapshot's, kept as files, counted by anyone.
"""
