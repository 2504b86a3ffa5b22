# shellcheck shell=bash disable=SC2154  # lib.sh sets $project_dir and $local_dir
# Builds the programs that the demo runs, when a source is newer than the last build. Sourced, never run.

configuration=Release
# shellcheck disable=SC2034  # read by demo.sh
operator_program=$project_dir/src/Operator/bin/$configuration/net10.0/segmentation-operator.dll
cli_program=$project_dir/src/Cli/bin/$configuration/net10.0/kubectl-segment.dll
receiver_program=$project_dir/artifacts/webhook-receiver/webhook-receiver.dll

# Build servers would outlive the build by minutes; nothing stays behind here.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# is_built PROGRAM SOURCE…: whether its last successful build is younger than every source.
is_built() {
    local program=$1 stamp=$project_dir/artifacts/${1##*/}.built
    shift
    [[ -f $program && -f $stamp ]] &&
        [[ -z $(find "$@" "$project_dir"/Directory.*.props "$project_dir/global.json" \( -name bin -o -name obj \) -prune -o \
            -type f -newer "$stamp" -print -quit) ]]
}

# build PROGRAM SOURCE ARGUMENT…: builds unless built; the stamp is as old as the build's start, so an edit meanwhile is not missed.
build() {
    local program=$1 source=$2 stamp=$project_dir/artifacts/${1##*/}.built
    shift 2
    mkdir -p "${stamp%/*}"
    touch "$stamp.part"
    say "building ${program##*/} …"
    : >"$stamp.log"
    task_output=$stamp.log interruptible dotnet build "$source" -c "$configuration" -v quiet "$@" || { show_log "$stamp.log" 30; die "building $source failed"; }
    mv "$stamp.part" "$stamp"
}

build_receiver() {
    is_built "$receiver_program" "$local_dir/webhook-receiver.cs" ||
        build "$receiver_program" "$local_dir/webhook-receiver.cs" -o "${receiver_program%/*}"
}

build_programs() {
    is_built "$operator_program" "$project_dir/src" || build "$operator_program" "$project_dir/src/Operator"
    is_built "$cli_program" "$project_dir/src" || build "$cli_program" "$project_dir/src/Cli"
    build_receiver
    say "built"
}
