#!/bin/bash
# pack.sh: makes the NuGet package of PstoreLab.Records in artifacts/package/release, and checks it from outside. The
# example of its README becomes a project with a reference to the package alone. It must read the store of a real crash,
# and the same store with damage.
set -euo pipefail
cd "$(dirname "$0")/.."

project=harness/PstoreLab.Records
packages=$PWD/artifacts/package/release
fixtures=$PWD/tests/PstoreLab.Records.Tests/Fixtures
store=erst-debian-6.1
consumer=$(mktemp -d)
trap 'rm -rf "$consumer"' EXIT

quietly() { # prints the output only when it fails
  local log
  log=$("$@" 2>&1) || { printf '%s\n' "$log" >&2; return 1; }
}

fail() { echo "pack: $1" >&2; exit 1; }

rm -f "$packages"/PstoreLab.Records.*.nupkg
quietly dotnet pack "$project" -c Release -v quiet --nologo
package=$(echo "$packages"/PstoreLab.Records.*.nupkg)
version=${package##*/PstoreLab.Records.}
version=${version%.nupkg}

# Packages that are here already are not downloaded again; this one comes from the folder that it was made in.
cat >"$consumer/consumer.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <NuGetAudit>false</NuGetAudit>
    <RestoreAdditionalProjectSources>$packages</RestoreAdditionalProjectSources>
    <RestorePackagesPath>packages</RestorePackagesPath>
    <RestoreFallbackFolders>${NUGET_PACKAGES:-$HOME/.nuget/packages}</RestoreFallbackFolders>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="PstoreLab.Records" Version="$version" />
  </ItemGroup>
</Project>
PROJECT
awk '/^```csharp$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$project/README.md" >"$consumer/Program.cs"
[[ -s $consumer/Program.cs ]] || fail "$project/README.md has no example"
quietly dotnet build "$consumer" -c Release -v quiet --nologo
library=PstoreLab.Records.dll
cmp "artifacts/bin/PstoreLab.Records/release/$library" "$consumer/bin/Release/net10.0/$library" ||
  fail 'the example was built with another package than this one'

# The example prints a line for each record, and then the text of the dumps.
example() { dotnet "$consumer/bin/Release/net10.0/consumer.dll" "$1" || fail 'the example ended with an error'; }
record_lines() { grep -E '^slot [0-9]+: ' <<<"$1"; }
text_lines() { grep -vE '^slot [0-9]+: ' <<<"$1"; }

zcat "$fixtures/$store.store.gz" >"$consumer/store"
output=$(example "$consumer/store")
text=$(text_lines "$output") || fail 'the example prints no dump'
[[ $text == *'Kernel panic'* && $(zcat "$fixtures/$store.decoded.txt.gz") == *"$text" ]] ||
  fail 'the example prints another text than pstorelab decode'

# A record that no method decompresses has been through all methods, and so through all libraries.
for ((at = 8192 + 200; at < 8192 + 3000; at += 100)); do
  printf '\xff\xff\xff\xff\xff\xff\xff\xff' | dd of="$consumer/store" bs=1 seek="$at" conv=notrunc status=none
done
output=$(example "$consumer/store")
[[ $(record_lines "$output") == *', Live, unknown'* ]] || fail "no record of the damaged store is unknown: $output"
echo "pack: $package"
