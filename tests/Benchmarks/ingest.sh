#!/usr/bin/env bash
# ingest.sh [--profiles N] [--events N] [--distribution zipf|uniform] [--ceiling-events N] [--rows N] [--no-peer]: how many events per second the
# operator takes, applies to twenty Segments and commits, on a real API server and Redis on this machine; beside it what Redis alone could take, and
# PostgreSQL 15 with a trigger that keeps the same memberships. 10000 profiles and 200000 events unless told otherwise; --ceiling-events is how many
# of them are recorded for the ceiling (at most 1000000), --rows how many one statement of the peer holds (20000).
set -euo pipefail
# shellcheck source=tests/Benchmarks/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

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

postgres=$(dirname "$(readlink -f "$(command -v postgres || echo /usr/lib/postgresql/15/bin/postgres)")")
load=(--profiles "$profiles" --distribution "$distribution" --until "$(($(date +%s) / 3600 * 3600))000")

measure() { benchmark ingest "$@"; }

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

stop_operator() {
    "$KUBECTL" delete -n shop -f "$here/Ingest/segments.yaml" --timeout=120s >/dev/null
    halt "$data" operator 40
}

[[ $peer == false || -x $postgres/initdb ]] || die "PostgreSQL 15 is missing: apt-get install postgresql-15, or leave it out with --no-peer"
begin

say "the load …"
start_redis "$data/loaded"
start_operator
apply_segments "$here/Ingest/segments.yaml"
measure load "${load[@]}" --events "$events" --operator "$server" --redis "127.0.0.1:$redis_port" \
    --operator-pid "$operator_pid" --redis-pid "$redis_pid" --figures "$data/figures"
stop_operator
"$local_dir/redis.sh" stop "$data/loaded"

say "the ceiling …"
start_redis "$data/recorded"
start_listening "$data" relay
direct_port=$redis_port redis_port=$(<"$data/relay.port")
start_operator
apply_segments "$here/Ingest/segments.yaml"
measure load "${load[@]}" --events "$ceiling_events" --operator "$server" --redis "127.0.0.1:$direct_port" \
    --operator-pid "$operator_pid" --redis-pid "$redis_pid" --figures "$data/recorded.figures"
halt "$data" operator 40
halt "$data" relay
"$local_dir/redis.sh" stop "$data/recorded"
"$local_dir/control-plane.sh" stop "$data"
start_redis "$data/empty"
measure ceiling --folder "$data/recording" --scripts "$project_dir/src/Operator/Storage/Scripts" --redis "$redis_port" --figures "$data/figures"
"$local_dir/redis.sh" stop "$data/empty"

if $peer; then
    say "PostgreSQL …"
    chmod 711 "$data"
    mkdir "$data/postgres"
    ((EUID != 0)) || chown postgres: "$data/postgres"
    (cd / && "${as_postgres[@]}" "$postgres/initdb" -D "$data/postgres" -U benchmark --auth=trust --locale=C --encoding=UTF8 >"$data/initdb.log" 2>&1) ||
        { show_log "$data/initdb.log"; die "initdb failed"; }
    "${as_postgres[@]}" tee "$data/postgres/postgresql.conf" <"$here/Ingest/postgresql.conf" >/dev/null
    start_listening "$data" postgres
    connection="Host=127.0.0.1;Port=$(<"$data/postgres.port");Username=benchmark;Database=postgres"
    await 60 "$data" postgres "$postgres/pg_isready" -q -h 127.0.0.1 -p "$(<"$data/postgres.port")" -U benchmark -d postgres || { show_log "$data/postgres.log"; die "PostgreSQL does not answer"; }
    measure postgres "${load[@]}" --events "$events" --postgres "$connection" --schema "$here/Ingest/postgres.sql" --rows "$rows" --figures "$data/figures"
fi
measure report --figures "$data/figures" --recorded "$data/recorded.figures"
