# shellcheck shell=bash
# What the local scripts share: messages, where things are, and processes that are started and stopped by their exact pid.
# Sourced, never run. Everything that runs here listens on loopback only.

local_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034  # read by the scripts that source this file
project_dir=$(cd "$local_dir/../.." && pwd)
cache_dir=${XDG_CACHE_HOME:-$HOME/.cache}/segmentation-operator
kubernetes_source_version=1.20.2
envtest_version=1.30.0

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() { warn "error: $*"; exit 1; }

# Sets KUBE_APISERVER and ETCD to the control plane to use, best first. False when there is none yet.
# An assets folder named by hand must be complete: falling back in silence would test another server than the one asked for.
find_control_plane() {
    local assets=${KUBEBUILDER_ASSETS:-}
    if [[ -n $assets ]]; then
        [[ -x $assets/kube-apiserver && -x $assets/etcd ]] ||
            die "KUBEBUILDER_ASSETS=$assets does not hold kube-apiserver and etcd; unset it, or point it at a folder that does"
    else
        for assets in "$cache_dir/kube-apiserver-$kubernetes_source_version" "$cache_dir/envtest-$envtest_version"; do
            [[ -x $assets/kube-apiserver && -x $assets/etcd ]] && break
            assets=
        done
    fi
    [[ -n $assets ]] || return 1
    export KUBE_APISERVER=$assets/kube-apiserver ETCD=$assets/etcd
}

# Sets REDIS_SERVER, REDIS_CLI and KUBECTL to programs on PATH, unless the caller chose others.
find_programs() {
    REDIS_SERVER=${REDIS_SERVER:-$(command -v redis-server)} || return 1
    REDIS_CLI=${REDIS_CLI:-$(command -v redis-cli)} || return 1
    KUBECTL=${KUBECTL:-$(command -v kubectl)} || return 1
    export REDIS_SERVER REDIS_CLI KUBECTL
}

random_hex() { od -An -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }

# The inodes of the sockets that listen on the port, one a line; none when it is free.
listening_inodes() {
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$(printf ':%04X$' "$1")" '$4 == "0A" && $2 ~ port { print $10 }'
}

# A port nobody listens on, from below the range that the kernel hands to outgoing connections.
free_port() {
    local port
    while :; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        [[ -z $(listening_inodes "$port") ]] && echo "$port" && return
    done
}

# True when the process itself listens on the port: on a busy machine the one that answers may be somebody else's.
owns_port() {
    local pid=$1 inode
    for inode in $(listening_inodes "$2"); do
        [[ -n $(find "/proc/$pid/fd" -lname "socket:\\[$inode\\]" 2>/dev/null) ]] && return 0
    done
    return 1
}

# The start time of a process, in clock ticks since boot; with the pid it names one process for ever, since pids come round again.
started_at() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    local -a fields
    # After the command's closing parenthesis: the state first (Z is a zombie, which runs no more), the start time twentieth.
    read -ra fields <<<"${stat##*) }"
    [[ ${fields[0]} != Z ]] && echo "${fields[19]}"
}

# A script that is told to end runs its EXIT trap and reports the signal in its exit code.
exit_on_signals() {
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# A shell defers its traps while a program runs in the foreground, so long work runs beside it: a signal then ends the script, and its
# EXIT trap the work, at once. Output is added to the file that task_output names, if any: redirecting the call instead would
# redirect the traps, too.
in_background() {
    local -i code=0
    if [[ -n ${task_output:-} ]]; then "$@" <&0 >>"$task_output" 2>&1 9>&- & else "$@" <&0 9>&- & fi
    task=$!
    wait "$task" || code=$?
    task=
    return $code
}

# The same in a session of its own, so that the children of the command end with it. Not for what may ask for a password.
interruptible() { in_background setsid "$@"; }

# Ends what in_background began, for EXIT traps.
end_task() {
    [[ -n ${task:-} ]] || return 0
    signal_group TERM "$task"
    wait "$task" 2>/dev/null || true
    task=
}

# launch DIR NAME COMMAND… starts a process in its own session, output to DIR/NAME.log, identity in DIR/NAME.pid.
launch() {
    local dir=$1 name=$2 told_to_end=
    shift 2
    # A signal between the start and the note of its pid would leave a process that nobody knows: it waits until both are done.
    trap 'told_to_end=129' HUP
    trap 'told_to_end=130' INT
    trap 'told_to_end=143' TERM
    # Own session: Ctrl-C reaches the script alone, which then stops things in order. Descriptor 9 holds locks, not for heirs.
    setsid "$@" </dev/null >>"$dir/$name.log" 2>&1 9>&- &
    echo "$! $(started_at $!)" >"$dir/$name.pid"
    exit_on_signals
    [[ -z $told_to_end ]] || exit "$told_to_end"
}

# The pid of DIR/NAME while that very process runs; false otherwise.
running_pid() {
    local pid ticks
    read -r pid ticks 2>/dev/null <"$1/$2.pid" || return 1
    [[ -n $ticks && $(started_at "$pid") == "$ticks" ]] && echo "$pid"
}

# Sends a signal to a launched process and its children. Its group exists a moment after the process does.
signal_group() { kill "-$1" -- "-$2" 2>/dev/null || kill "-$1" "$2" 2>/dev/null || true; }

# halt DIR NAME [SECONDS] asks the process to end, waits, and ends it for certain after SECONDS (10).
halt() {
    local dir=$1 name=$2 seconds=${3:-10} pid
    local -i turns=0
    if pid=$(running_pid "$dir" "$name") && [[ $pid != "$$" ]]; then
        signal_group TERM "$pid"
        while running_pid "$dir" "$name" >/dev/null; do
            ((++turns <= seconds * 20)) || signal_group KILL "$pid"
            sleep 0.05
        done
    fi
    rm -f "$dir/$name.pid"
}

# await SECONDS DIR NAME COMMAND… repeats COMMAND until it is true. False when DIR/NAME ends or the time is over.
await() {
    local -i deadline=$((SECONDS + $1))
    local dir=$2 name=$3
    shift 3
    until "$@"; do
        running_pid "$dir" "$name" >/dev/null || return 1
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# start_listening DIR NAME [PORT] starts NAME by the caller's launch_NAME DIR PORT, unless it runs. Without PORT: on the one that it
# had before, which its clients know, else on a free one, and on another one when somebody was quicker. Leaves the port in DIR/NAME.port.
start_listening() {
    local dir=$1 name=$2 wanted=${3:-} port pid attempt
    local -i turns
    ! running_pid "$dir" "$name" >/dev/null || return 0
    [[ -n $wanted ]] || wanted=$(cat "$dir/$name.port" 2>/dev/null) || true
    # A process that was killed lets go of its port only when its last thread has ended.
    for ((turns = 0; turns < 100; turns++)); do
        [[ -n $wanted && -n $(listening_inodes "$wanted") ]] || break
        sleep 0.05
    done
    for attempt in 1 2 3 4 5; do
        port=${wanted:-$(free_port)}
        "launch_${name//-/_}" "$dir" "$port"
        pid=$(running_pid "$dir" "$name") || true
        if await 60 "$dir" "$name" owns_port "${pid:-0}" "$port"; then
            echo "$port" >"$dir/$name.port"
            return
        fi
        halt "$dir" "$name"
        [[ -z $wanted && $attempt -lt 5 && -n $(listening_inodes "$port") ]] || break
    done
    show_log "$dir/$name.log"
    [[ -z $(listening_inodes "$port") ]] || die "$name did not start: port $port is taken by another process"
    die "$name did not start on port $port; its log is $dir/$name.log"
}

# guard DIR NAME PID COMMAND… runs COMMAND once the process PID has ended, however it ended, kill -9 included.
guard() {
    local dir=$1 name=$2 pid=$3
    shift 3
    [[ -d /proc/$pid ]] || die "no process $pid to watch"
    halt "$dir" "$name"
    # shellcheck disable=SC2016  # for the new shell
    launch "$dir" "$name" bash -c 'tail --pid="$0" -f /dev/null; exec "$@"' "$pid" "$@"
}

# The last lines of a log, set off from our own, for a process that did not start.
show_log() { tail -n "${2:-15}" "$1" 2>/dev/null | sed 's/^/    | /' >&2 || true; }
