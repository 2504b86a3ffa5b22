#!/usr/bin/env bash
# build-kube-apiserver.sh DIR: builds kube-apiserver 1.20.2 from Debian 12's source package and puts it into DIR, at once and whole.
# Wants golang-1.19-go, about 3 GB of disk while it runs and three minutes of two cores; takes nothing but Debian's own packages.
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

target=${1:?usage: build-kube-apiserver.sh DIR}
go_root=/usr/lib/go-1.19
steps=6
declare -i step_number=0
SECONDS=0

step() { printf '  kube-apiserver %s/%s %s (%d:%02d elapsed)\n' "$((++step_number))" "$steps" "$1" $((SECONDS / 60)) $((SECONDS % 60)); }

# Runs a command with its output in the build's log, shown only when the command fails.
logged() { task_output=$work/build.log interruptible "$@" || { show_log "$work/build.log" 30; die "building kube-apiserver failed at: $1"; }; }

# Debian's own mirrors of this machine, as deb-src lines. apt itself knows them, whatever form its sources are written in.
source_lines() {
    # shellcheck disable=SC2016  # apt's own variables
    apt-get indextargets --format 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'Origin: Debian' 'Codename: bookworm' 'Component: main' | sort -u
}

fetch_sources() {
    mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/fetched"
    source_lines >"$work/apt/sources.list"
    [[ -s $work/apt/sources.list ]] || die "no Debian 12 (bookworm) package source in apt's configuration; set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd"
    cd "$work/fetched"
    # Lists and a cache of its own, so that the machine's stay as they are.
    local -a private_apt=(apt-get -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache"
        -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User="$(id -un)")
    logged "${private_apt[@]}" update
    logged "${private_apt[@]}" source --download-only kubernetes
    logged apt-get -o APT::Sandbox::User="$(id -un)" download golang-github-modern-go-reflect2-dev
}

unpack_sources() {
    mkdir -p "$tree"
    tar -xzf "$work"/fetched/kubernetes_*.orig.tar.gz -C "$tree" --strip-components=1
    # The vendored reflect2 1.0.1 does not work with Go 1.18 or later: the server would crash at the first custom resource.
    dpkg-deb -x "$work"/fetched/golang-github-modern-go-reflect2-dev_*.deb "$work/reflect2"
    rm -rf "$tree/vendor/github.com/modern-go/reflect2"
    cp -r "$work/reflect2/usr/share/gocode/src/github.com/modern-go/reflect2" "$tree/vendor/github.com/modern-go/reflect2"
}

# The packages whose types belong to the server's OpenAPI document, by the mark in their sources.
openapi_packages() {
    grep -rl --include='*.go' '^// +k8s:openapi-gen=' pkg cmd staging/src/k8s.io |
        grep -v -e '^staging/src/k8s.io/code-generator/' -e '^staging/src/k8s.io/sample-' |
        xargs -n1 dirname | sort -u |
        sed -e 's#^staging/src/#k8s.io/kubernetes/vendor/#' -e '/^k8s.io/!s#^#k8s.io/kubernetes/#'
}

# The one generated file that the tarball lacks.
generate_openapi() {
    cd "$tree"
    logged go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
    local packages
    packages=$(openapi_packages | paste -sd,)
    logged "$work/openapi-gen" -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
        -h hack/boilerplate/boilerplate.generatego.txt -r "$work/openapi-violations"
}

compile() {
    cd "$tree"
    mkdir -p "$work/result"
    local package flags='-s -w'
    # The linker knows the package by its vendored path; the plain one is for a tree without vendor links.
    for package in k8s.io/kubernetes/vendor/k8s.io/component-base/version k8s.io/component-base/version; do
        flags+=" -X $package.gitVersion=v$kubernetes_source_version -X $package.gitMajor=1 -X $package.gitMinor=20"
    done
    logged go build -tags providerless -ldflags "$flags" -o "$work/result/kube-apiserver" ./cmd/kube-apiserver
}

check() {
    local version
    version=$("$work/result/kube-apiserver" --version) || die "the built kube-apiserver does not run"
    [[ $version == *" v$kubernetes_source_version"* ]] || die "the built kube-apiserver says it is '$version' instead of v$kubernetes_source_version"
    ln -s "$(command -v etcd)" "$work/result/etcd"
}

mkdir -p "$(dirname "$target")"
# Beside the target, so that the last step is one rename; the system's temporary folder may be too small, too.
work=$(mktemp -d "$target.build.XXXXXX")
clean_up() {
    end_task
    chmod -R u+w "$work" 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT
exit_on_signals
tree=$work/go/src/k8s.io/kubernetes
export GOPATH=$work/go GOCACHE=$work/go-cache GO111MODULE=off CGO_ENABLED=0 PATH=$go_root/bin:$PATH
[[ -x $go_root/bin/go ]] || die "Go 1.19 is not installed: apt-get install golang-1.19-go"

step "fetching Debian's source package (65 MB)"
fetch_sources
step "unpacking"
unpack_sources
step "generating the OpenAPI definitions"
generate_openapi
step "compiling, the long one"
compile
step "checking the result"
check
step "keeping it in ${target/#$HOME/\~}"
rm -rf "$target"
mv -T "$work/result" "$target"
