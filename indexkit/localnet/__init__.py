"""Local chain with the real protocols at their mainnet addresses."""
