import type { AuditFinding, AuditOutput } from '../model/audit.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { CALLERS_ID, type CallerState } from '../model/component-state.ts';
import { placeOfDoubt } from '../model/doubt.ts';
import { finding } from './found-change.ts';

// Code that hands something over or takes it and that no component covers: a commit that brings it, changes its file or takes
// it away cannot be judged, as a pair of kernels cannot that differ in it (SEMANTICS, section 4).

/** A caller in one state. */
interface FoundCaller {
  state: CallerState;
  /** What it hands over and where, in a sentence. */
  message: string;
  /** Its code, or what is inferred of it, comes to the same where this is equal; undefined where nobody could read it. */
  reading: string | undefined;
  place: string | null;
}

/** What a change does to callers. A merge has several states before it: what is as in one of them came from there. */
export function callerFindings(before: readonly CaptureDocument[], after: CaptureDocument): AuditFinding[] {
  const [first = new Map<string, FoundCaller>(), ...others] = before.map(callersOf);
  const now = callersOf(after);
  const files = [...new Set([...first.keys(), ...now.keys()])].sort();
  return files.flatMap((file) => {
    const [was, is] = [first.get(file), now.get(file)];
    const isOld = [first, ...others].some((own) => isSameCaller(own.get(file), is));
    return isOld ? [] : findingOf(was, is, is ? first : now);
  });
}

/** Its file is the same, and so are the headers of its own. */
function isSameCaller(one: FoundCaller | undefined, other: FoundCaller | undefined): boolean {
  return one?.state.sha256 === other?.state.sha256 && one?.reading === other?.reading;
}

function callersOf({ components }: CaptureDocument): Map<string, FoundCaller> {
  const { callers = [], doubts = [], places = {} } = components[CALLERS_ID] ?? {};
  return new Map(
    callers.map((state) => {
      const place = places[`caller ${state.file}`] ?? null;
      const own = doubts.find((doubt) => place !== null && places[placeOfDoubt(doubt)] === place);
      const { reading, message = `${state.file} hands something over` } = own ?? {};
      return [state.file, { state, message, reading, place }];
    }),
  );
}

/** @param others the callers of the other state, among which one that went or came may be by another file */
function findingOf(
  was: FoundCaller | undefined,
  is: FoundCaller | undefined,
  others: ReadonlyMap<string, FoundCaller>,
): AuditFinding[] {
  const caller = is ?? was;
  if (!caller) return [];
  const { file, names } = caller.state;
  const { reading } = caller;
  const [twin] = [...others.values()].filter((other) => other.reading === reading);
  const isMoved = reading !== undefined && twin !== undefined;
  const isInferred = reading?.startsWith('inferred ') && was?.reading === is?.reading;
  const isSame = was && is ? isInferred : isMoved;
  return [
    finding('uncovered-caller', isSame ? 'note' : 'error', {
      component: null,
      subject: names.length > 0 ? names.join(', ') : file,
      message: `${whatOf(was, is, isMoved ? twin : undefined)}${caller.message}`,
      where: caller.place,
    }),
  ];
}

function whatOf(
  was: FoundCaller | undefined,
  is: FoundCaller | undefined,
  twin: FoundCaller | undefined,
): string {
  if (was && is) return `${is.state.file} changed: `;
  if (twin) return is ? `as in ${twin.state.file} before: ` : `now as in ${twin.state.file}: `;
  return is ? 'new: ' : 'taken out: ';
}

/** Files named where a clone lacks them. */
const NAMED = 3;

/** The audit of commits of which some files could not be searched: said once, of the whole. */
export function withUnsearched(output: AuditOutput, missing: readonly string[]): AuditOutput {
  const [first] = missing;
  if (first === undefined) return output;
  const rest = missing.length - NAMED;
  const names = `${missing.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const unsearched = finding('uncovered-caller', 'warning', {
    component: null,
    subject: missing.length === 1 ? first : `${missing.length} files`,
    message: `this clone does not hold all that changed (${names}): whether it hands something over was not looked for`,
  });
  return { ...output, whole: { ...output.whole, findings: [...output.whole.findings, unsearched] } };
}
