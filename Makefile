# Two commands do everything: `make rebalance` (the main job, offline) and `make test`.
# Each installs what it needs first, pinned by requirements.lock and package-lock.json.

SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BUILD := build
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export APE_DATA_FOLDER := $(CURDIR)/$(BUILD)/ape
export VIRTUAL_ENV := $(CURDIR)/$(VENV)

REBALANCE ?= dpi-2021-04
NETWORK ?= ethereum:mainnet-fork:foundry

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | LC_ALL=C sort -t: -k1,1 | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: rebalance
rebalance: deps ## The April 2021 DPI rebalance, prices to report, and a vote in Aave (REBALANCE=… for another)
	@start=$$SECONDS; ape run rebalance rehearse --network $(NETWORK) --rebalance $(REBALANCE) && echo "make rebalance: done in $$((SECONDS-start)) s"

.PHONY: test
test: deps ## Run the test suite
	@start=$$SECONDS; .ci/test $(NETWORK) $(PYTEST_ARGS) && echo "make test: done in $$((SECONDS-start)) s"

.PHONY: conformance
conformance: deps ## Compare with Set V2's original bytecode: every scenario, random histories, a summary
	@start=$$SECONDS; CONFORMANCE_PROGRESS=1 ape test tests/conformance --network $(NETWORK) -q -s $(PYTEST_ARGS) \
		&& echo "make conformance: done in $$((SECONDS-start)) s"

.PHONY: conformance-long
conformance-long: export CONFORMANCE_STEPS ?= 100000
conformance-long: conformance ## The same with 100,000 random steps (about an hour; CONFORMANCE_SEED=… for others)

.PHONY: mutation
mutation: deps ## Change the contracts in one place at a time and name what no test notices (MUTATION_ARGS=…)
	@start=$$SECONDS; PYTHONPATH=tests:tests/conformance nice python -W ignore -m mutation $(MUTATION_ARGS) \
		&& echo "make mutation: done in $$((SECONDS-start)) s"

.PHONY: bench
bench: deps ## Measure the gas of the original's bytecode and of ours, and write docs/GAS.md (BENCH_ARGS=…)
	@PYTHONPATH=tests:tests/conformance python -W ignore -m bench $(BENCH_ARGS)

.PHONY: gas-update
gas-update: deps ## Let each operation cost what it costs now (tests/bench/budget.json)
	@PYTHONPATH=tests:tests/conformance python -W ignore -m bench --update-budget

.PHONY: invariants-long
invariants-long: deps ## Play 200,000 random steps against the invariants (JOBS=2 processes, INVARIANTS_SEED, INVARIANTS_STEPS)
	@.ci/invariants-long $(NETWORK)

.PHONY: coins-long
coins-long: export COIN_HISTORIES ?= 20
coins-long: export COIN_STEPS ?= 250
coins-long: deps ## Look for every INDEX after each of 5,000 random steps (COIN_SEED=… for others)
	@ape test tests/integration/all_coins --network $(NETWORK) -q

.PHONY: invariants-broken
invariants-broken: deps ## Prove that the state machine finds contracts with one line broken (some 20 minutes)
	@ape test tests/property/prove_invariants.py --network $(NETWORK) -q -s --tb=line

.PHONY: replay
replay: deps ## Recompute every published figure of the rebalances from prices and supplies; no node
	@ape run replay

.PHONY: vote
vote: deps ## Replay AIP-2 and AIP-3: INDEX holders decide, on and off chain, how an index votes in Aave
	@ape run vote --network $(NETWORK)

.PHONY: index-economics
index-economics: deps ## Distribute INDEX as published, walk its calendar to 2023, account for every coin each month
	@start=$$SECONDS; ape run index-economics --network $(NETWORK) && echo "make index-economics: done in $$((SECONDS-start)) s"

.PHONY: deployment-gas
deployment-gas: deps ## Measure what each step of a deployment takes (data/deployment_gas.json)
	@ape run deployment_gas --network $(NETWORK)

.PHONY: testnet-rehearsal
testnet-rehearsal: deps tests/testnet/node_modules/.installed ## Deploy, resume, rebalance, vote and redeem on Hardhat's node, as on Sepolia
	@start=$$SECONDS; PYTHONPATH=tests python -W ignore -m testnet && echo "make testnet-rehearsal: done in $$((SECONDS-start)) s"

.PHONY: localnet
localnet: deps ## Keep a local chain running for console use (Ctrl-C ends it)
	@ape run localnet

.PHONY: verify-inputs
verify-inputs: deps ## Write what explorers verify contracts with, and recompile each in isolation (a minute)
	@ape run verification --prove

.PHONY: functions
functions: deps ## Write docs/FUNCTIONS.md: every function of every contract, and who may call it
	@ape run functions

.PHONY: sizes
sizes: deps ## Print the deployed code size of every contract
	@ape run sizes

.PHONY: lint
lint: deps ## ruff, mypy --strict
	@ruff check . && ruff format --check . && mypy

.PHONY: clean
clean: ## Remove what the build made (not the installed dependencies)
	rm -rf $(BUILD) .build .hypothesis .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

.PHONY: deps
deps: $(VENV)/.installed node_modules/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(VENV)/bin/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
		|| { echo "make: Python 3.11 is needed; name yours with PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Installing the Python packages of requirements.lock into $(VENV) (once, about a minute) …"
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo "make: npm is needed (it ships with node 20)" >&2; exit 1; }
	@echo "Installing anvil and the compiled contracts of package-lock.json into node_modules (once) …"
	@npm install --no-save --loglevel=error
	@touch $@

tests/testnet/node_modules/.installed: tests/testnet/package.json tests/testnet/package-lock.json
	@echo "Installing Hardhat's node, pinned by tests/testnet/package-lock.json (once, 200 MB) …"
	@cd tests/testnet && npm ci --loglevel=error
	@touch $@
