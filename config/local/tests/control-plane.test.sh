# shellcheck shell=bash disable=SC2154,SC2317  # run.sh sources this file

control_plane() { "$local_dir/control-plane.sh" "$@"; }
as() { KUBECONFIG=$1/kubeconfig kubectl "${@:2}"; }

A_restart_keeps_data_address_and_credentials() {
    local dir=$scratch/restart before
    control_plane start "$dir"
    before=$(<"$dir/kubeconfig")
    as "$dir" create namespace kept
    control_plane stop "$dir"
    none_left_of "$dir"
    control_plane start "$dir"
    equal "$before" "$(<"$dir/kubeconfig")"
    equal namespace/kept "$(as "$dir" get namespace kept -o name)"
    control_plane stop "$dir"
    none_left_of "$dir"
}

A_stopped_API_server_comes_back_while_etcd_runs_on() {
    local dir=$scratch/outage etcd
    control_plane start "$dir"
    etcd=$(<"$dir/etcd.pid")
    control_plane stop "$dir" kube-apiserver
    ! as "$dir" get namespaces --request-timeout 2s || fail "the API server still answers"
    control_plane start "$dir"
    equal "$etcd" "$(<"$dir/etcd.pid")"
    as "$dir" get namespaces
    control_plane stop "$dir"
}

Stopping_one_control_plane_leaves_another_alone() {
    local one=$scratch/one two=$scratch/two
    control_plane start "$one" &
    control_plane start "$two"
    wait $!
    control_plane stop "$one"
    none_left_of "$one"
    as "$two" get namespaces
    control_plane stop "$two"
    none_left_of "$two"
}

A_user_has_only_the_rights_that_RBAC_gives() {
    local dir=$scratch/rbac
    control_plane start "$dir" --user extra
    if ! grep -qx rbac.authorization.k8s.io/v1 <<<"$(as "$dir" api-versions)"; then
        control_plane stop "$dir"
        skip "this API server has no RBAC; unset KUBEBUILDER_ASSETS to test with one that has"
    fi
    control_plane kubeconfig "$dir" extra >"$dir/extra"
    ! kubectl --kubeconfig "$dir/extra" get namespaces || fail "a user without any binding can list namespaces"
    # A role of our own: the built-in ones are aggregated by a controller manager, which does not run here.
    as "$dir" create clusterrole namespace-reader --verb get,list --resource namespaces
    as "$dir" create clusterrolebinding extra --clusterrole namespace-reader --user extra
    local -i turns=0
    until kubectl --kubeconfig "$dir/extra" get namespaces 2>/dev/null; do
        ((++turns < 50)) || fail "the binding has no effect"
        sleep 0.1
    done
    control_plane stop "$dir"
}

The_requests_of_the_audited_user_are_noted_and_nobody_elses() {
    local dir=$scratch/audit
    control_plane start "$dir" --audit admin
    if [[ ! -f $dir/audit.log ]]; then
        control_plane stop "$dir"
        skip "this API server keeps no audit log; unset KUBEBUILDER_ASSETS to test with one that does"
    fi
    control_plane kubeconfig "$dir" nobody >"$dir/nobody"
    ! kubectl --kubeconfig "$dir/nobody" get configmaps || fail "a user without any binding can list config maps"
    as "$dir" get secrets
    grep -q '"verb":"list".*"resource":"secrets"' "$dir/audit.log" || fail "the request is not noted"
    ! grep -q '"username":"nobody"' "$dir/audit.log" || fail "somebody else's request is noted"
    control_plane stop "$dir"
}

Everything_ends_with_the_process_that_is_watched() {
    local dir=$scratch/watched
    sleep 1000 &
    local watched=$!
    control_plane start "$dir" --until-exit-of "$watched"
    "$local_dir/redis.sh" start "$dir" --until-exit-of "$watched"
    kill -KILL "$watched"
    none_left_of "$dir"
}

A_start_that_is_told_to_end_leaves_nothing_behind() {
    local dir delay starting
    for delay in 0.02 0.1 0.3 0.8 1.5; do
        dir=$scratch/ended-$delay
        # Not by the function: the signal is for the script itself.
        "$local_dir/control-plane.sh" start "$dir" &
        starting=$!
        sleep "$delay"
        kill -TERM "$starting" 2>/dev/null || true
        # It may have been quicker than the signal: then it runs, as told.
        if wait "$starting"; then control_plane stop "$dir"; fi
        none_left_of "$dir"
    done
}

A_wrong_assets_folder_is_refused_by_name() {
    local message
    message=$(KUBEBUILDER_ASSETS=$scratch control_plane start "$scratch/wrong" 2>&1) && fail "it started"
    [[ $message == *"KUBEBUILDER_ASSETS=$scratch does not hold kube-apiserver and etcd"* ]] || fail "$message"
}
