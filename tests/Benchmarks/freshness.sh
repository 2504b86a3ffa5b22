#!/usr/bin/env bash
# freshness.sh [--profiles N] [--seconds N] [--per-request N] [--rates N,…] [--wave N] [--rate N]: how soon after it was to be sent an event is a visible membership, at
# 25, 50 and 80 % of what the operator takes at most, or at so many events a second, each for --seconds (30, 0 for none of it); how late memberships end
# that time ends; and how long --wave (1000000) of them take that end at one instant, with events of others at --rate (2000/s) before and meanwhile. 100000
# profiles unless told otherwise. A request has 1000 events where the maximum is measured, and else as many as fit into 100 requests a second, or
# --per-request of them everywhere. Twenty Segments and three for what is measured, on a real API server and Redis on this machine.
set -euo pipefail
# shellcheck source=tests/Benchmarks/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

profiles=100000 seconds=30 rates='' per_request=0 wave=1000000 rate=2000
while (($#)); do
    case $1 in
        --profiles) profiles=${2:?--profiles wants a number}; shift 2 ;;
        --seconds) seconds=${2:?--seconds wants a number}; shift 2 ;;
        --rates) rates=${2:?--rates wants numbers with commas between them}; shift 2 ;;
        --per-request) per_request=${2:?--per-request wants a number}; shift 2 ;;
        --wave) wave=${2:?--wave wants a number}; shift 2 ;;
        --rate) rate=${2:?--rate wants a number}; shift 2 ;;
        -h | --help) sed -n '2,6s/^# //p' "${BASH_SOURCE[0]}"; exit ;;
        *) die "unknown argument '$1'; there are --profiles, --seconds, --per-request, --rates, --wave and --rate" ;;
    esac
done

begin
start_redis "$data/redis-of-rates"
start_operator
apply_segments "$here/Ingest/segments.yaml"
apply_segments "$here/Live/segments.yaml"
printf '| what | measured |\n|---|---|\n'
((!seconds)) || live freshness --profiles "$profiles" --seconds "$seconds" --per-request "$per_request" --rates "$rates" \
    --operator-pid "$operator_pid" --redis-pid "$redis_pid"
if ((wave)); then
    "$KUBECTL" delete -n shop -f "$here/Ingest/segments.yaml" --timeout=120s >/dev/null
    live wave --profiles "$wave" --rate "$rate" --fill-seconds "$((60 + wave / 15000))"
fi
