#!/usr/bin/env bash
# Installs the clients of .ci/clients, at the versions written down here, into $LOCKSTEP_CLIENTS (default: a folder in
# the user's cache). What is already there is kept, so a second run takes a second.
#
# Needs apt-get (as root), npm, python3 with venv, a JDK from 17 on with Maven, and for franz-go Go; nothing but ordinary
# package registries through these. A client whose tool is missing is left out, and said so.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${LOCKSTEP_CLIENTS:-${XDG_CACHE_HOME:-$HOME/.cache}/lockstep-clients}
mkdir -p "$folder"

# Runs an installation unless the files that determine it are the ones it was last run with.
install() {
  local name=$1 step=$2
  shift 2
  local stamp
  stamp=$(cat "$@" "$here/install.sh" | sha256sum)
  if [ "$(cat "$folder/$name.stamp" 2>/dev/null)" = "$stamp" ]; then return; fi
  echo "installing $name into $folder"
  "$step"
  echo "$stamp" >"$folder/$name.stamp"
}

has() { command -v "$1" >/dev/null || { echo "no $1: left out" >&2 && false; }; }

debian() {
  local packages=()
  command -v kcat >/dev/null || packages+=(kcat)
  [ -f /usr/include/librdkafka/rdkafka.h ] || packages+=(librdkafka-dev)
  command -v gcc >/dev/null || packages+=(gcc libc6-dev)
  if [ ${#packages[@]} -eq 0 ]; then return; fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

npmClients() {
  mkdir -p "$folder/npm"
  cp "$here/package.json" "$here/package-lock.json" "$folder/npm/"
  (cd "$folder/npm" && npm ci --no-audit --no-fund --loglevel=error)
}

pythonClients() {
  rm -rf "$folder/python"
  python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --quiet --no-deps -r "$here/requirements.txt"
}

# Brokers, clients and tools are those of `lockstep validate --kafka`; the drivers are compiled against them.
javaClients() {
  rm -rf "$folder/java"
  mkdir -p "$folder/java/classes"
  local lib version
  lib=$(PATH="$here/../../node_modules/.bin:$PATH" node "$here/../../cli/apache/install.ts")
  ln -s "$lib" "$folder/java/lib"
  version=$(basename "$lib"/kafka-clients-*.jar .jar)
  # The quick start is in the documentation comments of the sources.
  mvn -q -B dependency:copy -Dartifact="org.apache.kafka:kafka-clients:${version#kafka-clients-}:jar:sources" \
    -DoutputDirectory="$folder/java/sources"
  javac -proc:none -Xlint:none -d "$folder/java/classes" -cp "$folder/java/lib/*" "$here"/java/src/*.java "$here"/../choosers/java/*.java
}

goClient() {
  mkdir -p "$folder/go/quick-start"
  (cd "$here/go" && go build -o "$folder/go/franz" .)
  # The readme's first example as a program: what stands around it is all that is added, and the address changed.
  local readme
  readme=$(cd "$here/go" && go list -m -f '{{.Dir}}' github.com/twmb/franz-go)/README.md
  {
    printf 'package main\n\nimport (\n\t"context"\n\t"fmt"\n\t"os"\n\t"sync"\n\n\t"github.com/twmb/franz-go/pkg/kgo"\n)\n\nfunc main() {\n'
    sed -n '/^```go$/,/^```$/{/^```$/q;/^```go$/d;p}' "$readme" | sed 's/"localhost:9092"/os.Args[1]/'
    printf '}\n'
  } >"$folder/go/quick-start/main.go"
  cp "$here/go/go.mod" "$here/go/go.sum" "$folder/go/quick-start/"
  (cd "$folder/go/quick-start" && go build -mod=mod -o ../franz-quick-start .)
}

if [ "$(id -u)" = 0 ]; then install debian debian; else echo "not root: Debian's packages are left out" >&2; fi
if has npm; then install npm npmClients "$here/package.json" "$here/package-lock.json"; fi
if has python3; then install python pythonClients "$here/requirements.txt"; fi
# The jars are in a cache of their own, which may have been emptied.
[ -e "$folder/java/lib" ] || rm -f "$folder/java.stamp"
if has mvn; then install java javaClients "$here/../../cli/apache/version.ts" "$here"/java/src/*.java "$here"/../choosers/java/*.java; fi
if has go; then install go goClient "$here"/go/go.mod "$here"/go/*.go; fi
