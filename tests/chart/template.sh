#!/usr/bin/env bash
# template.sh [-n NAMESPACE] [-f VALUES.yaml]… RELEASE CHART: the manifests of a chart, by "helm template" where there is a helm, else by
# render/main.go, built when it is newer than its program. Wants what install.sh --tests installs.
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../config/local/lib.sh"

if command -v helm >/dev/null; then exec helm template "$@"; fi

go=/usr/lib/go-1.19/bin/go
source=$project_dir/tests/chart/render/main.go
program=$project_dir/artifacts/chart-render/render
[[ -x $go ]] || die "there is neither helm nor $go; run config/local/install.sh --tests"
mkdir -p "${program%/*}"
exec 9>"$program.lock"
flock 9
if [[ ! $program -nt $source ]]; then
    GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$cache_dir/go-build CGO_ENABLED=0 "$go" build -o "$program.part" "$source" ||
        die "building tests/chart/render failed; run config/local/install.sh --tests"
    mv "$program.part" "$program"
fi
exec "$program" "$@" 9>&-
