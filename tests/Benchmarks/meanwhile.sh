# shellcheck shell=bash
# shellcheck disable=SC2154  # environment.sh, sourced before, and the script that sources both set what is not set here
# For the benchmarks that do something while events arrive, to be sourced after environment.sh: rows of a table, and how soon events are memberships. Takes
# the number of customers from $profiles, and events per second from $rate.

clean_up_more() { halt "$data" during; }

seconds_since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'; }
per_second() { awk -v n="$1" -v seconds="$2" 'BEGIN { printf "%.0f", n / (seconds > 0 ? seconds : 0.1) }'; }
row() { printf '| %s | %s |\n' "$1" "$2"; }

# meanwhile WHAT COMMAND… runs COMMAND while events arrive, and prints how soon these are memberships.
meanwhile() {
    local what=$1
    shift
    rm -f "$data/enough" "$data/during.log"
    launch "$data" during dotnet "$here/bin/Release/net10.0/Benchmarks.dll" live during --what "$what" --profiles "$profiles" --rate "$rate" \
        --until-file "$data/enough" --operator "$server" --redis "127.0.0.1:$redis_port"
    await 60 "$data" during grep -q sending "$data/during.log" || { show_log "$data/during.log" 30; die "no events are sent"; }
    "$@"
    touch "$data/enough"
    wait "$(running_pid "$data" during)" || { show_log "$data/during.log" 30; die "sending events failed"; }
    grep '^|' "$data/during.log"
}
