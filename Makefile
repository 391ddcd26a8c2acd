# Every target does what it needs first, on a fresh Debian or Ubuntu with the .NET SDK; what is there already costs
# nothing.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# What the main job runs; `make run ARGS='archive --jobs 1'` runs something else.
MAIN_JOB := cycle/record-whole --filter kernel=debian-6.1

# A first `dotnet` would otherwise greet, and make a certificate for a web server.
export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE := true
export DOTNET_GENERATE_ASPNET_CERTIFICATE := false
# Nothing of a build stays behind to hold the pipe of whoever reads our output.
export MSBUILDDISABLENODEREUSE := 1
export UseSharedCompilation := false
# A package that is not the one of packages.lock.json is an error. A plain `dotnet restore` writes these files anew.
export RestoreLockedMode := true

CLI := bin/pstorelab
# Folders as well, because a deleted file is newer than nothing.
SOURCES := $(shell find harness -not -name '.*') $(wildcard Directory.*.props .editorconfig)

.PHONY: help setup compilers guest-tools test-tools build kernels guests run test test-all lint format bench clean

help: ## Says what there is to make.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## Installs what is missing.
	@build/setup.sh

compilers:
	@build/setup.sh kernels

guest-tools:
	@build/setup.sh guests

test-tools:
	@build/setup.sh kernels guests tests

build: setup $(CLI) ## Makes bin/pstorelab.

kernels: build compilers ## Fetches every kernel of images/kernels.yaml, or builds it here: some minutes each.
	@$(CLI) images build

guests: build guest-tools ## Makes the disk of every systemd guest of images/rootfs.yaml: about half a minute each.
	@$(CLI) images build --guests

run: build ## The main job: one crash cycle per backend and kind of restart. ARGS='…' for other cases.
	@$(CLI) run $(or $(ARGS),$(MAIN_JOB))

test: test-tools ## The tests that take minutes: unit tests, a kernel built from source, quick cases in real guests.
	@build/test.sh quick

test-all: test-tools ## What make test runs, and every case of each shipped scenario, with all kernels.
	@build/test.sh all

lint: ## Checks the formatting.
	@dotnet restore PstoreLab.sln -v quiet
	@build/lint.sh

format: ## Fixes the formatting.
	dotnet tool restore
	dotnet format style PstoreLab.sln
	dotnet csharpier format harness tests Directory.*.props

bench: build ## Measures what the README claims.
	@build/bench.sh

.PHONY: mutants
mutants: setup ## Breaks the decoders and the oracle in small ways, and says what no test notices: hours.
	@build/mutants.sh

.PHONY: fuzz
fuzz: setup ## Damaged input for every decoder: a million, or ARGS='COUNT [SEED]'; ARGS='afl MINUTES'.
	@build/fuzz.sh $(ARGS)

.PHONY: pack
pack: ## Makes the NuGet package of PstoreLab.Records, and checks it as a project outside would use it.
	@build/pack.sh

.PHONY: dist
dist: setup ## Makes a Debian package and one of `dotnet tool`, in artifacts/dist; build/dist-check.sh tries both.
	@build/dist.sh

clean: ## Deletes what was built; kernels (images/.cache) and results (out) stay.
	rm -rf bin artifacts

$(CLI): $(SOURCES) build/publish.sh
	@build/publish.sh
