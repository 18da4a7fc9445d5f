#!/usr/bin/env bash
# Installs what the tests of the checkpoint files need, on Debian or Ubuntu: Python, which reads and writes them independently.
set -euo pipefail

if ! command -v python3 >/dev/null; then
    root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3
fi
