#!/usr/bin/env bash
# pahole writes an array of several dimensions into BTF as one of a single dimension: `u8 cell[2][3]` becomes `[6]`.
# What reads layouts from BTF cannot tell it from `u8 cell[6]`, nor hold it to the source member by member as spelled.
# Needs gcc (for DWARF to convert), apt-get and dpkg-deb.
set -euo pipefail
pahole=1.24-4.1 libdw=0.188-2.1 bpftool=7.1.0+6.1.192-3

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download "pahole=$pahole" "libdw1=$libdw" "libelf1=$libdw" "bpftool=$bpftool" 2>/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
run() { LD_LIBRARY_PATH=root/usr/lib/x86_64-linux-gnu "$@"; }

printf 'struct grid { unsigned char cell[2][3]; unsigned char row[6]; } grid;\n' > grid.c
gcc -g -c grid.c -o grid.o
echo "pahole $(run root/usr/bin/pahole --version), bpftool $bpftool, $(gcc --version | head -n 1)"
echo "DWARF:"; run root/usr/bin/pahole -F dwarf -C grid grid.o | grep -E 'cell|row' | tee dwarf.txt
run root/usr/bin/pahole -J grid.o
echo "BTF:"; run root/usr/sbin/bpftool btf dump file grid.o format raw | grep -E 'cell|row|ARRAY' | tee btf.txt

grep -q 'cell\[2\]\[3\]' dwarf.txt
[[ $(grep -c ARRAY btf.txt) == 1 ]] && grep -q 'nr_elems=6' btf.txt
[[ $(grep -E 'cell|row' btf.txt | grep -o 'type_id=[0-9]*' | sort -u | wc -l) == 1 ]]
echo "as found: both members have one and the same type in BTF, six elements of one dimension"
