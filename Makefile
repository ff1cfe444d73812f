# make test is the one command that says whether a change is good.

staticcheck := honnef.co/go/tools/cmd/staticcheck@v0.8.2
fuzzhour := 3600
fuzzjobs := 2
fuzzonly := .
soaktime := 10m
packages := ./...

.DEFAULT_GOAL := help
.PHONY: help build test lint fmt generate accuracy bench fuzz soak image demo

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/daylight, static
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o bin/daylight ./cmd/daylight

# Most tests wait more than they compute, so more of them run side by side than there
# are processors.
testflags := -race -parallel 8 -timeout 20m
# A program with the race detector sleeps a second before it exits, else.
export GORACE := atexit_sleep_ms=0

# Allocations and memory are measured apart: the race detector makes some of its own, and
# reads large bodies ten times slower. Accuracy is, since with it that takes minutes.
test: testdata/clients/node_modules ## lint, then every test with the race detector, whose summary comes last
	@status=0; $(MAKE) --no-print-directory lint || status=1; \
	echo "go test -run Allocation ./classifier/detect"; go test -run Allocation ./classifier/detect || status=1; \
	echo "go test -run MemoryOfAnExchange ./rules/engine"; go test -run MemoryOfAnExchange ./rules/engine || status=1; \
	echo "go test ./cmd/daylight-accuracy"; go test ./cmd/daylight-accuracy || status=1; \
	echo "go test $(testflags) $(packages)"; go test $(testflags) $(packages) || status=1; exit $$status

testdata/clients/node_modules: testdata/clients/package-lock.json
	@if command -v npm >/dev/null; then npm ci --ignore-scripts --no-audit --no-fund --prefix testdata/clients && touch $@; \
	else echo "npm is not installed: the tests with the official Node SDKs are left out"; fi

lint: ## gofmt, go vet, staticcheck
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "run make fmt; not formatted:" $$unformatted; exit 1; fi
	go vet $(packages)
	@if go run $(staticcheck) -version >/dev/null 2>&1; then go run $(staticcheck) $(packages); \
	elif [ -n "$$CI" ]; then echo "staticcheck cannot be fetched"; exit 1; \
	else echo "staticcheck cannot be fetched; left out"; fi

fmt: ## format the code
	gofmt -w .

generate: ## write the generated files, such as the dashboards
	go generate $(packages)

accuracy: ## measure the classifier and discovery, and write docs/accuracy.md and docs/discovery.md
	go run ./cmd/daylight-accuracy
	go run ./cmd/daylight-accuracy discovery

bench: ## Daylight beside a bare proxy in the same run, then the classifier and the rules
	go run ./cmd/daylight-bench
	go test -run '^$$' -bench . -benchmem ./classifier/... ./rules/...

fuzz: ## run every fuzz test, an hour in all (fuzztime=60s: a minute each), fuzzjobs (2) at once; fuzzonly=PATTERN picks some
	@tests=$$(grep -rE --include='*_test.go' '^func Fuzz' . | sed -E 's|^(.*)/[^/]*:func (Fuzz[A-Za-z0-9_]*).*|\1 \2|' | grep -E '$(fuzzonly)'); \
	if [ -z "$$tests" ]; then echo "no fuzz test is like $(fuzzonly)"; exit 1; fi; \
	count=$$(echo "$$tests" | wc -l); each=$(fuzztime); each=$${each:-$$(( $(fuzzhour) * $(fuzzjobs) / count ))s}; \
	echo "$$count fuzz tests, $$each each, $(fuzzjobs) at once"; \
	echo "$$tests" | xargs -L 1 -P $(fuzzjobs) .ci/fuzz $$each

soak: ## mixed traffic, reloads and faults for soaktime (10m); fails on growth or a lost or doubled event
	go run ./cmd/daylight-soak -duration $(soaktime)

image: ## build the image and run it, without a container engine (root, buildah, debootstrap)
	deploy/image-test.sh

demo: ## see it work, without network
	go run ./cmd/daylight demo
