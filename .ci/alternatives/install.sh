#!/usr/bin/env bash
# Installs what `start.ts` starts beside Apache Kafka and our own brokers, at the versions written down here, into
# $LOCKSTEP_CLIENTS (default: a folder in the user's cache): install.sh kfake, install.sh librdkafka-mock. What is already
# there is kept. Needs Go for the one, python3 with venv for the other, and their package registries.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${LOCKSTEP_CLIENTS:-${XDG_CACHE_HOME:-$HOME/.cache}/lockstep-clients}/alternatives
mkdir -p "$folder"

needs() {
  command -v "$1" >/dev/null && return
  echo "$2 needs $1, which is not in the PATH: install it, or leave $2 out" >&2
  exit 2
}

# Runs an installation unless the files that determine it are the ones it was last run with.
install() {
  local name=$1
  shift
  local stamp
  stamp=$(cat "$@" "$here/install.sh" | sha256sum)
  if [ "$(cat "$folder/$name.stamp" 2>/dev/null)" = "$stamp" ]; then return; fi
  echo "installing $name into $folder" >&2
  "$name" || { echo "$name could not be installed: see above" >&2 && exit 2; }
  echo "$stamp" >"$folder/$name.stamp"
}

kfake() {
  (cd "$here/kfake" && go build -o "$folder/kfake" .)
}

mock() {
  rm -rf "$folder/python"
  python3 -m venv "$folder/python" &&
    "$folder/python/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
}

for name in "$@"; do
  case $name in
  kfake) needs go kfake && install kfake "$here"/kfake/* ;;
  librdkafka-mock) needs python3 librdkafka-mock && install mock "$here/requirements.txt" ;;
  *) echo "there is no $name: kfake and librdkafka-mock can be installed" >&2 && exit 2 ;;
  esac
done
