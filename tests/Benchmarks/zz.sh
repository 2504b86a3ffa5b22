#!/usr/bin/env bash
# ingest.sh [--profiles N] [--events N] [--distribution zipf|uniform] [--ceiling-events N] [--rows N] [--no-peer]: how many events per second the
# operator takes, applies to twenty Segments and commits, on a real API server and Redis on this machine; beside it what Redis alone could take, and
# PostgreSQL 15 with a trigger that keeps the same memberships. 10000 profiles and 200000 events unless told otherwise; --ceiling-events is how many
# of them are recorded for the ceiling (at most 1000000), --rows how many one statement of the peer holds (20000).
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../config/local/lib.sh"
# shellcheck source=config/local/build.sh
source "$local_dir/build.sh"

profiles=10000 events=200000 distribution=zipf ceiling_events='' rows=20000 peer=true
while (($#)); do
    case $1 in
        --profiles) profiles=${2:?--profiles wants a number}; shift 2 ;;
        --events) events=${2:?--events wants a number}; shift 2 ;;
        --distribution) distribution=${2:?--distribution wants zipf or uniform}; shift 2 ;;
        --ceiling-events) ceiling_events=${2:?--ceiling-events wants a number}; shift 2 ;;
        --rows) rows=${2:?--rows wants a number}; shift 2 ;;
        --no-peer) peer=false; shift ;;
        -h | --help) sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"; exit ;;
        *) die "unknown argument '$1'; there are --profiles, --events, --distribution, --ceiling-events, --rows and --no-peer" ;;
    esac
done
[[ $distribution == zipf || $distribution == uniform ]] || die "--distribution is zipf or uniform, not '$distribution'"
[[ -n $ceiling_events ]] || ceiling_events=$((events < 1000000 ? events : 1000000))

here=$project_dir/tests/Benchmarks
account=system:serviceaccount:segmentation-system:segmentation-operator
operator=$project_dir/src/Operator/bin/Release/net10.0/segmentation-operator.dll
postgres=$(dirname "$(readlink -f "$(command -v postgres || echo /usr/lib/postgresql/15/bin/postgres)")")
load=(--profiles "$profiles" --distribution "$distribution" --until "$(($(date +%s) / 3600 * 3600))000")

measure() { dotnet "$here/bin/Release/net10.0/Benchmarks.dll" ingest "$@"; }

clean_up() {
    halt "$data" operator 40
    halt "$data" relay
    halt "$data" postgres 30
    "$local_dir/control-plane.sh" stop "$data"
    local server
    for server in "$data" "$data/recorded" "$data/empty"; do
        [[ ! -d $server ]] || "$local_dir/redis.sh" stop "$server"
    done
    rm -rf "$data"
}

launch_operator() {
    Redis__Configuration=127.0.0.1:$redis_port Kubernetes__Kubeconfig=$data/operator.kubeconfig DataPlane__TestClock=true \
        Kubernetes__LeaderElection__LeaseNamespace=segmentation-system DOTNET_ENVIRONMENT=Production \
        launch "$1" operator dotnet "$operator" --urls "http://127.0.0.1:$2"
}

launch_relay() {
    launch "$1" relay dotnet "$here/bin/Release/net10.0/Benchmarks.dll" ingest relay --listen "$2" --redis "$(<"$data/recorded/redis.port")" \
        --folder "$data/recording"
}

# PostgreSQL refuses to run as root.
as_postgres=()
((EUID != 0)) || as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
launch_postgres() {
    launch "$1" postgres "${as_postgres[@]}" "$postgres/postgres" -D "$data/postgres" -p "$2" -k '' -c config_file="$data/postgres/postgresql.conf"
}

# start_operator PORT starts it on the Redis at this port, with the Segments Ready.
start_operator() {
    redis_port=$1
    start_listening "$data" operator
    server=http://127.0.0.1:$(<"$data/operator.port")
    await 60 "$data" operator curl -fsS -o /dev/null --max-time 5 "$server/readyz" 2>/dev/null || { show_log "$data/operator.log" 30; die "the operator is not ready"; }
    "$KUBECTL" apply -n shop -f "$here/Ingest/segments.yaml" >/dev/null
    "$KUBECTL" wait -n shop --for=condition=Ready segments --all --timeout=120s >/dev/null || { show_log "$data/operator.log" 30; die "the Segments are not Ready"; }
}

stop_operator() {
    "$KUBECTL" delete -n shop -f "$here/Ingest/segments.yaml" --timeout=120s >/dev/null
    halt "$data" operator 40
}

"$local_dir/install.sh" >/dev/null
find_control_plane && find_programs
[[ $peer == false || -x $postgres/initdb ]] || die "PostgreSQL 15 is missing: apt-get install postgresql-15, or leave it out with --no-peer"
dotnet build "$project_dir/src/Operator" -c Release -v quiet --nologo -clp:NoSummary >/dev/null || die "the build failed"
dotnet build "$here" -c Release -v quiet --nologo -clp:NoSummary >/dev/null || die "the build failed"
data=$(mktemp -d)
trap clean_up EXIT
exit_on_signals
"$local_dir/redis.sh" start "$data" --until-exit-of $$ >/dev/null
"$local_dir/control-plane.sh" start "$data" --until-exit-of $$ >/dev/null
export KUBECONFIG=$data/kubeconfig
"$KUBECTL" apply --validate=false -f "$project_dir/config/crd" >/dev/null
"$KUBECTL" create namespace segmentation-system >/dev/null
"$KUBECTL" create namespace shop >/dev/null
"$KUBECTL" apply -f "$project_dir/config/rbac" >/dev/null 2>&1 || true # a server without RBAC lets everyone do everything
"$local_dir/control-plane.sh" kubeconfig "$data" "$account" >"$data/operator.kubeconfig"

say "the load …"
start_operator "$(<"$data/redis.port")"
measure load "${load[@]}" --events "$events" --operator "$server" --redis "127.0.0.1:$redis_port" \
    --operator-pid "$(running_pid "$data" operator)" --redis-pid "$(running_pid "$data" redis)" --figures "$data/figures"
stop_operator
"$local_dir/redis.sh" stop "$data"

cat "$data/figures"; exit 0
