#!/usr/bin/env bash
# dtc stores a property's name as the tail of another one where it can: with `blob-size` before `size` the strings block
# has no `size` of its own. In the other order it has both. The offset of a name may thus point into the middle of a
# string, and a list of the strings block is no list of the names in use.
# Needs strings (binutils), apt-get and dpkg-deb.
set -euo pipefail
dtc=1.6.1-4+b1

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download "device-tree-compiler=$dtc" "libfdt1=$dtc" 2>/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
run() { LD_LIBRARY_PATH=root/usr/lib/x86_64-linux-gnu "$@"; }
run root/usr/bin/dtc --version

printf '/dts-v1/; / { blob-size = <1>; size = <2>; };' > longer-first.dts
printf '/dts-v1/; / { size = <2>; blob-size = <1>; };' > shorter-first.dts
for form in longer-first shorter-first; do
  run root/usr/bin/dtc -q -I dts -O dtb "$form.dts" -o "$form.dtb"
  echo "$form: $(strings -n 4 "$form.dtb" | tr '\n\t' ' ')size is $(run root/usr/bin/fdtget "$form.dtb" / size)"
done | tee seen.txt

grep -qx 'longer-first:  blob-size size is 2' seen.txt
grep -qx 'shorter-first:  size blob-size size is 2' seen.txt
echo "as found: size is read in both, and is a string of its own in one"
