#!/usr/bin/env bash
# replicas.sh [--profiles N] [--events N] [--warm-up N] [--distribution zipf|uniform] [--share PERCENT]: how many events per second two replicas apply, against
# one, on a real API server and Redis on this machine of at least two cores. So that Redis has a core to spare, the replicas are made small instead: each may use
# --share percent (25) of the first core and is stopped when it has used more; Redis, the API server and the load have the other cores.
# 10000 profiles and 100000 events unless told otherwise, after 50000 more (--warm-up) that are not timed.
set -euo pipefail
# shellcheck source=tests/Benchmarks/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

profiles=10000 events=100000 distribution=zipf share=25 warm_up=50000
while (($#)); do
    case $1 in
        --profiles) profiles=${2:?--profiles wants a number}; shift 2 ;;
        --events) events=${2:?--events wants a number}; shift 2 ;;
        --warm-up) warm_up=${2:?--warm-up wants a number}; shift 2 ;;
        --distribution) distribution=${2:?--distribution wants zipf or uniform}; shift 2 ;;
        --share) share=${2:?--share wants a number}; shift 2 ;;
        -h | --help) sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"; exit ;;
        *) die "unknown argument '$1'; there are --profiles, --events, --warm-up, --distribution and --share" ;;
    esac
done
[[ $distribution == zipf || $distribution == uniform ]] || die "--distribution is zipf or uniform, not '$distribution'"
((share >= 5 && share <= 45)) || die "--share is 5 to 45 percent, so that two replicas fit on one core; it is $share"
(($(nproc) >= 2)) || die "this needs two cores; there is $(nproc)"

measure() { benchmark ingest "$@"; }

launch_operator_1() { launch_replica "$1" operator-1 "$2" taskset -c 0; }
launch_operator_2() { launch_replica "$1" operator-2 "$2" taskset -c 0; }

# A process that is stopped hears of no end.
end_throttle() {
    local pid name
    [[ -z ${throttle:-} ]] || { kill "$throttle" && wait "$throttle"; } 2>/dev/null || true
    throttle=
    for name in operator-1 operator-2; do ! pid=$(running_pid "$data" "$name") || signal_group CONT "$pid"; done
}

clean_up_more() {
    end_throttle
    halt "$data" operator-1 40
    halt "$data" operator-2 40
}

# run NAME COUNT measures that many replicas on a Redis of their own.
run() {
    local addresses='' pids='' number
    start_redis "$data/$1"
    for ((number = 1; number <= $2; number++)); do
        start_replica "operator-$number"
        addresses+=${addresses:+,}$server
        pids+=${pids:+,}$operator_pid
    done
    apply_segments "$here/Ingest/segments.yaml"
    dotnet "$here/bin/Release/net10.0/Benchmarks.dll" ingest throttle --pids "$pids" --share "$share" &
    throttle=$!
    measure load --profiles "$profiles" --events "$((events + warm_up))" --warm-up "$warm_up" --distribution "$distribution" --until "$until" \
        --operator "$addresses" --redis "127.0.0.1:$redis_port" --operator-pid "$pids" --redis-pid "$redis_pid" --figures "$data/$1.figures"
    end_throttle
    "$KUBECTL" delete -n shop -f "$here/Ingest/segments.yaml" --timeout=120s >/dev/null
    for ((number = 1; number <= $2; number++)); do halt "$data" "operator-$number" 40; done
    "$local_dir/redis.sh" stop "$data/$1"
}

taskset -pc "1-$(($(nproc) - 1))" $$ >/dev/null # and all that it starts, but for the replicas
begin
until=$(($(date +%s) / 3600 * 3600))000
progress "one replica"
run one 1
progress "two replicas"
run two 2
measure replicas --one "$data/one.figures" --two "$data/two.figures"
