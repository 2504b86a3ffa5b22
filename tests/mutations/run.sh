#!/usr/bin/env bash
# run.sh [WORD…]: plants the mistakes of mutations.txt one at a time in a scratch copy of the sources and shows which tests catch each: the
# oracle and the case tables have to. WORDs choose the mistakes whose name holds one of them. Fails when a mistake survives, does not fit
# the sources any more, or does not build. The checkout itself stays as it is.
set -euo pipefail
# shellcheck source=config/local/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../config/local/lib.sh"

mutations_file=$project_dir/tests/mutations/mutations.txt
tests=tests/Resources.Tests
declare -i seconds_max=1800
unset SEED TEST_LONG
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
declare -a names=() files=() befores=() afters=()

# Fills the four lists. A text goes on to the next line that begins with "# " or is ==>; empty lines at its end are not part of it.
read_mutations() {
    local line part=
    while IFS= read -r line || [[ -n $line ]]; do
        case $part:$line in
            *:'# '*) names+=("${line#\# }") files+=('') befores+=('') afters+=('') part=file ;;
            file:*) files[-1]=$line part=before ;;
            before:'==>') part=after ;;
            before:*) befores[-1]+=${befores[-1]:+$'\n'}$line ;;
            after:*) afters[-1]+=${afters[-1]:+$'\n'}$line ;;
        esac
    done <"$mutations_file"
    local -i i
    for i in "${!afters[@]}"; do
        while [[ ${afters[i]} == *$'\n' ]]; do afters[i]=${afters[i]%$'\n'}; done
    done
}

# plant INDEX: false when the text is not in the file exactly once.
plant() {
    local file=$scratch/${files[$1]} text rest
    text=$(cat "$file") || return
    rest=${text#*"${befores[$1]}"}
    [[ $rest != "$text" && $rest != *"${befores[$1]}"* ]] || return 1
    printf '%s\n' "${text/"${befores[$1]}"/"${afters[$1]}"}" >"$file"
}

build() { dotnet build "$scratch/$tests" -c Release --nologo -v quiet -p:TreatWarningsAsErrors=false >"$scratch/build.log" 2>&1; }

check() {
    timeout -k 10 "$seconds_max" dotnet test "$scratch/$tests" --no-build -c Release --nologo \
        --filter 'FullyQualifiedName~Resources.Tests.Oracle|FullyQualifiedName~Resources.Tests.Cases' >"$scratch/test.log" 2>&1
}

# Which of the two failed, with the number of cases.
caught_by() {
    local -i cases
    local found=
    grep -q '^ *Failed Resources\.Tests\.Oracle' "$scratch/test.log" && found=oracle
    cases=$(grep -c '^ *Failed Resources\.Tests\.Cases.*The_engine_answers' "$scratch/test.log" || true)
    if ((cases)); then found+="${found:+, }$cases case$( ((cases == 1)) || echo s)"; fi
    echo "$found"
}

try() {
    local found
    local -i code=0
    if ! plant "$1"; then
        found='nobody: it does not fit the sources any more'
    elif ! build; then
        found='nobody: it does not build'
    else
        check || code=$?
        found=$(caught_by)
        case $code in
            0) found=nobody ;;
            124 | 137) found+="${found:+, }tests that do not end" ;;
            *) found=${found:-nobody: $(tail -n 1 "$scratch/test.log")} ;;
        esac
    fi
    cp "$project_dir/${files[$1]}" "$scratch/${files[$1]}"
    printf '%-72s | %s\n' "${names[$1]}" "$found"
    [[ $found != nobody* ]]
}

is_chosen() {
    local name=$1 word
    shift
    (($#)) || return 0
    for word in "$@"; do [[ $name == *"$word"* ]] && return 0; done
    return 1
}

read_mutations
exit_on_signals
cd "$project_dir"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$scratch"
build || { cat "$scratch/build.log"; die 'the sources do not build'; }
SECONDS=0
check || { tail -n 40 "$scratch/test.log"; die 'the tests fail without any mistake'; }
# Those with a mistake fail sooner, or take a little longer while a failing case is made small. What takes far longer goes round in a circle.
seconds_max=$((3 * SECONDS + 30))

declare -i survivors=0 tried=0
printf '%-72s | %s\n' mutation 'caught by'
for i in "${!names[@]}"; do
    is_chosen "${names[i]}" "$@" || continue
    tried+=1
    try "$i" || survivors+=1
done
say "$tried mistakes, $survivors not caught"
((tried > 0 && survivors == 0))
