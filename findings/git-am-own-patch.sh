#!/usr/bin/env bash
# `git am` cannot take what `git format-patch --stdout` wrote where the commit message has a line in the form of an mbox
# separator (a patch quoted in the message has one): the mail is cut there. With --format=mboxrd on the one side and
# --patch-format=mboxrd on the other it passes. What splits a patch series must not split at such lines either.
# Needs apt-get and dpkg-deb.
set -euo pipefail
git=1:2.39.5-0+deb12u3

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download "git=$git" 2>/dev/null
dpkg-deb -x git_*.deb root
export GIT_EXEC_PATH=$work/root/usr/lib/git-core GIT_TEMPLATE_DIR= GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
git() { "$work/root/usr/bin/git" "$@"; }
git --version

git init -q from && cd from
echo 1 > file && git add file && git commit -qm 'file: one'
echo 2 > file
git commit -qa -m $'file: two\n\nThe quoted patch begins with\n\nFrom 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n\nand nothing else.'
git format-patch -q -1 --stdout > ../plain.mbox
git format-patch -q -1 --stdout --format=mboxrd > ../escaped.mbox
cd .. && git clone -q from to && cd to && git reset -q --hard HEAD~1

echo "separators in one patch: $(grep -c '^From [0-9a-f]\{40\} ' ../plain.mbox)"
status=0; git am ../plain.mbox > ../am.txt 2>&1 || status=$?
sed 's/^/git am: /' ../am.txt | head -n 1; echo "exit $status"
[[ $status != 0 ]] && grep -q 'Patch is empty' ../am.txt
git am --abort
git am --patch-format=mboxrd ../escaped.mbox
[[ $(cat file) == 2 ]] && git log -1 --format=%B | grep -q '^From 0123'
echo "as found: the plain form is refused as an empty patch, the escaped form is applied whole"
