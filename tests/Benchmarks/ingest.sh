#!/usr/bin/env bash
# ingest.sh [--profiles N] [--events N] [--distribution zipf|uniform] [--ceiling-events N] [--rows N] [--rounds N] [--no-peer]: how many events per
# second the operator takes, applies to twenty Segments and commits, on a real API server and Redis on this machine; beside it what Redis alone could take,
# and PostgreSQL 15 with a trigger that keeps the same memberships. All of them get the load in parts, --rounds of them (10), in turns. 10000 profiles and
# 200000 events unless told otherwise; --ceiling-events is how many of them are recorded for the ceiling (at most 1000000), --rows how many one
# statement of the peer holds (20000).
set -euo pipefail
# shellcheck source=tests/Benchmarks/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

profiles=10000 events=200000 distribution=zipf ceiling_events='' rows=20000 rounds=10 peer=true
while (($#)); do
    case $1 in
        --profiles) profiles=${2:?--profiles wants a number}; shift 2 ;;
        --events) events=${2:?--events wants a number}; shift 2 ;;
        --distribution) distribution=${2:?--distribution wants zipf or uniform}; shift 2 ;;
        --ceiling-events) ceiling_events=${2:?--ceiling-events wants a number}; shift 2 ;;
        --rows) rows=${2:?--rows wants a number}; shift 2 ;;
        --rounds) rounds=${2:?--rounds wants a number}; shift 2 ;;
        --no-peer) peer=false; shift ;;
        -h | --help) sed -n '2,6s/^# //p' "${BASH_SOURCE[0]}"; exit ;;
        *) die "unknown argument '$1'; there are --profiles, --events, --distribution, --ceiling-events, --rows, --rounds and --no-peer" ;;
    esac
done
[[ $distribution == zipf || $distribution == uniform ]] || die "--distribution is zipf or uniform, not '$distribution'"
((rounds >= 1 && events / 1000 >= rounds)) || die "--rounds is at least 1, and at most a thousandth of --events, for a request has 1000; it is $rounds"
[[ -n $ceiling_events ]] || ceiling_events=$((events < 1000000 ? events : 1000000))

postgres=$(dirname "$(readlink -f "$(command -v postgres || echo /usr/lib/postgresql/15/bin/postgres)")")
load=(--profiles "$profiles" --distribution "$distribution" --until "$(($(date +%s) / 3600 * 3600))000")

clean_up_more() {
    halt "$data" relay
    halt "$data" postgres 30
}

launch_relay() {
    launch "$1" relay dotnet "$here/bin/Release/net10.0/Benchmarks.dll" ingest relay --listen "$2" --redis "$redis_port" --folder "$data/recording"
}

# PostgreSQL refuses to run as root.
as_postgres=()
((EUID != 0)) || as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
launch_postgres() {
    launch "$1" postgres "${as_postgres[@]}" "$postgres/postgres" -D "$data/postgres" -p "$2" -k '' -c config_file="$data/postgres/postgresql.conf"
}

[[ $peer == false || -x $postgres/initdb ]] || die "PostgreSQL 15 is missing: apt-get install postgresql-15, or leave it out with --no-peer"
begin

progress "recording what is written for $ceiling_events events"
start_redis "$data/recorded"
recorded_port=$redis_port
start_listening "$data" relay
redis_port=$(<"$data/relay.port")
start_operator
apply_segments "$here/Ingest/segments.yaml"
benchmark ingest record "${load[@]}" --events "$ceiling_events" --operator "$server" --redis "127.0.0.1:$recorded_port"
"$KUBECTL" delete -n shop -f "$here/Ingest/segments.yaml" --timeout=120s >/dev/null
halt "$data" operator 40
halt "$data" relay
"$local_dir/redis.sh" stop "$data/recorded"

peer_arguments=()
if $peer; then
    progress "starting PostgreSQL"
    chmod 711 "$data"
    mkdir "$data/postgres"
    ((EUID != 0)) || chown postgres: "$data/postgres"
    (cd / && "${as_postgres[@]}" "$postgres/initdb" -D "$data/postgres" -U benchmark --auth=trust --locale=C --encoding=UTF8 >"$data/initdb.log" 2>&1) ||
        { show_log "$data/initdb.log"; die "initdb failed"; }
    "${as_postgres[@]}" tee "$data/postgres/postgresql.conf" <"$here/Ingest/postgresql.conf" >/dev/null
    start_listening "$data" postgres
    await 60 "$data" postgres "$postgres/pg_isready" -q -h 127.0.0.1 -p "$(<"$data/postgres.port")" -U benchmark -d postgres || { show_log "$data/postgres.log"; die "PostgreSQL does not answer"; }
    peer_arguments=(--postgres "Host=127.0.0.1;Port=$(<"$data/postgres.port");Username=benchmark;Database=postgres" --schema "$here/Ingest/postgres.sql" --rows "$rows")
fi

progress "sending"
start_redis "$data/empty"
empty_port=$redis_port
start_redis "$data/loaded"
start_operator
apply_segments "$here/Ingest/segments.yaml"
benchmark ingest compare "${load[@]}" --events "$events" --rounds "$rounds" --operator "$server" --operator-pid "$operator_pid" \
    --redis "127.0.0.1:$redis_port" --redis-pid "$redis_pid" --folder "$data/recording" --recorded-events "$ceiling_events" \
    --scripts "$project_dir/src/Operator/Storage/Scripts" --empty-redis "$empty_port" ${peer_arguments[@]+"${peer_arguments[@]}"}
