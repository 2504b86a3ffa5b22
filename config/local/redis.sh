#!/usr/bin/env bash
# redis.sh: a Redis of its own, for one purpose, on a loopback port, set up by redis.conf.
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'TEXT'
redis.sh start DIR [PORT] [--appendonly yes|no] [--until-exit-of PID]
    Starts Redis with its data in DIR unless it runs, on PORT, else on the port it had in DIR before, else on a free one, and returns
    once it answers. --until-exit-of stops it once PID has ended.
redis.sh stop DIR
    Stops exactly that Redis and waits for its end. Data stay.
TEXT
}

launch_redis() {
    launch "$1" redis "$REDIS_SERVER" "$local_dir/redis.conf" --port "$2" --dir "$1/redis" --appendonly "$append_only" --daemonize no
}

# A server that is still loading its file refuses commands; PONG means that it serves.
is_ready() { [[ $("$REDIS_CLI" -h 127.0.0.1 -p "$(<"$dir/redis.port")" ping 2>/dev/null) == PONG ]]; }

stop() {
    halt "$dir" redis-guard
    halt "$dir" redis 30
}

start() {
    local port='' watched=''
    append_only=yes
    while (($#)); do
        case $1 in
            --appendonly)
                [[ ${2:-} == yes || ${2:-} == no ]] || die "--appendonly wants yes or no"
                append_only=$2
                shift 2
                ;;
            --until-exit-of) watched=${2:?--until-exit-of wants a process id}; shift 2 ;;
            [0-9]*) port=$1; shift ;;
            *) usage >&2; die "unknown argument '$1'" ;;
        esac
    done
    find_programs || die "redis-server, redis-cli or kubectl is missing; run $local_dir/install.sh"
    mkdir -p "$dir/redis"
    exec 9>"$dir/redis.lock"
    flock 9
    trap stop EXIT
    exit_on_signals
    start_listening "$dir" redis "$port"
    await 60 "$dir" redis is_ready || { show_log "$dir/redis.log"; die "Redis does not answer; its log is $dir/redis.log"; }
    [[ -z $watched ]] || guard "$dir" redis-guard "$watched" "$local_dir/redis.sh" stop "$dir"
    trap - EXIT
    say "Redis $("$REDIS_SERVER" --version | sed 's/.*v=\([^ ]*\).*/\1/') on 127.0.0.1:$(<"$dir/redis.port"), append-only file: $append_only"
}

command=${1:-}
case $command in
    start | stop) ;;
    -h | --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
esac
[[ -n ${2:-} ]] || { usage >&2; exit 2; }
[[ $command != start ]] || mkdir -p "$2"
dir=$(cd "$2" 2>/dev/null && pwd) || die "no folder '$2'"
shift 2
"$command" "$@"
