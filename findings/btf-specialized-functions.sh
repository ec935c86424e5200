#!/usr/bin/env bash
# A function of which gcc keeps only a specialized copy (`take.constprop.0`) is in the symbol table and not in the BTF that
# pahole 1.24 writes, though it was not inlined; and a global function is said to be static there.
# That BTF names no such function is therefore no proof that its code was not built.
# Needs gcc, nm (binutils), apt-get and dpkg-deb.
set -euo pipefail
pahole=1.24-4.1 libdw=0.188-2.1 bpftool=7.1.0+6.1.192-3

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download "pahole=$pahole" "libdw1=$libdw" "libelf1=$libdw" "bpftool=$bpftool" 2>/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
run() { LD_LIBRARY_PATH=root/usr/lib/x86_64-linux-gnu "$@"; }

cat > use.c <<'C'
struct rec { int a; int b; };
#define KEEP __attribute__((noinline)) static
KEEP int take(struct rec *r, int step) { __asm__ volatile("" ::: "memory"); return r->a + step; }
KEEP int kept(struct rec *r) { __asm__ volatile("" ::: "memory"); return r->b; }
int use(struct rec *r) { return take(r, 5) + take(r, 5) + kept(r); }
C
gcc -O2 -g -c use.c -o use.o
echo "pahole $(run root/usr/bin/pahole --version), bpftool $bpftool, $(gcc --version | head -n 1)"
echo "symbols:"; nm use.o | tee symbols.txt
run root/usr/bin/pahole -J use.o
echo "BTF:"; run root/usr/sbin/bpftool btf dump file use.o format raw | grep 'FUNC '| tee btf.txt

grep -q ' t take\.constprop' symbols.txt && grep -q ' T use' symbols.txt
! grep -q take btf.txt
grep -q "'kept'" btf.txt && grep -q "'use'.*linkage=static" btf.txt
echo "as found: take.constprop.0 is a symbol and no function of the BTF; the global use() is static in BTF"
