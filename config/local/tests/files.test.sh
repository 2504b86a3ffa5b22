# shellcheck shell=bash disable=SC2154,SC2317  # run.sh sources this file

every_script() { find "$project_dir/config" "$project_dir/tests" "$project_dir/.ci" -name '*.sh' -print -o -path '*/.ci/run' -print; }

Every_script_parses() {
    local script
    while read -r script; do bash -n "$script"; done < <(every_script)
}

Every_script_is_clean_for_shellcheck() {
    command -v shellcheck >/dev/null || skip "shellcheck is not installed"
    cd "$project_dir" || fail "no folder $project_dir"
    every_script | xargs shellcheck -x >&2
}

# With pipefail, a reader that stops early kills its writer now and then, and the whole pipeline fails.
No_script_stops_reading_a_pipe_early() {
    local found
    found=$(every_script | xargs grep -nE '\| *(head|grep -[a-zA-Z]*q)' || true)
    [[ -z $found ]] || fail "let awk or a here-string do it: $found"
}

Every_file_that_the_image_copies_exists() {
    local line word
    local -a words
    while read -r line; do
        [[ $line == COPY* && $line != *--from=* ]] || continue
        read -ra words <<<"$line"
        for word in "${words[@]:1:${#words[@]}-2}"; do
            [[ $word == --* ]] || compgen -G "$project_dir/$word" >/dev/null || fail "the Dockerfile copies '$word', which does not exist"
        done
    done <"$project_dir/Dockerfile"
}

The_image_restores_from_every_project_that_the_operator_needs() {
    local project
    while read -r project; do
        grep -qF "COPY src/$project/$project.csproj" "$project_dir/Dockerfile" || fail "the Dockerfile does not copy src/$project/$project.csproj"
    done < <(needed_by Operator)
}

# By the very lines of the Dockerfile, up to the second image. TEST_LONG=1 compiles and starts it, too; without, the packages for another processor are restored.
The_image_is_built_by_the_lines_of_its_file() {
    local line next instruction app=$scratch/image/app TARGETARCH=arm64 VERSION=
    local -a words
    [[ -z ${TEST_LONG:-} ]] || TARGETARCH=$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
    mkdir -p "$app"
    cd "$scratch/image" || fail "no folder $scratch/image"
    while read -r line; do
        while [[ $line == *\\ ]] && read -r next; do line="${line%\\}$next"; done
        instruction=${line%% *}
        case $instruction in
            FROM) [[ $line == *" AS build" ]] || break ;;
            ARG) [[ $line != *=* ]] || local "${line#ARG }" ;;
            COPY)
                read -ra words <<<"$line"
                mkdir -p "${words[-1]}"
                for next in "${words[@]:1:${#words[@]}-2}"; do copy_without_builds "$project_dir/$next" "${words[-1]}"; done
                ;;
            RUN)
                [[ $line == *" restore "* || -n ${TEST_LONG:-} ]] || continue
                line=${line//-o \/app/-o $app}
                eval "${line#RUN }" >&2
                ;;
        esac
    done <"$project_dir/Dockerfile"
    [[ -n ${TEST_LONG:-} ]] || return 0
    next=$(Kubernetes__Kubeconfig=/nowhere dotnet "$app/segmentation-operator.dll" 2>&1) && fail "the program started without a cluster"
    [[ $next == *"No kubeconfig at /nowhere."* ]] || fail "the program does not start: $next"
}

# What .dockerignore leaves of a file, or of what is in a folder.
copy_without_builds() {
    if [[ -d $1 ]]; then tar -C "$1" --exclude=bin --exclude=obj -c . | tar -C "$2" -x; else cp "$1" "$2"; fi
}

# The project and all that it refers to, by name.
needed_by() {
    echo "$1"
    local other
    while read -r other; do needed_by "$other"; done < <(
        sed -n 's#.*<ProjectReference Include="[^"]*/\([A-Za-z]*\)\.csproj".*#\1#p' "$project_dir/src/$1/$1.csproj")
}
