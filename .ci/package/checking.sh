# What checks of the package share: sourced, in a shell that is to end at the first failure. Makes the tarball and an empty folder.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# npm, and a Node that is new enough, as the project has them.
export PATH="$root/node_modules/.bin:$PATH" CI=true NO_COLOR=1 NODE_NO_WARNINGS=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Ends with this code, or the check does.
ends() {
  local wanted=$1 status=0
  shift
  "$@" >"$work/out" 2>"$work/err" || status=$?
  [ "$status" -eq "$wanted" ] && return
  echo "ended with $status, not $wanted: $*" && cat "$work/out" "$work/err" && exit 1
}
# What ended last has said this.
shows() { grep -qE -- "$1" "$work/out" "$work/err" || { echo "no \"$1\" in:" && cat "$work/out" "$work/err" && exit 1; }; }
# There is one file by this pattern, and this is in it.
holds() {
  [ "$(compgen -G "$1" | wc -l)" -eq 1 ] || { echo "not one file is $1 in $PWD" && exit 1; }
  grep -qF -- "$2" $1 || { echo "$1 does not hold: $2" && exit 1; }
}
install() { npm install --no-audit --no-fund --prefer-offline --loglevel=error "$@"; }

echo "-- packed"
node "$root/cli/pack.ts"
tarball=$root/dist/kafka-lockstep-$(cd "$root" && npm pkg get version | tr -d '"').tgz
