# shellcheck shell=bash disable=SC2154,SC2317  # run.sh sources this file

The_receiver_takes_what_is_signed_and_refuses_what_is_not() {
    # shellcheck source=config/local/build.sh
    source "$local_dir/build.sh"
    launch_webhook_receiver() { launch "$1" webhook-receiver dotnet "$receiver_program" --urls "http://127.0.0.1:$2"; }
    local dir=$scratch/receiver key=0123456789abcdef0123456789abcdef id=msg_1 body='{"added":["a"]}' now url
    now=$(date +%s)
    mkdir -p "$dir"
    build_receiver
    SIGNING_SECRET=whsec_$(printf %s "$key" | base64 -w0) start_listening "$dir" webhook-receiver
    url=http://127.0.0.1:$(<"$dir/webhook-receiver.port")

    equal 204 "$(deliver "$now" "$(sign "$now")")"
    equal 204 "$(deliver "$now" "v1,c29tZXRoaW5n $(sign "$now")")"
    equal 401 "$(deliver "$now" "v1,c29tZXRoaW5n")"
    equal 401 "$(deliver $((now - 400)) "$(sign $((now - 400)))")"
    equal '{"deliveries":1,"repeated":1,"refused":2,"last":{"added":["a"]}}' "$(curl -s "$url/")"
    halt "$dir" webhook-receiver
}

sign() { printf 'v1,%s' "$(printf '%s.%s.%s' "$id" "$1" "$body" | openssl dgst -sha256 -hmac "$key" -binary | base64 -w0)"; }

deliver() {
    curl -s -o /dev/null -w '%{http_code}' -H "webhook-id: $id" -H "webhook-timestamp: $1" -H "webhook-signature: $2" -d "$body" "$url/hooks"
}
