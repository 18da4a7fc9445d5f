#!/usr/bin/env bash
# Installs, on Debian or Ubuntu, what the tests of the checkpoint files need: Python, which reads and writes them independently; and what those of ranks need: Open MPI and
# MPICH, and the C compiler of Open MPI, which compiles the interface of MPI 5 over it. mpirun stays that of Open MPI.
set -euo pipefail

packages=()
command -v python3 >/dev/null || packages+=(python3)
# The launcher depends on the library, whose package has another name in each release.
command -v mpirun.openmpi >/dev/null || packages+=(openmpi-bin)
command -v mpicc.openmpi >/dev/null || packages+=(libopenmpi-dev)
command -v mpirun.mpich >/dev/null || packages+=(mpich)
command -v gcc >/dev/null || packages+=(gcc libc6-dev)
if [ "${#packages[@]}" -gt 0 ]; then
    root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
fi
