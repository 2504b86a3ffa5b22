#!/usr/bin/env bash
# scale.sh [--segments N] [--namespaces N] [--seconds N]: many Segments on a real API server, Redis and operator on this machine: how long until
# all are Ready, how long one more takes, how many requests and how much memory that costs, when it is quiet, and after a restart.
# 5000 Segments over 50 namespaces unless told otherwise; --seconds is how long the quiet is measured (120).
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../config/local/lib.sh"
# shellcheck source=config/local/build.sh
source "$local_dir/build.sh"

segments=5000 namespaces=50 seconds=120
while (($#)); do
    case $1 in
        --segments) segments=${2:?--segments wants a number}; shift 2 ;;
        --namespaces) namespaces=${2:?--namespaces wants a number}; shift 2 ;;
        --seconds) seconds=${2:?--seconds wants a number}; shift 2 ;;
        -h | --help) sed -n '2,4s/^# //p' "${BASH_SOURCE[0]}"; exit ;;
        *) die "unknown argument '$1'; there are --segments, --namespaces and --seconds" ;;
    esac
done

account=system:serviceaccount:segmentation-system:segmentation-operator
operator=$project_dir/src/Operator/bin/Release/net10.0/segmentation-operator.dll
measure=$project_dir/tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll

clean_up() {
    halt "$data" operator 40
    "$local_dir/control-plane.sh" stop "$data"
    "$local_dir/redis.sh" stop "$data"
    rm -rf "$data"
}

launch_operator() {
    Redis__Configuration=127.0.0.1:$(<"$data/redis.port") Kubernetes__Kubeconfig=$data/operator.kubeconfig \
        Kubernetes__LeaderElection__LeaseNamespace=segmentation-system DOTNET_ENVIRONMENT=Production \
        launch "$1" operator dotnet "$operator" --urls "http://127.0.0.1:$2"
}

start_operator() {
    start_listening "$data" operator
    server=http://127.0.0.1:$(<"$data/operator.port")
    await 60 "$data" operator curl -fsS -o /dev/null --max-time 5 "$server/readyz" 2>/dev/null || { show_log "$data/operator.log" 30; die "the operator is not ready"; }
}

"$local_dir/install.sh"
find_control_plane && find_programs
dotnet build "$project_dir/src/Operator" -c Release -v quiet --nologo -clp:NoSummary
dotnet build "$project_dir/tests/Benchmarks" -c Release -v quiet --nologo -clp:NoSummary
data=$(mktemp -d)
trap clean_up EXIT
exit_on_signals
"$local_dir/redis.sh" start "$data" --until-exit-of $$
"$local_dir/control-plane.sh" start "$data" --until-exit-of $$
export KUBECONFIG=$data/kubeconfig
"$KUBECTL" apply --validate=false -f "$project_dir/config/crd" >/dev/null
"$KUBECTL" create namespace segmentation-system >/dev/null
"$KUBECTL" apply -f "$project_dir/config/rbac" >/dev/null 2>&1 || true # a server without RBAC lets everyone do everything
"$local_dir/control-plane.sh" kubeconfig "$data" "$account" >"$data/operator.kubeconfig"
start_operator
dotnet "$measure" scale --kubeconfig "$KUBECONFIG" --operator "$server" --segments "$segments" --namespaces "$namespaces" --seconds "$seconds"
say "restarting the operator …"
halt "$data" operator 40
start_operator
dotnet "$measure" restarted --operator "$server" --segments "$segments"
