"""Off-chain library of the index protocol: localnet, deployment, rebalance and votes."""
