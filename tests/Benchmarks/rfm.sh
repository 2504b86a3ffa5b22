#!/usr/bin/env bash
# rfm.sh [--profiles N] [--rate N]: how long it takes until all of many profiles (1000000) follow when an RfmPolicy draws new break points after a week of
# orders, and how many are evaluated and change tier; the same of fitting its predictions; how soon events that arrive at --rate (2000/s) are memberships
# before and meanwhile; and how long counting the matrix takes. On a real API server and Redis on this machine.
set -euo pipefail
# shellcheck source=tests/Benchmarks/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=tests/Benchmarks/meanwhile.sh
source "$here/meanwhile.sh"

profiles=1000000 rate=2000
while (($#)); do
    case $1 in
        --profiles) profiles=${2:?--profiles wants a number}; shift 2 ;;
        --rate) rate=${2:?--rate wants a number}; shift 2 ;;
        -h | --help) sed -n '2,4s/^# //p' "${BASH_SOURCE[0]}"; exit ;;
        *) die "unknown argument '$1'; there are --profiles and --rate" ;;
    esac
done

# With the one message that says how long counting took.
launch_operator() { launch_replica "$1" operator "$2" env Logging__LogLevel__Segmentation.Operator.Workspaces.RfmCensusTaker=Debug; }

# change SECTION FIELD VALUE
change() { "$KUBECTL" patch rfmpolicy customers -n shop --type=merge -p "{\"spec\":{\"$1\":{\"$2\":\"$3\"}}}" >/dev/null; }
status() { "$KUBECTL" get rfmpolicy customers -n shop -o "jsonpath={.status.$1}"; }

logged() { grep -c "$1" "$operator_log" || true; }
has_logged() { (($(logged "$1") > $2)); }

# standing PASS prints where the partitions are with a pass over profiles: its name alone when all of them are done with it.
standing() {
    "$REDIS_CLI" -p "$redis_port" --raw eval '
        local seen, all = {}, {}
        for partition = 0, redis.call("HGET", "{shop}:catalog", "partitions") - 1 do
            local owner = redis.call("HGETALL", "{shop/" .. partition .. "}:owner")
            for i = 1, #owner, 2 do
                if owner[i]:find("pass:" .. ARGV[1] .. "@", 1, true) == 1 and not seen[owner[i + 1]] then
                    seen[owner[i + 1]] = true
                    all[#all + 1] = owner[i + 1]
                end
            end
        end
        return all' 0 "$1"
}

# has_passed PASS BEFORE: whether all partitions are done with another one than BEFORE.
has_passed() {
    local now
    now=$(standing "$1")
    [[ -n $now && $now != *$'\n'* && $now != "$2" ]]
}

# follow SECTION FIELD MESSAGE PASS has what is due by that duration of the policy done at once, and waits until the operator logs MESSAGE and then all
# profiles have had PASS. Leaves in $done_after and $took how long either took, in seconds.
follow() {
    local before from messages
    before=$(standing "$4") messages=$(logged "$3") from=$EPOCHREALTIME
    change "$1" "$2" 1m
    await 1800 "$data" operator has_logged "$3" "$messages" || { show_log "$operator_log" 30; die "the operator did not say: $3"; }
    done_after=$(seconds_since "$from")
    change "$1" "$2" 24h # before it is due again
    await 3600 "$data" operator has_passed "$4" "$before" || { show_log "$operator_log" 30; die "not all profiles followed"; }
    took=$(seconds_since "$from")
}

draw() { follow scoring recomputeEvery "computed break points" policy/customers; }
fit() { follow predictions refitEvery "tried to fit" segment/likely-to-churn; }

counts() { sed -n 's/.*counted the .* in \([0-9]*\) ms.*/\1/p' "$operator_log" | sort -n; }

begin
start_redis "$data/redis-of-rfm"
start_operator
apply_segments "$here/Live/segments.yaml"
row what measured
row --- ---
progress "orders up to a week ago"
live orders --profiles "$profiles" --from-days-ago 1000 --until-days-ago 7
progress "the first scores and the first model"
from=$EPOCHREALTIME
apply_segments "$here/Live/rfm.yaml" 3600s
row "the first scores and predictions of $profiles profiles: Ready" "after $(seconds_since "$from") s"
[[ $(status 'conditions[?(@.type=="PredictionsReady")].reason') == Fitted ]] || die "there is no model: $(status 'conditions[?(@.type=="PredictionsReady")].message')"
progress "orders of the last week"
live orders --profiles "$profiles" --from-days-ago 7 --until-days-ago 0
progress "events before"
meanwhile "before" sleep 61 # nothing is due more often than once a minute
progress "new break points"
meanwhile "during new break points" draw
row "new break points: drawn" "after $done_after s"
row "all tiers and Segments follow" "after $took s"
sleep 20 # the status is written every 15 s
row "evaluated for them; changed tier" "$(status rescored); $(status moved)"
progress "a new model"
meanwhile "during a fit of the predictions" fit
row "a fit of the predictions: done" "after $done_after s; reading and fitting took $(sed -n 's/.*tried to fit .* in \([0-9]*\) ms.*/\1/p' "$operator_log" | tail -n 1) ms"
row "all Segments follow" "after $took s"
row "counting the matrix" "$(counts | awk 'NR == 1 { least = $0 } { most = $0 } END { print least " to " most " ms, " NR " times" }')"
