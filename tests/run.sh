#!/usr/bin/env bash
# run.sh [--long] [--server own|newer] [FILTER…]: installs what the tests need, builds, and runs every test.
# A FILTER that names a test project (Operator or Operator.Tests) chooses it; any other one chooses the tests whose full name holds it.
# --long adds the long tests and, without a FILTER, the operator's tests on Redis Clusters and the planted mistakes of tests/mutations.
# --server chooses the API server: the one that install.sh provides, or the newer one of ../shared/control-plane. Without it, and without a
# FILTER, what needs a server runs on both where the newer one is there. KUBEBUILDER_ASSETS=DIR chooses any other.
# The last line is always "N passed, N failed, N skipped"; the exit code is 0 only if something ran and nothing failed.
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../config/local/lib.sh"
cd "$project_dir"

results=$project_dir/TestResults
failure='Failed|Error|Timeout|Aborted'
declare -i passed=0 failed=0 skipped=0
declare -a projects=() name_filters=()
run_shell_tests=true is_long=false hang_minutes=15 server=
newer_server=$project_dir/../shared/control-plane/unpack.sh

choose() {
    local filter project
    while (($#)); do
        filter=$1
        shift
        case $filter in
            --long) export TEST_LONG=1; is_long=true hang_minutes=90; continue ;;
            --server)
                server=${1:-}
                [[ $server == own || $server == newer ]] || die "--server is own or newer, not '$server'"
                [[ $server == own || -x $newer_server ]] || die "there is no newer server: $newer_server"
                shift
                continue
                ;;
            -h | --help) sed -n '2,7s/^# //p' "${BASH_SOURCE[0]}"; exit ;;
            -*) die "unknown option '$filter'; there are --long, --server and filters" ;;
        esac
        project=tests/${filter%.Tests}.Tests
        if [[ -d $project ]]; then projects+=("$project"); else name_filters+=("$filter"); fi
        run_shell_tests=false
    done
    ((${#projects[@]})) || projects=(tests/*.Tests)
}

# All filters in VSTest's own form, as alternatives.
test_filter() {
    local filter expression=
    for filter in ${name_filters[@]+"${name_filters[@]}"}; do expression+="${expression:+|}FullyQualifiedName~$filter"; done
    echo "$expression"
}

# trx_table FILE: outcome, seconds, name and message of every test, tab-separated, one a line (a message's own line ends as \v).
trx_table() {
    awk '
        function plain(text) {
            gsub(/&#xD;|\r/, "", text); gsub(/&#xA;|\n/, "\v", text)
            gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/\t/, " ", text); gsub(/&amp;/, "\\&", text)
            return text
        }
        function attribute(name) { return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : "" }
        BEGIN { RS = "<UnitTestResult" }
        NR > 1 {
            split(attribute("duration"), clock, ":")
            message = match($0, /<Message>[^<]*/) ? substr($0, RSTART + 9, RLENGTH - 9) : ""
            printf "%s\t%.3f\t%s\t%s\n", attribute("outcome"), clock[1] * 3600 + clock[2] * 60 + clock[3], plain(attribute("testName")), plain(message)
        }' "$1"
}

count() { cut -f1 "$1" | grep -cxE "$2" || true; }

# summarise RUN CODE: one line about a run that has ended. A test host that died counts as a failure of its own: its remaining tests are not known.
summarise() {
    local name=$1 table=$results/$1.tsv
    local -i code=$2 bad
    bad=$(count "$table" "$failure")
    if ((code != 0 && bad == 0)); then
        bad=1
        printf 'Failed\t0\t%s\tthe test run broke off with exit code %s; its output is TestResults/%s.log\n' "$name" "$code" "$name" >>"$table"
        show_log "$results/$name.log"
    fi
    say "$name: $(count "$table" Passed) passed, $bad failed, $(count "$table" NotExecuted) skipped"
    touch "$results/$name.ended"
}

# Adds up the named runs. One that did not end, whatever kept it from that, is a failure.
add_up() {
    local name table
    for name in "$@"; do
        table=$results/$name.tsv
        [[ -e $results/$name.ended ]] || printf 'Failed\t0\t%s\tit did not run to its end\n' "$name" >>"$table"
        passed+=$(count "$table" Passed) failed+=$(count "$table" "$failure") skipped+=$(count "$table" NotExecuted)
    done
}

# run_project PROJECT [RUN [FILTER]]: RUN names the results, to be added up, of a second run of the same project.
run_project() {
    local name=${2:-${1#tests/}} project=${1#tests/} filter=${3:-}
    local -i code=0
    [[ -n $filter ]] || filter=$(test_filter)
    : >"$results/$name.tsv"
    # A hang ends at last and is reported with the test that hung.
    # A shell in the background ignores interrupts, and what it starts would, too.
    env --default-signal=INT dotnet test "$1/$project.csproj" --no-build -c Release --nologo --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
        --blame-hang-timeout "${hang_minutes}m" --blame-hang-dump-type none ${filter:+--filter "$filter"} >"$results/$name.log" 2>&1 || code=$?
    [[ ! -f $results/$name.trx ]] || trx_table "$results/$name.trx" >"$results/$name.tsv"
    summarise "$name" "$code"
}

# Points KUBEBUILDER_ASSETS to the newer server, unpacked once for all runs.
use_newer_server() {
    local folder=$cache_dir/kube-apiserver-newer
    [[ -x $folder/kube-apiserver && $folder/kube-apiserver -nt $newer_server ]] || { rm -rf "$folder" && "$newer_server" "$folder" >/dev/null; }
    touch "$folder/kube-apiserver"
    export KUBEBUILDER_ASSETS=$folder
    find_control_plane
}

# What a server has a say in, once more on the newer one.
run_on_newer_server() {
    use_newer_server
    run_project tests/Kubernetes.Tests Kubernetes.Tests-newer-server 'FullyQualifiedName~RealServer'
    run_project tests/EndToEnd.Tests EndToEnd.Tests-newer-server \
        'FullyQualifiedName!~EndToEnd.Tests.Docs&FullyQualifiedName!~ChartTests&FullyQualifiedName!~ChartValuesTests'
}

is_chosen() { [[ " ${projects[*]} " == *" tests/$1 "* ]]; }

# Runs those of the named projects that were chosen, one after the other.
run_chosen() {
    local name
    for name in "$@"; do
        if is_chosen "$name"; then run_project "tests/$name"; fi
    done
}

# At the lowest priority: what only computes takes the time in which the others wait, and no more.
run_computing() {
    renice -n 19 "$BASHPID" >/dev/null
    run_chosen "$@"
}

run_shell() {
    local name=config-local
    local -i code=0
    "$local_dir/tests/run.sh" >"$results/$name.tsv" 2>"$results/$name.log" || code=$?
    summarise "$name" "$code"
}

run_runtime() {
    run_chosen Kubernetes.Tests
    if $run_shell_tests; then run_shell; fi
}

# Most tests wait for a server or a clock more than they compute, so they run side by side, but those of the data plane, which are the busiest, not
# beside the end-to-end tests.
run_projects() {
    local -a computing=(Segmentation.Tests Resources.Tests) end_to_end=(Cli.Tests EndToEnd.Tests) runs=("${projects[@]#tests/}") rest=()
    local name newer=
    for name in "${runs[@]}"; do
        [[ " ${computing[*]} ${end_to_end[*]} Kubernetes.Tests " == *" $name "* ]] || rest+=("$name")
    done

    run_computing "${computing[@]}" &
    if $is_both && is_chosen EndToEnd.Tests; then
        run_on_newer_server &
        newer=$!
        runs+=(Kubernetes.Tests-newer-server EndToEnd.Tests-newer-server)
    fi
    run_chosen "${end_to_end[@]}"
    [[ -z $newer ]] || wait "$newer" || true

    run_runtime &
    if $run_shell_tests; then runs+=(config-local); fi
    run_chosen ${rest[@]+"${rest[@]}"}
    wait
    add_up "${runs[@]}"
}

# Not the faults, which have servers of their own, and at the usual length.
run_on_cluster() {
    REDIS_TESTS=cluster TEST_LONG='' run_project tests/Operator.Tests Operator.Tests-cluster 'FullyQualifiedName!~Operator.Tests.Faults'
    add_up Operator.Tests-cluster
}

# Every planted mistake is a test: it passes when something catches it.
run_mutations() {
    local name=mutations
    local -i code=0
    tests/mutations/run.sh >"$results/$name.log" 2>&1 || code=$?
    awk -F' *[|] ' 'NF == 2 && $1 != "mutation" { printf "%s\t0\tmutation: %s\tcaught by %s\n", ($2 ~ /^nobody/ ? "Failed" : "Passed"), $1, $2 }' \
        "$results/$name.log" >"$results/$name.tsv"
    summarise "$name" "$code"
    add_up "$name"
}

report() {
    local -a tables=("$results"/*.tsv)
    if ((failed)); then
        say && say "Failed:"
        awk -F'\t' -v failure="$failure" '$1 ~ "^(" failure ")$" {
            message = substr($4, 1, 2000); gsub(/\v/, "\n      ", message)
            printf "  %s\n      %s\n", $3, message
        }' "${tables[@]}"
    fi
    if ((skipped)); then
        say && say "Skipped:"
        awk -F'\t' '$1 == "NotExecuted" { printf "  %s%s\n", $3, ($4 == "" ? "" : ": " substr($4, 1, 300)) }' "${tables[@]}"
    fi
    say && say "Slowest:"
    cat "${tables[@]}" | sort -t$'\t' -k2,2 -rn | awk -F'\t' 'NR <= 10 { printf "  %8.2f s  %s\n", $2, $3 }'
    say
}

finish() {
    say "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0 && passed > 0)) || exit 1
    exit 0
}

choose "$@"
exit_on_signals
is_both=false
[[ -n $server || -n ${KUBEBUILDER_ASSETS:-} || ! -x $newer_server ]] || ! $run_shell_tests || is_both=true
rm -rf "$results"
mkdir -p "$results"
"$local_dir/install.sh" --tests
find_control_plane
find_programs
KUBEBUILDER_ASSETS=$(dirname "$KUBE_APISERVER")
[[ $server != newer ]] || use_newer_server
# No build server stays behind.
export KUBEBUILDER_ASSETS DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

say "building …"
if ! dotnet build Operator.sln -c Release "-clp:NoSummary;ErrorsOnly" --nologo -v quiet 2>&1 | tee "$results/build.log"; then
    warn "error: the build failed"
    finish
fi
run_projects
if $run_shell_tests && $is_long; then
    run_on_cluster
    run_mutations
fi
report
finish
