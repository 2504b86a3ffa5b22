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

# The project and all that it refers to, by name.
needed_by() {
    echo "$1"
    local other
    while read -r other; do needed_by "$other"; done < <(
        sed -n 's#.*<ProjectReference Include="[^"]*/\([A-Za-z]*\)\.csproj".*#\1#p' "$project_dir/src/$1/$1.csproj")
}
