// Runs the benches one after the other, or those whose name contains an argument. A bench that fails does not end the run.
import { spawnSync } from 'node:child_process';

const SECTIONS = ['bench', 'matrix-scale', 'scale', 'btf', 'builds', 'gate', 'fleet', 'git', 'serve', 'try'];

const wanted = process.argv.slice(2);
const chosen = SECTIONS.filter((name) => wanted.every((part) => name.includes(part)));
if (chosen.length === 0) {
  console.error(`no such bench; there are ${SECTIONS.join(', ')}`);
  process.exit(2);
}
let failed = 0;
for (const name of chosen) {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', `test/bench/${name}.ts`], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error(`${name}: exit ${status}`);
    failed += 1;
  }
}
process.exit(failed > 0 ? 1 : 0);
