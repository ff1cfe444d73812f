#!/bin/bash
# Builds the image from the unmodified Dockerfile with buildah and runs it. It
# needs root, buildah and debootstrap, but neither a container engine nor a
# registry: a Debian with the Go of this machine stands in for
# golang:1.26-bookworm, and the module cache of this machine for a module proxy.
set -euo pipefail
cd "$(dirname "$0")/.."

base=docker.io/library/golang:1.26-bookworm
image=localhost/daylight:test
work=$(mktemp -d)
rootfs=${DAYLIGHT_ROOTFS:-$work/rootfs}
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
storage=(--root "$work/storage" --runroot "$work/run")
server=
daylight=
cleanup() {
  # Ending daylight ends the buildah that runs it; buildah itself takes a signal badly.
  if [ -n "$daylight" ]; then kill "$daylight" 2>/dev/null || true; fi
  if [ -n "$server" ]; then wait "$server" 2>/dev/null || true; fi
  buildah "${storage[@]}" rm --all >/dev/null 2>&1 || true
  awk -v work="$work/" 'index($2, work) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount
  rm -rf "$work"
}
trap cleanup EXIT
step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }
fail() { cat "$work"/*.log >&2; echo "image test: $1" >&2; exit 1; }

stand_in_for_golang() {
  [ -x "$rootfs/bin/sh" ] || debootstrap --variant=minbase --include=ca-certificates bookworm "$rootfs" >"$work/debootstrap.log" ||
    fail "debootstrap failed"
  local container
  container=$(buildah "${storage[@]}" from scratch)
  buildah "${storage[@]}" add --quiet "$container" "$rootfs" /
  buildah "${storage[@]}" add --quiet "$container" "$(go env GOROOT)" /usr/local/go
  buildah "${storage[@]}" config --env PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    --env GOPATH=/go --env GOTOOLCHAIN=local --env GOPROXY=file:///modules --env GOSUMDB=off "$container"
  buildah "${storage[@]}" commit --quiet --rm "$container" "$base"
}

step "making a stand-in for golang:1.26-bookworm"
go mod download
stand_in_for_golang >/dev/null

step "building the image"
buildah "${storage[@]}" bud --pull-never --format docker --volume "$(go env GOMODCACHE)/cache/download:/modules:ro" \
  --build-arg VERSION=test --build-arg REVISION=test -t "$image" .

step "looking at its configuration"
config=$(buildah "${storage[@]}" inspect --type image "$image")
python3 - "$config" <<'PYTHON'
import json, sys
docker = json.loads(sys.argv[1])["Docker"]["config"]
assert docker["User"] == "65532:65532", docker["User"]
assert docker["Healthcheck"]["Test"] == ["CMD", "/daylight", "healthcheck"], docker["Healthcheck"]
assert docker["Entrypoint"] == ["/daylight"], docker["Entrypoint"]
assert docker["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"
PYTHON

step "running it"
container=$(buildah "${storage[@]}" from --pull-never "$image")
inside() { buildah "${storage[@]}" run "$container" -- "$@"; }
inside /daylight version
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
admin=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
inside /daylight run --set "proxy.listen=127.0.0.1:$port" --set "admin.listen=127.0.0.1:$admin" \
  >"$work/daylight.log" 2>&1 &
server=$!
for _ in $(seq 50); do
  daylight=$(pgrep -n -f "^/daylight run .*admin.listen=127.0.0.1:$admin" || true)
  if curl -fsS "http://127.0.0.1:$admin/readyz" >/dev/null 2>&1; then break; fi
  kill -0 "$server" 2>/dev/null || fail "daylight ended"
  sleep 0.2
done
curl -fsS "http://127.0.0.1:$admin/healthz"
owner=$(stat -c %u "/proc/$daylight")
[ "$owner" = 65532 ] || fail "daylight runs as user $owner"
inside /daylight healthcheck --set "admin.listen=127.0.0.1:$admin"
printf '\nimage test: ok (%ss)\n' "$SECONDS"
