"""Meta-governance: holders of INDEX decide how the tokens inside an index vote.

The off-chain path: ballots are signed messages of Snapshot's, kept as files, counted by anyone.

    terms.Terms, window.Window      what is voted on, when, by which rules
    snapshot.Proposal, Vote         the messages
    envelope.sign, read_proposal    signed, and written by ``Signed.write``
    result.count                    a folder of ballots becomes a ``Result`` with its ``outcome``
    result.read_result, recompute   someone else's result, counted again
    reader.ChainReader              the chain that Ape is connected to
    places.Places, strategies       which contracts count, each once, and how power is counted
    supply.circulating              what 5 % is taken of
    ledger.tables                   all of it for a terminal
"""
