import type { AuditedPatch, AuditFinding, AuditOutput } from '../model/audit.ts';
import type { Effect } from '../model/verdict-kind.ts';

// The words of an audit that every form of it shares.

/** What there is to do about a finding, in a sentence; undefined where nothing. */
export function adviceFor({
  rule,
  level,
  raise,
  mends,
  mendedBy,
  raisedBy,
}: AuditFinding): string | undefined {
  if (rule === 'meaning-may-differ') return 'Raise the marker if the data means something else now.';
  if (rule === 'uncovered-caller') return adviceOnCaller(level);
  if (rule === 'uncovered-declaration') return 'Tell luo-abi what guards it: docs/adding-a-component.md.';
  if (rule === 'config-dependent' && mendedBy === undefined && raisedBy === undefined)
    return adviceOnConfig(raise);
  if (mends !== undefined) return `It mends ${mends}: join the two, so that every commit is sound.`;
  if (mendedBy !== undefined) return `${mendedBy} mends it: join the two, so that every commit is sound.`;
  if (raisedBy !== undefined) return `${raisedBy} raised the marker for it: join the two.`;
  return raise && adviceToRaise(raise);
}

function adviceOnCaller(level: AuditFinding['level']): string {
  if (level === 'warning') return 'Fetch the files that are missing, and audit again.';
  return 'Describe it as a component, and it is judged: docs/adding-a-component.md.';
}

/** No value of one marker tells two builds of one kernel apart. */
function adviceOnConfig(raise: AuditFinding['raise']): string {
  const first = 'Declare it without the option, or give each of the two its own marker.';
  return raise ? `${first} ${adviceToRaise(raise)}` : first;
}

function adviceToRaise(raise: NonNullable<AuditFinding['raise']>): string {
  const { macro, where, from, to } = raise;
  const place = where === null ? '' : ` (${where})`;
  const value =
    to === null ? 'a value that no kernel uses' : `${spelled(from, to)}, which no known kernel uses`;
  return `Raise ${macro}${place} from ${spelled(from, from)} to ${value}.`;
}

/** Numbers stand bare, strings in quotes. */
function spelled(from: string, value: string): string {
  return /^\d+$/.test(from) ? value : `"${value}"`;
}

const EFFECT_WORDS: Record<Effect, string> = {
  'all-sessions-lost': 'no session can be opened any more',
  'boot-panic': 'the next kernel panics in early boot',
  'component-absent': 'that state is lost',
  corruption: 'wrong values are taken for right ones',
  'file-lost': 'that file is lost',
  ignored: 'a warning is printed',
  'state-dropped': 'all preserved state is lost',
};

/** Who is hit by a finding, in a sentence; undefined where it hits nobody. */
export function hitBy({ targets, directions, effect }: AuditFinding): string | undefined {
  if (targets.length === 0 || effect === null) return undefined;
  const ways = directions.length === 2 ? 'upgrade and rollback' : directions.join(', ');
  const where = targets.length === 4 ? 'on every target' : `on ${targets.join(', ')}`;
  return `Across this change (${ways}, ${where}): ${EFFECT_WORDS[effect]}.`;
}

/** `misread: v6.17 -> end of the range (kho, x86_64-4k)`. */
export function pairLines({ pairs }: AuditOutput): string[] {
  return pairs.map(({ release, direction, target, verdict, component, effect }) => {
    const way = direction === 'upgrade' ? `${release} -> this` : `this -> ${release}`;
    return `${verdict}${effect ? ` (${effect})` : ''}: ${way}: ${component} on ${target}`;
  });
}

/** One line that says how it ended. */
export function summaryOf(output: AuditOutput): string {
  const findings = output.patches.flatMap((patch) => patch.findings);
  const count = (level: string): number => findings.filter((finding) => finding.level === level).length;
  const patches = `${output.patches.length} of ${output.looked} touch handed-over data`;
  const levels = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}, ${plural(count('note'), 'note')}`;
  return `${output.what}: ${patches}; ${levels}; ${wholeWords(output)}`;
}

const UNCOVERED: ReadonlySet<string> = new Set(['uncovered-caller', 'uncovered-declaration']);

/** Sound is what was judged and found so. */
function wholeWords({ whole }: AuditOutput): string {
  const unjudged = whole.findings.filter(({ rule }) => rule === 'facts-missing');
  const isUncovered = ({ rule }: AuditFinding): boolean => UNCOVERED.has(rule);
  const broken = whole.findings.filter(
    (finding) => finding.level === 'error' && finding.rule !== 'facts-missing' && !isUncovered(finding),
  );
  const names = [...new Set(unjudged.flatMap(({ component }) => component ?? []))];
  const isUnsearched = ({ rule, level }: AuditFinding) => rule === 'uncovered-caller' && level === 'warning';
  const unsearched = whole.findings.filter(isUnsearched);
  const uncovered = whole.findings.filter((finding) => isUncovered(finding) && !isUnsearched(finding));
  const words = [
    ...(broken.length > 0 ? [`from end to end ${plural(broken.length, 'break')}`] : []),
    ...(names.length > 0 ? [`no longer judged: ${names.join(', ')}`] : []),
    ...(uncovered.length > 0 ? [`not covered: ${uncovered.map(({ subject }) => subject).join(', ')}`] : []),
    ...unsearched.map(({ message }) => message),
  ];
  return words.length > 0 ? words.join('; ') : 'sound from end to end';
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** `memfd: memfd-v1 -> memfd-v2 (MEMFD_LUO_FH_COMPATIBLE): memfd_luo_ser.flags`. */
export function touchedLines({ components }: Pick<AuditedPatch, 'components'>): string[] {
  return components.map(({ id, guard, macro, marker, raised, changed }) => {
    const under = guard === id ? '' : ` under ${guard}`;
    const value = raised
      ? `${marker.before} -> ${marker.after}`
      : (marker.after ?? marker.before ?? 'no marker');
    const name = macro === null ? '' : ` (${macro})`;
    const what = changed.length === 0 ? 'nothing else' : changed.join(', ');
    return `${id}${under}: ${value}${name}: ${what}`;
  });
}
