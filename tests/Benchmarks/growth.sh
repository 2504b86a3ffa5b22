#!/usr/bin/env bash
# growth.sh [--profiles N,…] [--active N] [--segments N,…] [--histories N,…] [--events N] [--idle-seconds N]: what an event costs, in processor time of
# operator and Redis, with more profiles (10000,100000,1000000) of which --active (10000) or all have events, more Segments that it does not concern
# (0,100,1000) and longer histories (10,100,1000,10000 events of each profile), one of them at a time, by --events (100000) or, of histories, 10000; what a
# profile takes in Redis; and what the last number of profiles costs when nothing happens, for --idle-seconds (60). A list that is empty ('') leaves its part
# out. On a real API server and Redis on this machine.
set -euo pipefail
# shellcheck source=tests/Benchmarks/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

profiles=10000,100000,1000000 active=10000 segments=0,100,1000 histories=10,100,1000,10000 events=100000 idle=60
while (($#)); do
    case $1 in
        --profiles) profiles=${2?--profiles wants numbers}; shift 2 ;;
        --active) active=${2:?--active wants a number}; shift 2 ;;
        --segments) segments=${2?--segments wants numbers}; shift 2 ;;
        --histories) histories=${2?--histories wants numbers}; shift 2 ;;
        --events) events=${2:?--events wants a number}; shift 2 ;;
        --idle-seconds) idle=${2:?--idle-seconds wants a number}; shift 2 ;;
        -h | --help) sed -n '2,6s/^# //p' "${BASH_SOURCE[0]}"; exit ;;
        *) die "unknown argument '$1'; there are --profiles, --active, --segments, --histories, --events and --idle-seconds" ;;
    esac
done
for number in ${profiles//,/ }; do
    ((active <= number)) || die "there are no $active active ones of $number profiles: name fewer with --active"
done

# anew starts with an empty Redis and five Segments that the events concern.
anew() {
    if [[ -n ${server:-} ]]; then
        "$KUBECTL" delete segments -n shop --all --timeout=300s >/dev/null
        halt "$data" operator 40
        "$local_dir/redis.sh" stop "${redis_folders[-1]}"
        rm -rf "${redis_folders[-1]}/redis"
    fi
    start_redis "$data/redis-${#redis_folders[@]}"
    start_operator
    apply_segments "$here/Live/affected.yaml"
}

unaffected() {
    local -i number
    for ((number = 0; number < $1; number++)); do
        printf -- '---\napiVersion: segmentation.dev/v1alpha1\nkind: Segment\nmetadata: {name: other-%s}\nspec: {match: {event: {name: other-%s, within: 30d}}}\n' "$number" "$number"
    done
}

# cost WHAT PROFILES EVENTS-EACH ACTIVE EVENTS
cost() { live cost --what "$1" --profiles "$2" --events-each "$3" --active "$4" --events "$5" --operator-pid "$operator_pid" --redis-pid "$redis_pid"; }

begin
printf '| what | µs per event | of the operator | of Redis | events/s | bytes of Redis per profile before |\n|---|---|---|---|---|---|\n'
for number in ${profiles//,/ }; do
    progress "$number profiles"
    anew
    cost "$number profiles of one event, $active of them active" "$number" 1 "$active" "$events"
    anew
    cost "$number profiles of one event, all of them active" "$number" 1 "$number" "$events"
done
if [[ -n $profiles ]] && ((idle)); then
    progress "$number profiles, idle"
    live idle --what "$number profiles, idle" --seconds "$idle" --operator-pid "$operator_pid" --redis-pid "$redis_pid"
fi
for number in ${segments//,/ }; do
    progress "$number other Segments"
    anew
    ((!number)) || { unaffected "$number" >"$data/unaffected.yaml" && apply_segments "$data/unaffected.yaml" 600s; }
    cost "$number other Segments, 10000 profiles" 10000 1 10000 "$events"
done
for number in ${histories//,/ }; do
    progress "$number events each"
    anew
    cost "$number events each, 1000 profiles" 1000 "$number" 1000 10000 # few, for they make histories longer
done
