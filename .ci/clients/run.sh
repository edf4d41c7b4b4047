#!/usr/bin/env bash
# Runs every client's checks against a broker and prints a table: .ci/clients/run.sh --bootstrap HOST:PORT [--client NAME].
exec node "$(dirname "${BASH_SOURCE[0]}")/run.ts" "$@"
