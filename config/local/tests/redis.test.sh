# shellcheck shell=bash disable=SC2154,SC2317  # run.sh sources this file

redis() { "$local_dir/redis.sh" "$@"; }
ask() { redis-cli -p "$(<"$1/redis.port")" "${@:2}"; }

Redis_keeps_its_port_and_its_data_over_a_restart() {
    local dir=$scratch/redis before
    redis start "$dir"
    before=$(<"$dir/redis.port")
    equal OK "$(ask "$dir" set kept yes)"
    redis stop "$dir"
    none_left_of "$dir"
    redis start "$dir"
    equal "$before" "$(<"$dir/redis.port")"
    equal yes "$(ask "$dir" get kept)"
    redis stop "$dir"
    none_left_of "$dir"
}

Redis_refuses_a_port_that_is_taken_and_says_so() {
    local dir=$scratch/first message
    redis start "$dir"
    message=$(redis start "$scratch/second" "$(<"$dir/redis.port")" 2>&1) && fail "it started"
    [[ $message == *"port $(<"$dir/redis.port") is taken by another process"* ]] || fail "$message"
    redis stop "$dir"
}

Redis_runs_with_the_committed_settings() {
    local dir=$scratch/settings
    redis start "$dir"
    equal noeviction "$(ask "$dir" config get maxmemory-policy | tail -n 1)"
    equal everysec "$(ask "$dir" config get appendfsync | tail -n 1)"
    equal yes "$(ask "$dir" config get appendonly | tail -n 1)"
    redis stop "$dir"
    redis start "$dir" --appendonly no
    equal no "$(ask "$dir" config get appendonly | tail -n 1)"
    redis stop "$dir"
}
