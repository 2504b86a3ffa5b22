#!/usr/bin/env bash
# control-plane.sh: a Kubernetes API server and its etcd, for one machine and one purpose, on free loopback ports.
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'TEXT'
control-plane.sh start DIR [--user NAME[,GROUP…]]… [--audit USER] [--until-exit-of PID]
    Starts what does not run yet and returns once it answers. Data, logs and credentials are in DIR; DIR/kubeconfig is an administrator's.
    A second start in the same DIR continues with the same data, ports and tokens. --until-exit-of stops everything once PID has ended.
    With --audit the server notes every request of USER, without its body, in DIR/audit.log: a line of JSON each, for this start and later ones.
control-plane.sh stop DIR [kube-apiserver|etcd]
    Stops exactly the processes started for DIR, or the named one of them, and waits for their end. Data stay.
control-plane.sh kubeconfig DIR USER > FILE
    A kubeconfig for one user of DIR/users. Users other than admin have only the rights that RBAC gives them. Known from the start:
    segmentation-operator, system:serviceaccount:segmentation-system:segmentation-operator, viewer, nobody.

Which server runs: KUBEBUILDER_ASSETS when set, else the one that install.sh provided. A server without RBAC lets every user do everything.
TEXT
}

# One line a user: token,name,uid,"groups". Only the administrator is in system:masters.
add_user() {
    local name=$1 groups=${2:-}
    case $name in
        *:serviceaccount:*) groups=system:serviceaccounts${groups:+,$groups} ;;
    esac
    [[ -f $dir/users ]] && grep -qxF -- "$name" <<<"$(cut -d, -f2 "$dir/users")" && return
    printf '%s,%s,%s,"%s"\n' "$(random_hex 16)" "$name" "$name" "$groups" >>"$dir/users"
}

write_kubeconfig() {
    local user=$1 token
    token=$(awk -F, -v user="$user" '$2 == user { print $1 }' "$dir/users" 2>/dev/null) || true
    [[ -n $token ]] || die "no user '$user' in $dir/users; start the control plane with --user $user"
    cat <<TEXT
apiVersion: v1
kind: Config
clusters:
- name: local
  cluster:
    server: https://127.0.0.1:$(<"$dir/kube-apiserver.port")
    certificate-authority-data: $(base64 -w0 "$dir/certs/apiserver.crt")
users:
- name: "$user"
  user:
    token: $token
contexts:
- name: local
  context: {cluster: local, user: "$user", namespace: default}
current-context: local
TEXT
}

# Made once for a DIR, so that a restart is one in the eyes of every client: same address, same certificate, same tokens.
prepare() {
    mkdir -p "$dir/certs"
    chmod 700 "$dir"
    add_user admin system:masters
    add_user segmentation-operator
    add_user system:serviceaccount:segmentation-system:segmentation-operator
    add_user viewer
    add_user nobody
    local user
    for user in "$@"; do
        if [[ $user == *,* ]]; then add_user "${user%%,*}" "${user#*,}"; else add_user "$user"; fi
    done
    [[ -s $dir/certs/sa.key ]] || openssl genrsa -out "$dir/certs/sa.key" 2048 2>/dev/null
    [[ -s $dir/certs/sa.pub ]] || openssl rsa -in "$dir/certs/sa.key" -pubout -out "$dir/certs/sa.pub" 2>/dev/null
}

launch_etcd() {
    # The data are thrown away with DIR, so no write need wait for the disk. One member: nobody talks to its peer port.
    launch "$1" etcd "$ETCD" --name default --data-dir "$1/etcd" --unsafe-no-fsync --logger zap \
        --listen-client-urls "http://127.0.0.1:$2" --advertise-client-urls "http://127.0.0.1:$2" --listen-peer-urls http://127.0.0.1:0
}

write_audit_policy() {
    cat >"$dir/audit-policy.yaml" <<TEXT
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  users: ["$1"]
- level: None
TEXT
}

launch_kube_apiserver() {
    local -a audit=()
    [[ ! -f $1/audit-policy.yaml ]] || audit=(--audit-policy-file "$1/audit-policy.yaml" --audit-log-path "$1/audit.log")
    launch "$1" kube-apiserver "$KUBE_APISERVER" --etcd-servers "http://127.0.0.1:$(<"$1/etcd.port")" \
        --bind-address 127.0.0.1 --secure-port "$2" --cert-dir "$1/certs" --authorization-mode RBAC --token-auth-file "$1/users" \
        --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$1/certs/sa.pub" \
        --service-account-signing-key-file "$1/certs/sa.key" --service-cluster-ip-range 10.0.0.0/24 \
        --disable-admission-plugins ServiceAccount ${audit[@]+"${audit[@]}"}
}

is_ready() {
    local kubectl=("$KUBECTL" --kubeconfig "$dir/kubeconfig" --request-timeout 5s)
    "${kubectl[@]}" get --raw /readyz >/dev/null 2>&1 && "${kubectl[@]}" get namespace default >/dev/null 2>&1
}

start() {
    local -a users=()
    local watched='' audited=''
    while (($#)); do
        case $1 in
            --user) users+=("${2:?--user wants a name}"); shift 2 ;;
            --audit) audited=${2:?--audit wants a user}; shift 2 ;;
            --until-exit-of) watched=${2:?--until-exit-of wants a process id}; shift 2 ;;
            *) usage >&2; die "unknown argument '$1'" ;;
        esac
    done
    if ! find_control_plane || ! find_programs; then die "no control plane on this machine yet; run $local_dir/install.sh"; fi
    SECONDS=0
    umask 077
    exec 9>"$dir/control-plane.lock"
    flock 9
    # From here on, whatever ends this script early also ends what it started.
    trap stop_all EXIT
    exit_on_signals
    prepare ${users[@]+"${users[@]}"}
    [[ -z $audited ]] || write_audit_policy "$audited"
    start_listening "$dir" etcd
    start_listening "$dir" kube-apiserver
    write_kubeconfig admin >"$dir/kubeconfig"
    if ! await 60 "$dir" kube-apiserver is_ready; then
        show_log "$dir/kube-apiserver.log"
        die "kube-apiserver is not ready; its log is $dir/kube-apiserver.log"
    fi
    [[ -z $watched ]] || guard "$dir" control-plane-guard "$watched" "$local_dir/control-plane.sh" stop "$dir"
    trap - EXIT
    say "kube-apiserver $("$KUBE_APISERVER" --version 2>/dev/null | awk '{ print $NF; exit }') on https://127.0.0.1:$(<"$dir/kube-apiserver.port"), ready in $SECONDS s"
    say "etcd on http://127.0.0.1:$(<"$dir/etcd.port")"
    say "export KUBECONFIG=$dir/kubeconfig"
}

stop_all() {
    halt "$dir" control-plane-guard
    # Its data are etcd's: a server that lingers with open watches may be cut short.
    halt "$dir" kube-apiserver 5
    halt "$dir" etcd
}

command=${1:-}
case $command in
    start | stop | kubeconfig) ;;
    -h | --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
esac
[[ -n ${2:-} ]] || { usage >&2; exit 2; }
[[ $2 != *:* ]] || die "'$2' has a colon, which separates files in KUBECONFIG; choose another folder"
[[ $command != start ]] || mkdir -p "$2"
dir=$(cd "$2" 2>/dev/null && pwd) || die "no folder '$2'"
shift 2
case $command in
    start) start "$@" ;;
    stop)
        case ${1:-} in
            '') stop_all ;;
            kube-apiserver) halt "$dir" kube-apiserver 5 ;;
            etcd) halt "$dir" etcd ;;
            *) die "unknown process '$1': kube-apiserver or etcd" ;;
        esac
        ;;
    kubeconfig) write_kubeconfig "${1:?which user? see $dir/users}" ;;
esac
