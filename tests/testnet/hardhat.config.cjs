// A chain that claims to be Sepolia, with its rules and fees; blocks come when the rehearsal says so.
module.exports = {
  networks: {
    hardhat: {
      chainId: 11155111,
      hardfork: "cancun",
      blockGasLimit: 30_000_000,
      initialBaseFeePerGas: 1_000_000_000,
      // Before anything that deployments/declared/sepolia.toml has begin.
      initialDate: "2026-11-22T00:00:00Z",
    },
  },
};
