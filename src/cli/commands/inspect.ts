import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import { ToolError, withContext } from '../../errors.ts';
import { isFdt } from '../../formats/fdt.ts';
import type { ComponentJudge } from '../../inspect/acceptance.ts';
import type { Blob } from '../../inspect/blob.ts';
import { openBlob } from '../../inspect/blob.ts';
import { componentAnswer } from '../../inspect/component-answer.ts';
import { inspect } from '../../inspect/inspect.ts';
import { gatherKnown } from '../../inspect/known.ts';
import type { Target } from '../../model/target.ts';
import { renderInspect } from '../../report/inspect-terminal.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { layoutLookup } from '../../verdict/kernel.ts';
import { judgeAlone } from '../../verdict/pair.ts';
import { openCatalog } from '../catalog-file.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, defineCommand, FORMAT_OPTION, TARGET_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';
import { judgingFrom } from '../judging.ts';
import { checkTarget, profileNamed, targetOf } from '../options.ts';
import { resolveKernel } from '../resolve.ts';

/** What is handed over in one blob is some pages, a tree mostly one; a file beyond this is something else. */
const MAX_BLOB = 64 << 20;
const MAX_TREE = 4 << 20;
/** Names below kho/out and kho/in of debugfs (kernel/liveupdate/kexec_handover_debugfs.c). */
const ROOT_FILE = 'fdt';
const ENTRY_FOLDER = 'sub_fdts';

export const command = defineCommand({
  usage: 'inspect <file> [files...]',
  summary:
    "Decodes what a kernel hands over: KHO's tree, its entries, single structs; or a folder, as /sys/kernel/debug/kho/out.",
  example: 'luo-abi inspect /sys/kernel/debug/kho/out --for 7.3.4',
  options: [
    { flags: '--release <release>', summary: 'the kernel that wrote it (default: guessed)' },
    { flags: '--for <release>', summary: 'say whether that kernel would accept it; exit 1 if not' },
    {
      flags: '--component <id[.struct]>',
      summary: 'what the bytes are where nothing in them tells: memfd, luo-flb.luo_flb_ser, A.head+B.element',
    },
    TARGET_OPTION,
    FORMAT_OPTION,
    CATALOG_OPTION,
  ],
  async run(paths, options, io) {
    const target = targetOf(options);
    const blobs = paths.flatMap((path) => blobsAt(path, options));
    const catalog = await openCatalog(options, io);
    try {
      const rows = catalog.kernels();
      const kernels = rows.flatMap(({ release }) => catalog.kernel(release) ?? []);
      const upstream = new Set(rows.filter(({ vendor }) => vendor === null).map(({ release }) => release));
      const writer = await kernelNamed(options.release, { catalog, io, target });
      const incoming = await kernelNamed(options.for, { catalog, io, target });
      const output = inspect({
        blobs,
        known: gatherKnown(kernels, { upstream, target }),
        component: typeof options.component === 'string' ? options.component : undefined,
        writer,
        reader: incoming && {
          kernel: incoming,
          judge: await judgeFor(incoming, { catalog, target, writer }),
        },
      });
      printResult({ terminal: () => renderInspect(output, io.render), json: () => output }, options, io);
      return output.acceptance === undefined || output.acceptance.verdict === 'accepted' ? 0 : 1;
    } finally {
      catalog.close();
    }
  },
});

async function kernelNamed(
  release: OptionValues[string],
  { catalog, io, target }: { catalog: Catalog; io: Io; target: Target },
): Promise<Kernel | undefined> {
  if (typeof release !== 'string') return undefined;
  const { kernel } = await resolveKernel(release, catalog, io);
  checkTarget(target, [kernel]);
  return kernel;
}

/** The judgement of `check` on one component, by itself. */
async function judgeFor(
  incoming: Kernel,
  { catalog, target, writer }: { catalog: Catalog; target: Target; writer: Kernel | undefined },
): Promise<ComponentJudge> {
  const strangers = [incoming, ...(writer ? [writer] : [])].map(({ release }) => release);
  const judging = await judgingFrom(
    catalog,
    strangers.filter((release) => !catalog.has(release)),
  );
  const reads = layoutLookup(incoming, target);
  const profile = profileNamed('memory');
  return (outgoing, id) => {
    const input = { ...judging, outgoing, incoming, target, profile };
    const lookups = { outgoing: layoutLookup(outgoing, target), incoming: reads };
    return componentAnswer(judgeAlone({ input, id, lookups, isReached: true }));
  };
}

/** The blobs of a file, or of a folder as KHO shows it in debugfs. */
function blobsAt(path: string, { component }: OptionValues): Blob[] {
  if (!existsSync(path)) throw new ToolError('FILE_UNREADABLE', `${path}: no such file`, { path });
  if (!statSync(path).isDirectory()) return [blobAt(path)];
  if (component !== undefined)
    throw new ToolError('USAGE', `--component names what one file is; ${path} is a folder`);
  const root = join(path, ROOT_FILE);
  const entries = existsSync(join(path, ENTRY_FOLDER)) ? join(path, ENTRY_FOLDER) : path;
  const isKho = existsSync(root) || entries !== path || path.replace(/\/+$/, '').endsWith(ENTRY_FOLDER);
  if (!isKho) {
    const hint = existsSync(join(path, 'out')) ? `; give ${join(path, 'out')} or ${join(path, 'in')}` : '';
    throw new ToolError('FILE_UNREADABLE', `${path}: neither ${ROOT_FILE} nor ${ENTRY_FOLDER} in it${hint}`, {
      path,
    });
  }
  const names = isKho && entries === path && existsSync(root) ? [] : namesIn(entries);
  return [...(existsSync(root) ? [root] : []), ...names.map((name) => join(entries, name))].map(blobAt);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new ToolError('FILE_UNREADABLE', `${folder}: ${(cause as Error).message}`, { path: folder, cause });
  }
}

function blobAt(path: string): Blob {
  const bytes = readBlob(path);
  if (isFdt(bytes) && bytes.length > MAX_TREE) {
    throw new ToolError('FILE_UNREADABLE', `${path}: ${bytes.length} bytes are too many for a devicetree`, {
      path,
    });
  }
  try {
    return openBlob(path, bytes);
  } catch (error) {
    throw withContext(path, error);
  }
}

/** A regular file whole; nothing that could go on without end. Files of debugfs may say that they have no size. */
function readBlob(path: string): Uint8Array {
  const stat = statSync(path);
  const fault = stat.isFile()
    ? stat.size > MAX_BLOB
      ? `${stat.size} bytes are too many`
      : ''
    : 'not a file';
  if (fault !== '') throw new ToolError('FILE_UNREADABLE', `${path}: ${fault}`, { path });
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ToolError('FILE_UNREADABLE', `${path}: ${(cause as Error).message}`, { path, cause });
  }
}
