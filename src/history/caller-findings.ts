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
  /** What is inferred of it comes to the same where this is equal. */
  inferred: string | undefined;
  place: string | null;
}

/** What a change does to callers. A merge has several states before it: what is as in one of them came from there. */
export function callerFindings(before: readonly CaptureDocument[], after: CaptureDocument): AuditFinding[] {
  const [first = new Map<string, FoundCaller>(), ...others] = before.map(callersOf);
  const now = callersOf(after);
  const files = [...new Set([...first.keys(), ...now.keys()])].sort();
  return files.flatMap((file) => {
    const [was, is] = [first.get(file), now.get(file)];
    const isOld = [first, ...others].some((own) => own.get(file)?.state.sha256 === is?.state.sha256);
    return isOld ? [] : findingOf(was, is);
  });
}

function callersOf({ components }: CaptureDocument): Map<string, FoundCaller> {
  const { callers = [], doubts = [], places = {} } = components[CALLERS_ID] ?? {};
  return new Map(
    callers.map((state) => {
      const place = places[`caller ${state.file}`] ?? null;
      const own = doubts.find((doubt) => place !== null && places[placeOfDoubt(doubt)] === place);
      const { reading = '', message = `${state.file} hands something over` } = own ?? {};
      const inferred = reading.startsWith('inferred ') ? reading : undefined;
      return [state.file, { state, message, inferred, place }];
    }),
  );
}

function findingOf(was: FoundCaller | undefined, is: FoundCaller | undefined): AuditFinding[] {
  const caller = is ?? was;
  if (!caller) return [];
  const { file, names } = caller.state;
  const isInferred = was?.inferred !== undefined && was.inferred === is?.inferred;
  const what = !was ? 'new: ' : !is ? 'taken out: ' : `${file} changed: `;
  return [
    finding('uncovered-caller', isInferred ? 'note' : 'error', {
      component: null,
      subject: names.length > 0 ? names.join(', ') : file,
      message: `${what}${caller.message}`,
      where: caller.place,
    }),
  ];
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
