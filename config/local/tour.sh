# shellcheck shell=bash disable=SC2154,SC2317  # demo.sh sets what is read here: $data, $server, $workspace, kube; conditions are called by name
# The demo's tour: waits until the segments stand, then shows one member come by an event and one go by time. Sourced, never run.

now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }

# An instant in milliseconds as RFC 3339.
instant() { printf '%s.%03dZ' "$(date -u -d "@$(($1 / 1000))" +%Y-%m-%dT%H:%M:%S)" $(($1 % 1000)); }

send() { curl -fsS --max-time 10 -o /dev/null -H 'Content-Type: application/json' -d "$1" "$server/v1/$workspace/events"; }

# The segments that a profile is in, one a line; none for a profile that nobody knows yet.
memberships() {
    { curl -fsS --max-time 5 "$server/v1/$workspace/profiles/$1" 2>/dev/null || true; } |
        grep -oE '"segment":"[^"]+","member":true' | cut -d'"' -f4 | sort || true
}

is_member() { grep -qxF -- "$2" <<<"$(memberships "$1")"; }

# await_true SECONDS COMMAND… while the operator runs. False when the time is over.
await_true() {
    local -i until_ms=$(($(now_ms) + $1 * 1000))
    shift
    until "$@"; do
        (($(now_ms) < until_ms)) && running_pid "$data" operator >/dev/null || return 1
        sleep 0.01
    done
}

member_counts() { kube get segments -n "$workspace" -o jsonpath='{.items[*].status.memberCount}'; }

# Whether every policy that computes break points has done so after the instant, which is in RFC 3339 without a zone's letter.
are_scored_since() {
    kube get rfmpolicies.segmentation.dev -n "$workspace" -o jsonpath='{range .items[*]}{.status.lastScored}{"\n"}{end}' |
        awk -v since="$1" 'NF && $1 "" < since { late = 1 } END { exit late }'
}

# Ready, and the member counts at rest: statuses follow the members at a bounded rate.
await_segments() {
    local before='' now imported
    local -i calm=0 turns=0
    # Break points are computed again within ten seconds once the number of customers has grown, unless that happened during the import.
    imported=$(date -u +%Y-%m-%dT%H:%M:%S)
    await_true 45 are_scored_since "$imported" || true
    await_condition Ready 180 audiencesyncs.segmentation.dev --all -n "$workspace" ||
        { kube get audiencesyncs -n "$workspace" -o wide; die "the audience syncs have not delivered"; }
    await_condition Ready 180 segments.segmentation.dev --all -n "$workspace" ||
        { kube get segments -n "$workspace"; show_log "$data/operator.log" 20; die "not every segment became ready"; }
    while ((calm < 3)); do
        sleep 1
        now=$(member_counts)
        if [[ -n $now && $now == "$before" ]]; then calm+=1; else calm=0; fi
        before=$now
        # Members that come and go by time never rest entirely.
        ((++turns < 30)) || break
    done
    say "segments ready"
}

# A customer whom nobody knows places an order: which segments take them in, and how soon after the order was sent.
show_an_order() {
    # Another one for each run: data may have been kept.
    demo_customer=demo-customer-$$
    local customer=$demo_customer joined
    local -i sent taken
    has_joined() { joined=$(memberships "$customer") && [[ -n $joined ]]; }
    sent=$(now_ms)
    say "$customer places an order over 480.00"
    send "[{\"id\":\"$customer-order\",\"name\":\"placed_order\",\"profileId\":\"$customer\",\"occurredAt\":\"$(instant "$sent")\",\"value\":480.00,\"properties\":{\"channel\":\"web\"}}]"
    await_true 30 has_joined || die "the order moved $customer into no segment within 30 s"
    taken=$(($(now_ms) - sent))
    say "  $taken ms later a member of: ${joined//$'\n'/, }"
}

# A look at a product that is nearly as old as the window of browsing-now is long: in at once, and out without any event.
show_time_passing() {
    local customer=demo-visitor-$$ segment=browsing-now
    local -i window_ms=60000 stays_ms=6000 seen_at leaves_at left_at
    seen_at=$(($(now_ms) - window_ms + stays_ms))
    leaves_at=$((seen_at + window_ms))
    say "$customer looked at a product $(((window_ms - stays_ms) / 1000)) s ago; $segment holds who did within $((window_ms / 1000)) s"
    send "[{\"id\":\"$customer-view\",\"name\":\"viewed_product\",\"profileId\":\"$customer\",\"occurredAt\":\"$(instant "$seen_at")\"}]"
    await_true 5 is_member "$customer" "$segment" || die "$customer did not become a member of $segment"
    say "  a member, due to leave at $(instant "$leaves_at")"
    has_left() { ! is_member "$customer" "$segment"; }
    await_true 30 has_left || die "$customer is still a member of $segment, long after the due time"
    left_at=$(now_ms)
    say "  gone at $(instant "$left_at"), $((left_at - leaves_at)) ms after that, without any event"
}
