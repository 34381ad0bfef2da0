# What CI and people call. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Tools are installed once for all checkouts, beside the MongoDB server of the tests: see scripts/mongo.md.
TOOLS := $(or $(CLOUDTAG_CACHE),$(XDG_CACHE_HOME),$(HOME)/.cache)/cloudtag/bin
GOLANGCI_VERSION := v2.15.0
GOLANGCI := $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION)
HELM_VERSION := v3.22.0
HELM := $(TOOLS)/helm-$(HELM_VERSION)
# What the browser tests measured.
FIGURES := $(CURDIR)/.cache/browser-figures.md
DB ?= sqlite:data/cloudtag.db
ADDR ?= 127.0.0.1:8080
# A release's tag; without one the program names its commit.
VERSION ?=
# Without symbols and debugging information, which panics don't need: a quarter smaller. Without C, so that it runs wherever
# its kernel does.
BUILD := CGO_ENABLED=0 go build -trimpath -ldflags='-s -w -X main.release=$(VERSION)'

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: build ## build, load the demo once, serve on http://127.0.0.1:8080, or on ADDR=HOST:PORT
	bin/cloudtag demo --db $(DB)
	bin/cloudtag serve --dev --addr $(ADDR) --db $(DB)

build: bin/cloudtag ## build the binary with the console in it

bin/cloudtag: ui FORCE
	@echo 'compiling bin/cloudtag: about a minute the first time'
	$(BUILD) -tags console -o $@ .

ui: admin-ui/dist/index.html ## build the console and GraphiQL

UI_SOURCES := $(shell git ls-files -co --exclude-standard admin-ui 2>/dev/null | grep -vE '\.(go|md)$$')
admin-ui/dist/index.html: admin-ui/node_modules/.package-lock.json $(UI_SOURCES)
	scripts/stage 'console, build' npm --prefix admin-ui run build

admin-ui/node_modules/.package-lock.json: admin-ui/package.json admin-ui/package-lock.json
	cd admin-ui && npm ci --no-audit --no-fund
	touch $@

e2e/clients/node_modules/.package-lock.json: e2e/clients/package.json e2e/clients/package-lock.json
	cd e2e/clients && npm ci --no-audit --no-fund
	touch $@

generate: ## write generated code anew
	go generate ./...

check-generated: admin-ui/node_modules/.package-lock.json ## fail when generated code or go.mod differ from their sources
	go generate ./...
	go mod tidy
	git diff --exit-code -- graph resolvers go.mod go.sum
	cd admin-ui && npm run check-generated && npm run check-schema

check: $(GOLANGCI) admin-ui/node_modules/.package-lock.json ## before a push: what differs from main (or BASE=…), in a minute or two
	GOLANGCI=$(GOLANGCI) scripts/stages scripts/check

lint: lint-go lint-ui ## run every linter

lint-go: $(GOLANGCI) ## Go's linters, over the tests of the whole program too
	scripts/stage 'linters, Go' $(GOLANGCI) run --build-tags e2e ./...

lint-ui: admin-ui/node_modules/.package-lock.json ## the console's linter and types
	scripts/stage 'linters, console' sh -c 'cd admin-ui && npm run lint && npm run typecheck'

lint-deploy: $(HELM) ## check the Helm chart, with everything in it switched on
	scripts/stage 'Helm chart, keys' $(HELM) lint --strict --quiet --kube-version 1.33 deploy/helm/cloudtag \
	  --set ingress.enabled=true,ingress.tlsSecretName=tls,serviceMonitor.enabled=true,env.CLOUDTAG_JWKS_REFRESH=5m \
	  --set identityProvider.jwksUrl=https://id.example.com/keys,identityProvider.issuer=i,identityProvider.audience=a,identityProvider.roleMap=a=ADMIN
	scripts/stage 'Helm chart, OpenID' $(HELM) lint --strict --quiet --kube-version 1.33 deploy/helm/cloudtag \
	  --set identityProvider.oidcIssuer=https://id.example.com,identityProvider.oidcClientId=console,identityProvider.oidcParameters=audience=a \
	  --set identityProvider.audience=a,identityProvider.roleMap=a=ADMIN

test-alarms: ## test the alarms for Prometheus (promtool, or Debian as root)
	scripts/stage 'alarms, syntax' scripts/promtool check rules deploy/prometheus/cloudtag.rules.yaml
	scripts/stage 'alarms' scripts/promtool test rules deploy/prometheus/cloudtag.rules.test.yaml

install: test-alarms ## install what the tests need (Debian, as root); one after the other, since apt does one thing at a time
	scripts/stage 'installing browser, nginx, MongoDB' bash -euc 'scripts/browser; scripts/nginx -v; scripts/with-mongo true'

define install_tool
	mkdir -p $(TOOLS)
	folder=$$(mktemp -d $(TOOLS)/new.XXXXXX); trap 'rm -rf "$$folder"' EXIT; \
	GOBIN=$$folder scripts/stage 'installing $(notdir $@)' go install -ldflags='-s -w' $(1) && mv "$$folder"/* $@
endef

$(HELM):
	$(call install_tool,helm.sh/helm/v3/cmd/helm@$(HELM_VERSION))

$(GOLANGCI):
	$(call install_tool,github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION))

# How long the Go tests of a package may take, and those of the whole program, before they end with the stacks of what hangs.
# On a busy machine: make test GO_TIMEOUT=30m E2E_TIMEOUT=45m TEST_PATIENCE=600 (what one wait of the whole program's tests may
# take, in seconds).
GO_TIMEOUT ?= 10m
E2E_TIMEOUT ?= 15m

# Files of the tests of packages are on a RAM disk, where there is one with room; what the compiler writes is not. Those of the
# whole program, which is killed and runs out of room there, are on the disk.
RAM_DISK := $(shell [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 2000000 ] 2>/dev/null && echo /dev/shm)
ON_RAM := $(if $(RAM_DISK),GOTMPDIR=$${TMPDIR:-/tmp} TMPDIR=$(RAM_DISK))

test: ## run every test: domain, stores, API, console, whole program, browser
	CLOUDTAG_MONGO_FAST=1 scripts/stages scripts/with-mongo $(MAKE) test-go test-mongo test-ui test-e2e

# The race detector makes tests ten times slower and finds nothing where one goroutine computes. It watches the packages that
# import sync or whose tests do, without their long sequential tests: those run once, without it.
CONCURRENT := git grep -lE '"(sync|sync/atomic|testing/synctest)"' -- '*.go' ':!bench' ':!db/mongo' ':!e2e' | xargs dirname | sort -u | sed 's|^|./|'
SEQUENTIAL := Test(Memory|Store)/(Merchants|Orders|Risks|Policies|Lookups|Values|Paging|Crash|BuyerDocuments|Documents|ShopRecords|Counts|Chain|Metrics|SecondReviews)
SEQUENTIAL := $(SEQUENTIAL)|TestStore/(Record|Downtime)|ThroughFaults|TestEveryFieldForEveryRole|TestShop(Sees|Changes)NothingOfOthers
SEQUENTIAL := $(SEQUENTIAL)|TestInvalidInputIsRefused|TestDocumentErrors|TestCompressedBodies|TestSimulateRings|TestDemo|TestAllEventsAreDelivered|TestHistoryIsARing
SEQUENTIAL := $(SEQUENTIAL)|TestCaseFileAgreesWithPlainImplementation|TestDaysAreContiguous|TestDiscountRecounts|TestUntaggedOrders|TestBannedWords|TestDocuments

test-go: ## Go tests but MongoDB's, then the concurrent ones with the race detector; needs no Node
	$(ON_RAM) scripts/stage 'Go packages' go test -timeout $(GO_TIMEOUT) $$(go list ./... | grep -vE '/db/mongo(/|$$)')
	$(ON_RAM) scripts/stage 'Go, concurrency' go test -race -short -vet=off -skip '$(SEQUENTIAL)' -timeout $(GO_TIMEOUT) $$($(CONCURRENT))

test-mongo: ## the MongoDB store on MONGODB_URI, or on a server that is installed for it (Debian, as root)
	$(ON_RAM) CLOUDTAG_MONGO_FAST=1 scripts/with-mongo scripts/stage 'MongoDB' go test -short -v -p 1 -timeout $(E2E_TIMEOUT) ./db/mongo/...

test-ui: ui ## the console's tests, and its embedding
	scripts/stage 'console' npm --prefix admin-ui test
	go test -tags console ./admin-ui/

test-e2e: build e2e/clients/node_modules/.package-lock.json ## the whole program over HTTP, sockets and a browser
	scripts/browser
	mkdir -p .cache && rm -f $(FIGURES)
	CLOUDTAG_BINARY=$(CURDIR)/bin/cloudtag CLOUDTAG_FIGURES=$(FIGURES) scripts/with-mongo scripts/stage 'whole program' go test -tags e2e -short -v -count 1 -parallel 4 -timeout $(E2E_TIMEOUT) ./e2e/...
	@cat $(FIGURES)

test-long: build e2e/clients/node_modules/.package-lock.json ## what takes too long for every change: the whole suite of MongoDB, the real data through two instances, every flow on MongoDB, 100 thousand cases in a browser
	scripts/browser
	mkdir -p .cache && rm -f $(FIGURES)
	go test -race -timeout 30m ./db/dbtest ./db/sqlite
	scripts/with-mongo go test -timeout 60m ./db/mongo/...
	CLOUDTAG_BINARY=$(CURDIR)/bin/cloudtag CLOUDTAG_FIGURES=$(FIGURES) scripts/with-mongo go test -tags e2e -count 1 -timeout 45m ./e2e/...
	@cat $(FIGURES)

bench: bin/cloudtag ## measure and print figures, as tables and as JSON; on MongoDB too where MONGODB_URI is set
	go run ./bench --binary bin/cloudtag

FAULT_KILLS ?= 300
FAULT_LONGEST ?= 2s
fault: build ## kill the server FAULT_KILLS times under load on each store, or on FAULT_STORE=sqlite or mongodb alone; FAULT_STEP_DOWN=1 with elections
	CLOUDTAG_BINARY=$(CURDIR)/bin/cloudtag FAULT_KILLS=$(FAULT_KILLS) FAULT_LONGEST=$(FAULT_LONGEST) FAULT_SEED=$(FAULT_SEED) FAULT_STEP_DOWN=$(FAULT_STEP_DOWN) \
	  scripts/with-mongo go test -tags e2e -count 1 -v -timeout 3h -run 'TestKilledAtRandom/$(FAULT_STORE)' ./e2e

LOAD ?= --for 2m
load: bin/cloudtag ## a realistic mix with 2,000 sockets on both stores; LOAD='--for 20m --soak' tells whether memory grows
	go run ./bench load --binary bin/cloudtag $(LOAD)
	scripts/with-mongo $(SHELL) -c '[[ -z "$${MONGODB_URI:-}" ]] || go run ./bench load --binary bin/cloudtag --db "$$MONGODB_URI" $(LOAD)'

fuzz: ## run every fuzz target for FUZZTIME (10m) each
	scripts/fuzz

mutate: ## change one operator of the rules, of live and of store at a time, and say which changes no test notices; FILES='internal/live …' for some
	go run ./scripts/mutate $(FILES)

clean: ## remove what was built
	rm -rf bin admin-ui/dist admin-ui/node_modules e2e/clients/node_modules .cache

FORCE:
.PHONY: help run build ui generate check-generated check lint lint-go lint-ui lint-deploy test-alarms install test test-long test-go test-mongo test-ui test-e2e bench fault load fuzz mutate clean FORCE
