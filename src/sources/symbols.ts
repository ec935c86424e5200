import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ToolError } from '../errors.ts';
import { isSymbolMap, readSymbolMap } from '../formats/symbols.ts';
import { bareEvidence, readStart, releaseOfUname } from './bare-build.ts';
import type { BuildFacts } from './build-facts.ts';
import { defineSource } from './source.ts';

const HEAD_SIZE = 4096;
/** Lists of a kernel with all its symbols have 10 to 20 MB. */
const SIZE_LIMIT = 64 << 20;
const UNAME_IN_NAME = /^System\.map-(\d+\.\d+.*)$/;

/** A list of a build's symbols: System.map, /proc/kallsyms. It says where in an image the names of handlers lie. */
export const symbols = defineSource({
  kind: 'symbols',
  async accepts(locator) {
    try {
      return isSymbolMap(textOf(await readStart(locator, basename(locator), HEAD_SIZE)));
    } catch {
      return false;
    }
  },
  async open(locator) {
    const name = basename(locator);
    const bytes = await readStart(locator, name, SIZE_LIMIT);
    if (!isSymbolMap(textOf(bytes.subarray(0, HEAD_SIZE)))) {
      throw new ToolError('IMAGE_UNKNOWN', 'not a list of symbols');
    }
    const unameRelease = UNAME_IN_NAME.exec(name)?.[1];
    const build: BuildFacts = {
      ...(unameRelease === undefined ? {} : { unameRelease }),
      symbols: readSymbolMap(textOf(bytes)),
      moduleBtf: [],
      files: [{ path: name, sha256: createHash('sha256').update(bytes).digest('hex') }],
    };
    return bareEvidence(name, build, unameRelease && releaseOfUname(unameRelease, build));
  },
});

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
