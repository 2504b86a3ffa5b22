#!/usr/bin/env bash
# install.sh [--tests]: installs what the local environment runs on and is missing, one line per thing. Quick when all is there.
# As root or with sudo, from Debian's packages; nothing is started. --tests adds what only the tests need.
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage="usage: install.sh [--tests]"
for_tests=false
case ${1:-} in
    '') ;;
    --tests) for_tests=true ;;
    -h | --help) say "$usage"; exit ;;
    *) die "unknown argument '$1'; $usage" ;;
esac

as_root() {
    if ((EUID == 0)); then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else die "installing packages wants root: run as root, or install sudo (command: $*)"
    fi
}

# Packages must not start services of their own: a policy that says no stands while apt works, unless the machine has one.
policy=/usr/sbin/policy-rc.d
policy_is_ours=false
forbid_services() {
    [[ ! -e $policy ]] || return 0
    policy_is_ours=true
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}
allow_services() { ! $policy_is_ours || as_root rm -f "$policy"; policy_is_ours=false; }

lists_are_fresh=false
apt_install() {
    command -v apt-get >/dev/null || die "'$1' is missing and this machine has no apt-get; install it by your own means"
    local log
    log=$(mktemp)
    forbid_services
    local -a apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    # A failing third-party source must not stop us while Debian's own work: what matters is whether the install succeeds.
    $lists_are_fresh || as_root "${apt[@]}" update >>"$log" 2>&1 || true
    lists_are_fresh=true
    if ! as_root "${apt[@]}" install -y --no-install-recommends "$@" >>"$log" 2>&1; then
        show_log "$log" 20
        rm -f "$log"
        die "apt-get install $* failed"
    fi
    rm -f "$log"
    allow_services
}

# need COMMAND PACKAGE [SERVICE]: one line, installed or there already. A service that came along does not start at boot either.
need() {
    local command=$1 package=$2 service=${3:-}
    if command -v "$command" >/dev/null; then
        say "$command: there"
        return
    fi
    say "$command: installing Debian's $package …"
    apt_install "$package"
    hash -r
    [[ -z $service ]] || ! command -v systemctl >/dev/null || as_root systemctl disable --quiet "$service" >/dev/null 2>&1 || true
    command -v "$command" >/dev/null || die "$package is installed, but '$command' is not on PATH"
}

need_dotnet() {
    local wanted
    wanted=$(sed -n 's/.*"version": *"\([0-9]*\)\..*/\1/p' "$project_dir/global.json")
    grep -q "^$wanted\." <<<"$(dotnet --list-sdks 2>/dev/null)" ||
        die "the .NET SDK $wanted is missing; see https://learn.microsoft.com/dotnet/core/install/linux"
    say "dotnet: there"
}

# The archive that kubebuilder's envtest uses, checked by its published sum. False, and silent, where it cannot be reached.
fetch_envtest() {
    local arch sum work
    case $(uname -m) in
        x86_64) arch=amd64 sum=d53870e1a6c9b3b50366489a9387f4e254c664955e932e3e25e2088bb437b270bfab75d241b50849233f9a34bb1f08b41567ebb81ea29352104ae0f5b1cb9e88 ;;
        aarch64) arch=arm64 sum=140748efaa394598f50175e809cd53896881ed046d93ebdfbd5442100f68b3d8d51fd22f8cf1ae06a6e43473897b789df0db6e0ae6c45c8320b000d5ee900005 ;;
        *) return 1 ;;
    esac
    work=$(mktemp -d "$cache_dir/envtest.XXXXXX")
    if curl -fsSL --connect-timeout 3 --speed-time 15 --speed-limit 20000 -o "$work/archive" \
        "https://github.com/kubernetes-sigs/controller-tools/releases/download/envtest-v$envtest_version/envtest-v$envtest_version-linux-$arch.tar.gz" 2>/dev/null &&
        sha512sum --status -c <<<"$sum  $work/archive" &&
        tar -xzf "$work/archive" -C "$work" --strip-components=2 && [[ -x $work/kube-apiserver && -x $work/etcd ]]; then
        rm "$work/archive"
        mv -T "$work" "$cache_dir/envtest-$envtest_version"
        return
    fi
    rm -rf "$work"
    return 1
}

need_control_plane() {
    if ! find_control_plane; then
        local built=$cache_dir/kube-apiserver-$kubernetes_source_version
        if [[ -x $built/kube-apiserver ]] || ! fetch_envtest; then
            need etcd etcd-server etcd
            if [[ ! -x $built/kube-apiserver ]]; then
                say "kube-apiserver: building it from Debian's source package, once, in some minutes …"
                [[ -x /usr/lib/go-1.19/bin/go ]] || apt_install golang-1.19-go
                # What a killed run left: nobody else builds while we hold the lock.
                rm -rf "$built".build.*
                interruptible "$local_dir/build-kube-apiserver.sh" "$built"
            fi
        fi
        find_control_plane || die "kube-apiserver and etcd are still missing from ${cache_dir/#$HOME/\~}"
    fi
    say "kube-apiserver: ${KUBE_APISERVER/#$HOME/\~}"
}

# Helm renders the chart for its tests; Debian has none, so without it tests/chart/render does, from Go and three of Debian's libraries.
need_chart_renderer() {
    if command -v helm >/dev/null; then
        say "helm: there"
        return
    fi
    local library package
    local -a missing=()
    [[ -x /usr/lib/go-1.19/bin/go ]] || missing+=(golang-1.19-go)
    while read -r library package; do
        [[ -d /usr/share/gocode/src/$library ]] || missing+=("$package")
    done <<'TEXT'
github.com/Masterminds/sprig golang-github-masterminds-sprig-dev
github.com/xeipuuv/gojsonschema golang-github-xeipuuv-gojsonschema-dev
sigs.k8s.io/yaml golang-k8s-sigs-yaml-dev
TEXT
    if ((${#missing[@]})); then
        say "chart renderer: installing Debian's ${missing[*]} …"
        apt_install "${missing[@]}"
    else
        say "chart renderer: its libraries are there"
    fi
}

mkdir -p "$cache_dir"
clean_up() {
    end_task
    allow_services
}
trap clean_up EXIT
exit_on_signals
# Two runs at once would build twice and quarrel over apt; the second waits and then finds everything there.
exec 9>"$cache_dir/install.lock"
flock -n 9 || { say "another install is running; waiting for it …"; flock 9; }

need_dotnet
need curl curl
need openssl openssl
need redis-server redis-server redis-server
need kubectl kubernetes-client
need_control_plane
if $for_tests; then
    need pgrep procps
    need_chart_renderer
    need promtool prometheus prometheus
fi
