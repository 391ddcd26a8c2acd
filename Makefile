# Every target does what it needs first, on a fresh Debian or Ubuntu with the .NET SDK; what is there already costs nothing.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# What the main job runs; `make run ARGS='archive --jobs 1'` runs something else.
ARGS ?= cycle/record-whole --filter kernel=debian-6.1

# A first `dotnet` would otherwise greet, and make a certificate for a web server.
export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE := true
export DOTNET_GENERATE_ASPNET_CERTIFICATE := false
# Nothing of a build stays behind to hold the pipe of whoever reads our output.
export MSBUILDDISABLENODEREUSE := 1
export UseSharedCompilation := false

CLI := bin/pstorelab
OPTIONAL := artifacts/optional-packages
# Folders as well, because a deleted file is newer than nothing.
SOURCES := $(shell find harness -not -name '.*') \
	$(wildcard Directory.*.props .editorconfig) build/optional-packages/OptionalPackages.props

.PHONY: help setup tools compilers guest-tools test-tools build kernels guests run test test-all lint format bench clean

help: ## Says what there is to make.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: tools ## Installs what is missing, and looks for the optional packages again.
	@build/restore-optional.sh $(OPTIONAL) retry

tools:
	@build/setup.sh

compilers:
	@build/setup.sh kernels

guest-tools:
	@build/setup.sh guests

test-tools:
	@build/setup.sh kernels guests tests

build: tools $(CLI) ## Makes bin/pstorelab.

kernels: build compilers ## Fetches every kernel of images/kernels.yaml, and builds those that are built here: some minutes each.
	@$(CLI) images build

guests: build guest-tools ## Makes the disk of every systemd guest of images/rootfs.yaml: about half a minute each.
	@$(CLI) images build --guests

run: build ## The main job: one crash cycle per backend and kind of restart. ARGS='…' for other cases.
	@$(CLI) run $(ARGS)

test: test-tools $(OPTIONAL) ## The tests that take minutes: all unit tests, a kernel built from source, and the quick cases in real guests.
	@build/test.sh quick

test-all: test-tools $(OPTIONAL) ## Every test there is, each case of each shipped scenario among them, with all kernels.
	@build/test.sh all

lint: $(OPTIONAL) ## Checks the formatting.
	@dotnet restore PstoreLab.sln -v quiet
	@build/lint.sh

format: $(OPTIONAL) ## Mends the formatting.
	dotnet format PstoreLab.sln

bench: build ## Measures what the README claims.
	@build/bench.sh

.PHONY: pack
pack: ## Makes the NuGet package of PstoreLab.Records, and checks it as a project outside would use it.
	@build/pack.sh

clean: ## Deletes what was built; kernels (images/.cache) and results (out) stay.
	rm -rf bin artifacts

$(CLI): $(OPTIONAL) $(SOURCES) build/publish.sh
	@build/publish.sh

$(OPTIONAL): build/optional-packages/optional-packages.csproj Directory.Packages.props
	@build/restore-optional.sh $@
