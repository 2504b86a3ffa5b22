#!/usr/bin/env bash
# demo.sh: everything on this machine, from nothing to live segments of a simulated shop, with a short tour. See usage below.
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=config/local/build.sh
source "$local_dir/build.sh"
# shellcheck source=config/local/tour.sh
source "$local_dir/tour.sh"

usage() {
    cat <<'TEXT'
demo.sh [--once] [--kubeconfig FILE] [--customers N] [--events N] [--seed S] [--keep-data DIR]
    Installs what is missing, starts Redis, a Kubernetes API server and the operator on free loopback ports, applies config/crd and
    config/samples, imports a generated shop's two years of history, and shows members come and go. Runs until Ctrl-C.

    --once             ends after the tour
    --kubeconfig FILE  uses the cluster of FILE instead of a local API server; the kinds stay there, the samples go
    --customers N      size of the shop (5000)
    --events N         length of its history (100000)
    --seed S           the same seed gives the same shop (42)
    --keep-data DIR    keeps Redis' and the API server's data in DIR, and continues with them the next time
TEXT
}

workspace=acme
replica_label=segmentation.dev/replica-of # of the Leases of running operators
once=false given_kubeconfig='' customers=5000 events=100000 seed=42 data=''
while (($#)); do
    case $1 in
        --once) once=true; shift ;;
        --kubeconfig) given_kubeconfig=$(realpath -e "${2:?--kubeconfig wants a file}"); shift 2 ;;
        --customers) customers=${2:?--customers wants a number}; shift 2 ;;
        --events) events=${2:?--events wants a number}; shift 2 ;;
        --seed) seed=${2:?--seed wants a number}; shift 2 ;;
        --keep-data) data=${2:?--keep-data wants a folder}; shift 2 ;;
        -h | --help) usage; exit ;;
        *) usage >&2; die "unknown argument '$1'" ;;
    esac
done

bold='' plain=''
if [[ -t 1 ]]; then bold=$(tput bold 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true); fi
step=starting are_samples_applied=false
heading() { step=$1; printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }

# A child that ends with this script even when the script is killed outright.
bound=(setpriv --pdeathsig TERM)

clean_up() {
    local code=$?
    # Once more Ctrl-C must not leave half of it running.
    trap '' INT TERM HUP
    ((code == 0 || code >= 129)) || warn "The demo ended at: $step"
    # To standard error: a signal may come while standard output is turned away.
    warn && warn "stopping …"
    end_task
    ! $are_samples_applied || remove_samples
    halt "$data" operator 30
    halt "$data" webhook-receiver
    "$local_dir/control-plane.sh" stop "$data"
    "$local_dir/redis.sh" stop "$data"
    $keep || rm -rf "$data"
}

prepare_data() {
    keep=false
    if [[ -n $data ]]; then keep=true; mkdir -p "$data"; else data=$(mktemp -d); fi
    data=$(cd "$data" && pwd)
    ! running_pid "$data" operator >/dev/null || die "a demo is running with $data already"
    trap clean_up EXIT
    exit_on_signals
}

start_redis() { interruptible "$local_dir/redis.sh" start "$data" --until-exit-of $$; }

start_kubernetes() {
    if [[ -n $given_kubeconfig ]]; then
        export KUBECONFIG=$given_kubeconfig
        say "Kubernetes $(kube get --raw /version | sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p') of $given_kubeconfig"
        [[ -z $(kube get leases -A -l "$replica_label" -o name) ]] ||
            die "an operator runs in this cluster already (kubectl get leases -A -l $replica_label); the demo's own would be taken for one more replica of it"
    else
        : >"$data/control-plane.log"
        task_output=$data/control-plane.log interruptible "$local_dir/control-plane.sh" start "$data" --until-exit-of $$ ||
            { show_log "$data/control-plane.log"; die "the API server did not start"; }
        grep -v '^export' "$data/control-plane.log"
        export KUBECONFIG=$data/kubeconfig
    fi
}

kube() { "$KUBECTL" "$@"; }

# Servers before 1.25 do not know validation rules in a definition, and kubectl would refuse to send them.
apply() {
    local minor validate=()
    minor=$(kube get --raw /version | sed -n 's/.*"minor": *"\([0-9]*\).*/\1/p')
    ((minor >= 25)) || validate=(--validate=false)
    kube apply "${validate[@]}" "$@"
}

# await_condition CONDITION SECONDS OBJECTS… until all of them have it. kubectl's own wait gives up on one that has no status yet.
await_condition() {
    local condition=$1
    local -i deadline=$((SECONDS + $2))
    shift 2
    until task_output=$data/wait.log interruptible "$KUBECTL" wait --for "condition=$condition" --timeout $((deadline - SECONDS))s "$@"; do
        if ((SECONDS + 1 >= deadline)); then
            show_log "$data/wait.log"
            return 1
        fi
        sleep 0.2
    done
}

apply_definitions() {
    apply -f "$project_dir/config/crd"
    await_condition Established 60 -f "$project_dir/config/crd"
}

# The samples send to a fixed address; where that is taken, to the receiver's own.
apply_samples() {
    local port=$1 file
    # In the order of their names, as kubectl would: the namespace comes first.
    for file in "$project_dir"/config/samples/*.yaml; do
        sed "s/127\.0\.0\.1:9099/127.0.0.1:$port/" "$file"
        printf '\n---\n'
    done | apply -f -
}

# From a cluster that goes on without this operator, whose finalizers would keep them for ever. The namespace may be somebody's own.
remove_samples() {
    local file
    warn "removing the samples …"
    for file in "$project_dir"/config/samples/*.yaml; do
        [[ $file == *namespace.yaml ]] || printf -- '---\n%s\n' "$(<"$file")"
    done | "$KUBECTL" delete --ignore-not-found --timeout=60s -f - >/dev/null || warn "some of the samples are left in the namespace $workspace"
}

# The rights that the operator's own role gives, where the server knows roles and the role is there; else the administrator's.
operator_kubeconfig() {
    local account=system:serviceaccount:segmentation-system:segmentation-operator
    # The lease is there, whatever the rights.
    kube create namespace segmentation-system >/dev/null 2>&1 || true
    if [[ -z $given_kubeconfig ]] && grep -qx rbac.authorization.k8s.io/v1 <<<"$(kube api-versions)"; then
        apply -f "$project_dir/config/rbac" >/dev/null
        if kube auth can-i watch segments.segmentation.dev --all-namespaces --as "$account" >/dev/null 2>&1; then
            "$local_dir/control-plane.sh" kubeconfig "$data" "$account" >"$data/operator.kubeconfig"
            echo "$data/operator.kubeconfig"
            return
        fi
    fi
    echo "$KUBECONFIG"
}

launch_operator() {
    Redis__Configuration=127.0.0.1:$(<"$data/redis.port") Kubernetes__Kubeconfig=$operator_config Kubernetes__LeaderElection__LeaseNamespace=segmentation-system \
        DOTNET_ENVIRONMENT=Production launch "$1" operator "${bound[@]}" dotnet "$operator_program" --urls "http://127.0.0.1:$2"
}

start_operator() {
    operator_config=$(operator_kubeconfig)
    local user
    user=$(kube config view --kubeconfig "$operator_config" --minify -o jsonpath='{.users[0].name}')
    start_listening "$data" operator
    server=http://127.0.0.1:$(<"$data/operator.port")
    await 60 "$data" operator curl -fsS -o /dev/null --max-time 5 "$server/readyz" 2>/dev/null ||
        { show_log "$data/operator.log" 30; die "the operator is not ready: $(curl -s --max-time 5 "$server/readyz" || true)"; }
    say "operator on $server, as $user, log in $data/operator.log"
}

launch_webhook_receiver() {
    launch "$1" webhook-receiver "${bound[@]}" dotnet "$receiver_program" --urls "http://127.0.0.1:$2"
}

# The receiver wants the secret that signs, which is in the samples; its port is fixed by them, too, while it is free.
start_webhook_receiver() {
    SIGNING_SECRET=$(sed -n 's/^ *whsec: *\(whsec_[A-Za-z0-9+\/]*=*\) *$/\1/p; T; q' "$project_dir"/config/samples/*.yaml)
    [[ -n $SIGNING_SECRET ]] || die "no signing secret (whsec_…) in config/samples"
    export SIGNING_SECRET
    local port=9099
    [[ -z $(listening_inodes $port) ]] || port=$(free_port)
    start_listening "$data" webhook-receiver "$port"
    unset SIGNING_SECRET
    say "webhook receiver on http://127.0.0.1:$port"
}

segment() { interruptible "${bound[@]}" dotnet "$cli_program" "$@"; }

import_history() {
    export SEGMENTATION_SERVER=$server SEGMENTATION_WORKSPACE=$workspace
    if [[ ! -f $data/events.jsonl ]]; then
        segment generate --customers "$customers" --events "$events" --seed "$seed" --years 2 --until now \
            --out "$data/events.part" --profiles-out "$data/profiles.jsonl"
        mv "$data/events.part" "$data/events.jsonl"
    fi
    segment put-profiles "$data/profiles.jsonl"
    segment import "$data/events.jsonl"
}

farewell() {
    heading "Yours to play with"
    cat <<TEXT
  export KUBECONFIG=$KUBECONFIG
  export SEGMENTATION_SERVER=$server SEGMENTATION_WORKSPACE=$workspace

  $server        events in, members and profiles out; /metrics /readyz
  127.0.0.1:$(<"$data/redis.port")               Redis: redis-cli -p $(<"$data/redis.port")
  http://127.0.0.1:$(<"$data/webhook-receiver.port")         what the audience syncs have delivered

  kubectl get segments -n $workspace --watch
  dotnet ${cli_program#"$project_dir"/} members browsing-now
  dotnet ${cli_program#"$project_dir"/} profile $demo_customer

Ctrl-C stops everything.
TEXT
    while running_pid "$data" operator >/dev/null; do sleep 1; done
    show_log "$data/operator.log" 30
    die "the operator ended by itself"
}

heading "1/7 Installing what is missing"
prepare_data
in_background "$local_dir/install.sh"
find_programs
heading "2/7 Building"
build_programs
heading "3/7 Starting Redis, Kubernetes and the webhook receiver"
start_redis
start_kubernetes
start_webhook_receiver
heading "4/7 Starting the operator and applying config/crd and config/samples"
apply_definitions
start_operator
[[ -z $given_kubeconfig ]] || are_samples_applied=true
apply_samples "$(<"$data/webhook-receiver.port")"
heading "5/7 Importing $events events of $customers customers"
import_history
await_segments
heading "6/7 The segments"
kube get segments,rfmpolicies,audiencesyncs -n "$workspace"
heading "7/7 Members come and go"
show_an_order
show_time_passing
say && say "the tour took $((SECONDS / 60)) min $((SECONDS % 60)) s"
$once || farewell
