import { evidenceAbout } from '../../catalog/own-kernel.ts';
import { ToolError } from '../../errors.ts';
import type { EvidenceDocument } from '../../model/evidence.ts';
import type { PairVerdict } from '../../model/finding.ts';
import type { CheckOutput } from '../../model/outputs.ts';
import type { Profile } from '../../model/profile.ts';
import { componentsOf } from '../../model/profile.ts';
import type { DeviceState } from '../../model/state.ts';
import type { Detour } from '../../report/check-advice.ts';
import { renderStaticAsserts } from '../../report/check-static-assert.ts';
import { renderCheck } from '../../report/check-terminal.ts';
import { renderState } from '../../report/state-terminal.ts';
import type { RenderOptions } from '../../report/style.ts';
import { agreementOf } from '../../verdict/agreement.ts';
import { withComparedLayouts } from '../../verdict/compared-layouts.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { judgePair } from '../../verdict/pair.ts';
import { judgeState } from '../../verdict/state.ts';
import { assertedSide } from '../asserted-side.ts';
import { openCatalog } from '../catalog-file.ts';
import type { OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FAIL_ON_OPTION,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { detourOf } from '../detour.ts';
import { printResult } from '../formats.ts';
import { judgingFrom } from '../judging.ts';
import { checkProfile, doubtOf, exitCodeOf, profileOf, sharedTarget } from '../options.ts';
import { readState } from '../state.ts';
import { resolvePair, WITH_OPTION } from '../with-kernels.ts';

export const command = defineCommand({
  usage: 'check <outgoing> <incoming>',
  summary: 'The verdict of a pair: can a machine that runs OUTGOING be live-updated to INCOMING?',
  example: 'luo-abi check 7.2.12 7.3.4 --profile memfd --both',
  options: [
    PROFILE_OPTION,
    TARGET_OPTION,
    { flags: '--both', summary: 'add the rollback' },
    {
      flags: '--state <file>',
      summary: 'a JSON list of devices (domain, bdf, driver): say which of them survive',
    },
    WITH_OPTION,
    FAIL_ON_OPTION,
    {
      ...FORMAT_OPTION,
      summary: 'terminal, json, or c (_Static_assert lines); NAME=FILE writes a file; may be repeated',
    },
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run([outgoing = '', incoming = ''], options, io) {
    // Devices are of PCI; whoever names them asks for that.
    const asked = typeof options.state === 'string' ? { profile: 'pci', ...options } : options;
    const profile = profileOf(asked);
    const devices = devicesOf(options, profile);
    const catalog = await openCatalog(options, io);
    try {
      const { from, to, named } = await resolvePair({ outgoing, incoming }, { catalog, options, io });
      const target = sharedTarget(options, [from, to]);
      checkProfile(profile, [...from.components.keys(), ...to.components.keys()]);
      const strangers = [from, to].map(({ release }) => release).filter((release) => !catalog.has(release));
      const shared = await judgingFrom(catalog, strangers);
      const kernelNamed = (release: string): Kernel | undefined =>
        named(release) ?? shared.kernelNamed(release);
      const judging = { ...shared, kernelNamed };
      const judge = (writer: Kernel, reader: Kernel): CheckOutput => {
        const kernels = { outgoing: writer, incoming: reader };
        const pair = judgePair({
          ...judging,
          ...kernels,
          acrossTargets: true,
          tellsKinds: true,
          profile,
          target,
        });
        const compared = withEvidence(withComparedLayouts(pair, kernels), evidenceAbout(kernels, catalog));
        if (!devices) return compared;
        return { ...compared, state: judgeState({ ...judging, ...kernels, pair, devices }) };
      };
      const forward = judge(from, to);
      const pair: CheckOutput = options.both === true ? { ...forward, rollback: judge(to, from) } : forward;
      const around = (told: PairVerdict): Detour => {
        const [writer, reader] = told.outgoing === from.release ? [from, to] : [to, from];
        return detourOf({ outgoing: writer, incoming: reader, profile, target, catalog, judging });
      };
      const renderings = {
        terminal: () => renderCheck(pair, io.render, around) + renderStates(pair, io.render),
        json: () => pair,
        c: () => renderProof(pair, from, to),
      };
      printResult(renderings, options, io);
      const answers = pair.rollback ? [pair, pair.rollback] : [pair];
      const others = answers.flatMap(({ state, evidence }) => [
        ...(state?.devices ?? []),
        ...(evidence ? doubtOf({ tested: evidence.agreement }) : []),
      ]);
      return exitCodeOf([...answers, ...others], options);
    } finally {
      catalog.close();
    }
  },
});

function withEvidence(pair: PairVerdict, records: readonly EvidenceDocument[]): CheckOutput {
  return { ...pair, evidence: agreementOf(pair, records) };
}

/** The devices that --state names, if it does; only a profile with PCI devices can answer for them. */
function devicesOf({ state }: OptionValues, profile: Profile): readonly DeviceState[] | undefined {
  if (typeof state !== 'string') return undefined;
  if (componentsOf(profile).includes('pci')) return readState(state);
  const message = `--state names PCI devices, and the profile ${profile.name} does not look at pci`;
  throw new ToolError('USAGE', message);
}

function renderStates({ outgoing, incoming, state, rollback }: CheckOutput, options: RenderOptions): string {
  const own = state ? renderState(`${outgoing} -> ${incoming}`, state, options) : '';
  return rollback ? own + renderStates(rollback, options) : own;
}

/** The layouts of all components that the verdict rests on, as C that proves them. */
function renderProof(pair: PairVerdict, from: Kernel, to: Kernel): string {
  const ids = pair.components.map(({ id }) => id);
  const { profile, target } = pair;
  const outgoing = assertedSide(from, ids, target);
  const incoming = assertedSide(to, ids, target);
  return renderStaticAsserts({ profile, target, outgoing, incoming });
}
