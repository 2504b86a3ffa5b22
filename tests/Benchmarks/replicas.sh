#!/usr/bin/env bash
# replicas.sh [--profiles N] [--events N] [--warm-up N] [--rounds N] [--distribution zipf|uniform] [--share PERCENT]: how many events per second two replicas
# apply, against one, on a real API server and a Redis each, on this machine of at least two cores. So that Redis has a core to spare, the replicas are made
# small instead: each may use --share percent (25) of the first core and is stopped when it has used more; Redis, the API server and the load have the other
# cores. One replica and two get the same events in turns, in --rounds (10) parts. 100000 profiles and 1000000 events unless told otherwise, after 600000 more
# (--warm-up) that are not timed.
set -euo pipefail
# shellcheck source=tests/Benchmarks/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

profiles=100000 events=1000000 distribution=zipf share=25 warm_up=1000000 rounds=10
while (($#)); do
    case $1 in
        --profiles) profiles=${2:?--profiles wants a number}; shift 2 ;;
        --events) events=${2:?--events wants a number}; shift 2 ;;
        --warm-up) warm_up=${2:?--warm-up wants a number}; shift 2 ;;
        --rounds) rounds=${2:?--rounds wants a number}; shift 2 ;;
        --distribution) distribution=${2:?--distribution wants zipf or uniform}; shift 2 ;;
        --share) share=${2:?--share wants a number}; shift 2 ;;
        -h | --help) sed -n '2,6s/^# //p' "${BASH_SOURCE[0]}"; exit ;;
        *) die "unknown argument '$1'; there are --profiles, --events, --warm-up, --rounds, --distribution and --share" ;;
    esac
done
[[ $distribution == zipf || $distribution == uniform ]] || die "--distribution is zipf or uniform, not '$distribution'"
((share >= 5 && share <= 45)) || die "--share is 5 to 45 percent, so that two replicas fit on one core; it is $share"
((rounds >= 1 && events / 1000 >= rounds)) || die "--rounds is at least 1, and at most a thousandth of --events, for a request has 1000; it is $rounds"
(($(nproc) >= 2)) || die "this needs two cores; there is $(nproc)"

launch_operator_1() { launch_member one operator-1 "$@"; }
launch_operator_2() { launch_member two operator-2 "$@"; }
launch_operator_3() { launch_member two operator-3 "$@"; }

# launch_member DEPLOYMENT NAME DIR PORT starts a replica of it.
launch_member() {
    Kubernetes__Namespaces__0=shop-$1 Kubernetes__LeaderElection__LeaseName=$1 launch_replica "$3" "$2" "$4" taskset -c 0
}

# A process that is stopped, as the load has them stopped again and again, hears of no end.
clean_up_more() {
    local name pid
    for name in operator-1 operator-2 operator-3; do
        ! pid=$(running_pid "$data" "$name") || signal_group CONT "$pid"
        halt "$data" "$name" 40
    done
}

# deploy NAME REPLICA… starts replicas with a Redis and a namespace of their own; what the load wants to know is added to $deployments.
deploy() {
    local name addresses='' members='' deployment=$1
    start_redis "$data/$deployment"
    namespace=shop-$deployment
    "$KUBECTL" create namespace "$namespace" >/dev/null
    for name in "${@:2}"; do
        start_replica "$name"
        addresses+=${addresses:+,}$server
        members+=${members:+,}$operator_pid
    done
    apply_segments "$here/Ingest/segments.yaml"
    deployments+=("--$deployment" "$addresses" "--redis-$deployment" "127.0.0.1:$redis_port" "--pids-$deployment" "$members" "--redis-pid-$deployment" "$redis_pid")
}

taskset -pc "1-$(($(nproc) - 1))" $$ >/dev/null # and all that it starts, but for the replicas
begin
deployments=()
progress "starting one replica, and two"
deploy one operator-1
deploy two operator-2 operator-3
progress "sending"
benchmark ingest replicas --profiles "$profiles" --events "$((events + warm_up))" --warm-up "$warm_up" --rounds "$rounds" --share "$share" \
    --distribution "$distribution" --until "$(($(date +%s) / 3600 * 3600))000" "${deployments[@]}"
