#!/usr/bin/env bash
# Installs what the emulated NEON tests need, on Debian or Ubuntu for x64: an emulator, a C compiler, and .NET's compiler for Arm.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v qemu-aarch64 >/dev/null || ! command -v aarch64-linux-gnu-gcc >/dev/null ||
    ! [ -f "$(aarch64-linux-gnu-gcc -print-file-name=libc.a)" ]; then
    root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross
fi

# Into NuGet's package folder, in the version of the SDK's own runtime.
dotnet restore -p:DownloadCrossgen2=true
