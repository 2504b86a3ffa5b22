#!/usr/bin/env bash
# Tests of the local scripts on the real programs. Prints one tab-separated line a test: outcome, seconds, name, message.
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

scratch=$(mktemp -d)
clean_up() {
    local folder
    for folder in "$scratch"/*/; do
        "$local_dir/control-plane.sh" stop "$folder" || true
        "$local_dir/redis.sh" stop "$folder" || true
    done
    rm -rf "$scratch"
}
trap clean_up EXIT
exit_on_signals

# What a test says about itself when it fails; each runs in a shell of its own, so a failed command ends that test alone.
fail() { warn "$*"; exit 1; }
equal() { [[ $1 == "$2" ]] || fail "expected '$1', got '$2'"; }
skip() { warn "$*"; exit 77; }

# The processes whose command line mentions the folder.
processes_of() { pgrep -f -- "$1(/| |\$)" || true; }

none_left_of() {
    local -i turns=0
    while [[ -n $(processes_of "$1") ]]; do
        ((++turns < 200)) || fail "still running for $1: $(processes_of "$1" | xargs ps -o pid,args -p)"
        sleep 0.1
    done
}

declare -i failures=0
run_test() {
    local file=$1 name=$2 outcome=Passed message=
    local -i begin=${EPOCHREALTIME/./} code=0
    # Not in a condition: bash would ignore failing commands in there.
    set +e
    message=$(
        set -euo pipefail
        # shellcheck source=/dev/null
        source "$file"
        "$name" 2>&1 >/dev/null
    )
    code=$?
    set -e
    case $code in
        0) message= ;;
        77) outcome=NotExecuted ;;
        *) outcome=Failed failures+=1 ;;
    esac
    printf '%s\t%d.%06d\tconfig/local: %s\t%s\n' "$outcome" $(((${EPOCHREALTIME/./} - begin) / 1000000)) \
        $(((${EPOCHREALTIME/./} - begin) % 1000000)) "${name//_/ }" "$(tr '\n\t' '\v ' <<<"$message")"
}

for file in "$(dirname "${BASH_SOURCE[0]}")"/*.test.sh; do
    while read -r name; do
        if [[ -z ${1:-} || $name == *"$1"* ]]; then run_test "$file" "$name"; fi
    done < <(sed -n 's/^\([A-Z][a-z_A-Z0-9]*\)() {$/\1/p' "$file")
done
((failures == 0))
