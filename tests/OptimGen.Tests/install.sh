#!/usr/bin/env bash
# Installs, on Debian or Ubuntu, what the tests of the checkpoint files need: Python, which reads and writes them independently; and what those of ranks need: Open MPI.
set -euo pipefail

packages=()
command -v python3 >/dev/null || packages+=(python3)
# The launcher depends on the library, whose package has another name in each release.
command -v mpirun >/dev/null || packages+=(openmpi-bin)
if [ "${#packages[@]}" -gt 0 ]; then
    root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
fi
