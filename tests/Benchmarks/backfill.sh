#!/usr/bin/env bash
# backfill.sh [--profiles N] [--rate N] [--rows N]: how long a new Segment takes over many profiles (1000000) of three events: when nothing else happens, while
# events arrive at --rate (2000/s), which are timed, and when the operator is killed in the middle; and how many rows (1000000) of CSV and JSONL
# `kubectl segment import` brings in per second. 0 profiles or rows leave that part out. On a real API server and Redis on this machine.
set -euo pipefail
# shellcheck source=tests/Benchmarks/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=tests/Benchmarks/meanwhile.sh
source "$here/meanwhile.sh"

profiles=1000000 rate=2000 rows=1000000
while (($#)); do
    case $1 in
        --profiles) profiles=${2:?--profiles wants a number}; shift 2 ;;
        --rate) rate=${2:?--rate wants a number}; shift 2 ;;
        --rows) rows=${2:?--rows wants a number}; shift 2 ;;
        -h | --help) sed -n '2,4s/^# //p' "${BASH_SOURCE[0]}"; exit ;;
        *) die "unknown argument '$1'; there are --profiles, --rate and --rows" ;;
    esac
done

backfilled() { "$KUBECTL" get segment -n shop backfilled -o "jsonpath={$1}"; }
has_members() { [[ $(backfilled .status.memberCount) == "$profiles" ]]; }

# backfill leaves in $took how long the Segment took to be Ready, and checks who is in it.
backfill() {
    local from=$EPOCHREALTIME
    apply_segments "$here/Live/backfilled.yaml" 1800s
    took=$(seconds_since "$from")
    await 60 "$data" operator has_members || die "the Segment has $(backfilled .status.memberCount) members, not $profiles"
}

forget_backfill() { "$KUBECTL" delete -n shop -f "$here/Live/backfilled.yaml" --timeout=300s >/dev/null; }

kill_in_the_middle() {
    local after
    after=$(awk -v t="$1" 'BEGIN { print t / 2 }')
    "$KUBECTL" apply -n shop -f "$here/Live/backfilled.yaml" >/dev/null
    sleep "$after"
    { kill -KILL "$operator_pid" && wait "$operator_pid"; } 2>/dev/null || true
    local ready
    ready=$(backfilled '.status.conditions[?(@.type=="Ready")]')
    progress "killed after $after s: $ready"
    [[ $ready != *'"status":"True"'* ]] || die "the Segment was Ready before the operator could be killed: take more profiles"
    start_operator
}

measure_backfill() {
    progress "filling"
    live fill --profiles "$profiles" --events-each 3
    progress "events before"
    meanwhile "before" sleep 20
    progress "a new Segment when nothing else happens"
    backfill
    row "a new Segment over $profiles profiles, nothing else happening: Ready" "after $took s, $(per_second "$profiles" "$took") profiles/s"
    local quiet=$took
    forget_backfill
    progress "a new Segment while events arrive"
    meanwhile "during a backfill" backfill
    row "a new Segment while $rate events/s arrive: Ready" "after $took s, $(per_second "$profiles" "$took") profiles/s"
    forget_backfill
    progress "a new Segment, and the operator killed"
    local from=$EPOCHREALTIME
    kill_in_the_middle "$quiet"
    backfill
    row "a new Segment, the operator killed after half of the first time and started again: Ready" "after $(seconds_since "$from") s, $took s after it was up again"
}

count_applied() { curl -fsS "$server/metrics" | awk '/^segmentation_events_(applied|duplicate)_total/ { n += $NF } END { printf "%.0f", n }'; }
are_applied() { (($(count_applied) >= $1)); }

measure_import() {
    local format from accepted wanted
    progress "writing $rows rows"
    awk -v rows="$rows" 'BEGIN {
        print "id,name,profileId,occurredAt,value"
        for (i = 0; i < rows; i++) printf "row-%d,placed_order,c-%d,2026-01-%02dT%02d:00:00Z,%d.50\n", i, (i * 7919) % 100000, 1 + i % 28, i % 24, i % 300
    }' >"$data/orders.csv"
    awk -F, 'NR > 1 { printf "{\"id\":\"line-%s\",\"name\":\"%s\",\"profileId\":\"%s\",\"occurredAt\":\"%s\",\"value\":%s}\n", $1, $2, $3, $4, $5 }' "$data/orders.csv" >"$data/orders.jsonl"
    for format in csv jsonl; do
        progress "importing $format"
        wanted=$(($(count_applied) + rows))
        from=$EPOCHREALTIME
        interruptible dotnet "$cli_program" import "$data/orders.$format" --server "$server" --workspace shop -o json >"$data/import.json" || die "the import failed: $(<"$data/import.json")"
        accepted=$(seconds_since "$from")
        await 600 "$data" operator are_applied "$wanted" || die "$(count_applied) events are applied of $wanted"
        row "import of $rows rows, $format" "$(per_second "$rows" "$accepted") rows/s; after $accepted s all were accepted, after $(seconds_since "$from") s applied"
    done
}

begin
((!rows)) || compile "$project_dir/src/Cli"
start_redis "$data/redis-of-backfill"
start_operator
apply_segments "$here/Live/segments.yaml"
row what measured
row --- ---
((!profiles)) || measure_backfill
((!rows)) || measure_import
