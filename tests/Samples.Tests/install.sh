#!/usr/bin/env bash
# Installs what the tests of the benchmark's contestants need, on Debian or Ubuntu: a C compiler with OpenMP.
set -euo pipefail

if ! command -v cc >/dev/null || ! echo '#include <omp.h>' | cc -fopenmp -E - >/dev/null 2>&1; then
    root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev
fi
