#!/usr/bin/env bash
# Installs what the tests of published programs need, on Debian or Ubuntu for x64: a linker, and the SDK's packs for trimmed and native programs.
set -euo pipefail

if ! command -v gcc >/dev/null && ! command -v clang >/dev/null || ! command -v objdump >/dev/null; then
    root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev binutils
fi

# Into NuGet's package folder, in the versions that the SDK asks for.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
restore() {
    mkdir "$folder/$1"
    cat >"$folder/$1/packs.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>$1</TargetFramework>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <$2>true</$2>
  </PropertyGroup>
</Project>
PROJECT
    dotnet restore "$folder/$1"
}
restore net10.0 PublishTrimmed
restore net9.0 PublishAot
