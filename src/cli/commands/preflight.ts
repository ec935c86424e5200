import { asBooted } from '../../capture/booted.ts';
import type { PairVerdict } from '../../model/finding.ts';
import type { PreflightOutput } from '../../model/preflight.ts';
import { kindLines } from '../../report/kind-lines.ts';
import { withComparedLayouts } from '../../verdict/compared-layouts.ts';
import { kernelOf } from '../../verdict/kernel.ts';
import { judgePair } from '../../verdict/pair.ts';
import { mayRunWith } from '../../verdict/running.ts';
import { openCatalogUnwritten } from '../catalog-file.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FAIL_ON_OPTION,
  FORMAT_OPTION,
  PROFILE_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { judgingFrom } from '../judging.ts';
import { exitCodeOf, profileOf, sharedTarget } from '../options.ts';
import { namedKernel, newestInstalled, openRunning, openStaged, prepareBuilds } from '../preflight.ts';
import { notesOf } from '../preflight-notes.ts';

export const command = defineCommand({
  usage: 'preflight',
  summary:
    'On a host, before a kexec: can the running kernel hand over to the staged one? One line, and the exit code of check.',
  example: 'luo-abi preflight --staged /boot/vmlinuz-7.3.4+deb13-amd64 --profile memfd',
  options: [
    {
      flags: '--staged <locator>',
      summary:
        'an image, a package (several of one build may be given), a capture document or a release (default: the newest image that is installed and does not run)',
      repeatable: true,
    },
    PROFILE_OPTION,
    { flags: '--target <name>', summary: 'the target, where neither kernel says it (default: x86_64-4k)' },
    { flags: '--root <folder>', summary: "where the host's file system is (default: /)" },
    FAIL_ON_OPTION,
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(_operands, options, io) {
    const profile = profileOf(options);
    const root = typeof options.root === 'string' ? options.root : undefined;
    const catalog = await openCatalogUnwritten(options, io);
    try {
      const host = await openRunning(root);
      const locators = Array.isArray(options.staged) ? options.staged : [];
      const installed = (): string => newestInstalled(root ?? '/', host.build?.unameRelease ?? '');
      const chosen = locators.length > 0 ? locators : [installed()];
      // An image is unpacked by another process while the running kernel is looked at.
      const [running, staged] = await Promise.all([
        prepareBuilds([host], catalog),
        openStaged(chosen)?.then((builds) => prepareBuilds(builds, catalog)) ??
          namedKernel(chosen[0] ?? '', catalog, io),
      ]);
      const writing = host.build ? asBooted(running.document, host.build) : running.document;
      const [outgoing, incoming] = [kernelOf(writing), kernelOf(staged.document)];
      const target = sharedTarget(options, [outgoing, incoming]);
      const strangers = [outgoing, incoming].map(({ release }) => release);
      const judging = await judgingFrom(
        catalog,
        strangers.filter((release) => !catalog.has(release)),
      );
      const asked = { ...profile, runsWith: mayRunWith(outgoing) };
      const pair = judgePair({ ...judging, outgoing, incoming, profile: asked, target, tellsKinds: true });
      const check = withComparedLayouts(pair, { outgoing, incoming });
      const code = exitCodeOf([check], options);
      const answer: PreflightOutput = {
        answer: answerOf(check, code),
        line: lineOf(check, code),
        running: running.told,
        staged: staged.told,
        notes: notesOf({ running, staged, pair }),
        check,
      };
      printResult(
        { terminal: () => [answer.line, ...kindLines(check, io.render), ''].join('\n'), json: () => answer },
        options,
        io,
      );
      for (const note of answer.notes) io.note(`luo-abi: ${note}`);
      return code;
    } finally {
      catalog.close();
    }
  },
});

function answerOf({ verdict }: PairVerdict, code: number): PreflightOutput['answer'] {
  if (code === 0) return 'yes';
  return verdict === 'unknown' ? 'unknown' : 'no';
}

function lineOf(pair: PairVerdict, code: number): string {
  const { verdict, effect, profile, target, summary } = pair;
  const effectText = effect === null ? '' : ` (${effect})`;
  const answer = answerOf(pair, code);
  const said = answer === verdict ? answer : `${answer}: ${verdict}${effectText}`;
  return `${said}: ${summary} [${profile}, ${target}]`;
}
