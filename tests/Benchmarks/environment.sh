# shellcheck shell=bash
# shellcheck disable=SC2034  # what is set here is for the scripts that source it
# For the benchmarks that need servers, to be sourced: an API server, Redis and the operator on this machine, all in the folder $data, gone with it when the
# script ends. The script calls begin, then start_redis and start_operator; a clean_up_more of its own is called first at the end.
# Tables go to standard output, what is being done to standard error.
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../config/local/lib.sh"
# shellcheck source=config/local/build.sh
source "$local_dir/build.sh"

here=$project_dir/tests/Benchmarks
account=system:serviceaccount:segmentation-system:segmentation-operator
operator=$project_dir/src/Operator/bin/Release/net10.0/segmentation-operator.dll
namespace=shop # of what apply_segments applies
declare -a redis_folders=()

benchmark() { interruptible dotnet "$here/bin/Release/net10.0/Benchmarks.dll" "$@"; }

# A step of Live/LiveCommand.cs on the operator and the Redis that were started last.
live() { benchmark live "$@" --operator "$server" --redis "127.0.0.1:$redis_port"; }

progress() { warn "$(date +%T) $* …"; }

clean_up() {
    local folder
    end_task
    [[ $(type -t clean_up_more) != function ]] || clean_up_more
    halt "$data" operator 40
    "$local_dir/control-plane.sh" stop "$data"
    for folder in ${redis_folders[@]+"${redis_folders[@]}"}; do "$local_dir/redis.sh" stop "$folder"; done
    rm -rf "$data"
}

compile() {
    local output
    output=$(dotnet build "$1" -c Release -v quiet --nologo -clp:NoSummary 2>&1) || { warn "$output"; die "the build failed"; }
}

# Builds, makes $data, and starts an API server with the CRDs, the rights of the operator and the namespace shop.
begin() {
    progress "building, and starting an API server"
    "$local_dir/install.sh" >/dev/null
    find_control_plane && find_programs
    compile "$project_dir/src/Operator"
    compile "$here"
    data=$(mktemp -d)
    trap clean_up EXIT
    exit_on_signals
    "$local_dir/control-plane.sh" start "$data" --until-exit-of $$ >/dev/null
    export KUBECONFIG=$data/kubeconfig
    "$KUBECTL" apply --validate=false -f "$project_dir/config/crd" >/dev/null
    "$KUBECTL" create namespace segmentation-system >/dev/null
    "$KUBECTL" create namespace shop >/dev/null
    "$KUBECTL" apply -f "$project_dir/config/rbac" >/dev/null 2>&1 || true # a server without RBAC lets everyone do everything
    "$local_dir/control-plane.sh" kubeconfig "$data" "$account" >"$data/operator.kubeconfig"
}

# start_redis FOLDER starts an empty Redis with the settings of config/local/redis.conf, port in $redis_port, pid in $redis_pid.
start_redis() {
    mkdir -p "$1"
    redis_folders+=("$1")
    "$local_dir/redis.sh" start "$1" --until-exit-of $$ >/dev/null
    redis_port=$(<"$1/redis.port")
    redis_pid=$(running_pid "$1" redis)
}

launch_operator() { launch_replica "$1" operator "$2"; }

# launch_replica DIR NAME PORT [COMMAND…] starts an operator by COMMAND, with the same garbage collection as in the image unless DOTNET_GCgen0size is set.
launch_replica() {
    Redis__Configuration=127.0.0.1:$redis_port Kubernetes__Kubeconfig=$data/operator.kubeconfig DataPlane__TestClock=true \
        Kubernetes__LeaderElection__LeaseNamespace=segmentation-system DOTNET_ENVIRONMENT=Production DOTNET_GCgen0size="${DOTNET_GCgen0size:-0x1000000}" \
        launch "$1" "$2" "${@:4}" dotnet "$operator" --urls "http://127.0.0.1:$3"
}

start_operator() { start_replica operator; }

# start_replica NAME starts an operator on $redis_port, by launch_NAME, and waits until it is ready: address in $server, pid in $operator_pid.
start_replica() {
    operator_log=$data/$1.log
    start_listening "$data" "$1"
    server=http://127.0.0.1:$(<"$data/$1.port")
    operator_pid=$(running_pid "$data" "$1")
    await 60 "$data" "$1" curl -fsS -o /dev/null --max-time 5 "$server/readyz" 2>/dev/null || { show_log "$operator_log" 30; die "the operator is not ready"; }
}

# apply_segments FILE [TIMEOUT] applies Segments and waits until all of $namespace are Ready.
apply_segments() {
    "$KUBECTL" apply -n "$namespace" -f "$1" >/dev/null
    "$KUBECTL" wait -n "$namespace" --for=condition=Ready segments --all --timeout="${2:-120s}" >/dev/null || { show_log "$operator_log" 30; die "the Segments are not Ready"; }
}
