#!/usr/bin/env bash
# Makes the pictures of this folder again. CHROMIUM says where the browser is, when it is not /usr/bin/chromium.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
PATH="$PWD/node_modules/.bin:$PATH"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

node cli/build.ts
# A follower must cut what the leader of the next epoch does not have. With this bug it never finds out (KIP-101).
bug=divergence-goes-unnoticed
node cli/lockstep.js show "traces/stories/zoo/$bug.txt" --subject "zoo:$bug" -o "$work/truncation.html"
node .ci/pages/picture.ts "$work/truncation.html" docs/pictures/truncation.png --size 1200x900
