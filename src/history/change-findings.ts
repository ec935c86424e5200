import type { FilePatch } from '../formats/patch.ts';
import type { AuditFinding } from '../model/audit.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { placeOfDoubt } from '../model/doubt.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import { isAvailable } from '../verdict/kernel.ts';
import type { AuditState } from './audit-state.ts';
import { conditionalFindings } from './conditional-findings.ts';
import type { FoundChange } from './found-change.ts';
import { finding, raiseOf } from './found-change.ts';
import { hunksAt } from './hunks.ts';
import type { Breakage, TouchedComponent } from './judge-change.ts';
import { guardOf, markerPlace, worstEffect } from './judge-change.ts';
import type { UnreadTouch } from './unknown-facts.ts';

/** What a change is to be told of, worst first. */
export function changeFindings(change: FoundChange): AuditFinding[] {
  return [
    ...notBumped(change),
    ...notKnown(change),
    ...change.unread.map(unreadTouch),
    ...gone(change),
    ...conditionalFindings(change),
    ...change.touched.flatMap((component) => valueTaken(component, change)),
    ...change.touched.flatMap((component) => bumpedWithoutChange(component, change)),
    ...change.touched.flatMap((component) => otherMeaning(component, change)),
    ...uncovered(change),
    ...uncoveredChanges(change),
  ];
}

function byComponent(breakages: readonly Breakage[]): Map<string, Breakage[]> {
  const groups = new Map<string, Breakage[]>();
  for (const broken of breakages)
    groups.set(broken.component, [...(groups.get(broken.component) ?? []), broken]);
  return groups;
}

function notBumped({ breakages, after, touched, values, patch }: FoundChange): AuditFinding[] {
  const groups = byComponent(breakages.filter(({ kind }) => kind !== 'unknown'));
  return [...groups].map(([component, broken]) => {
    const guard = guardOf(after.kernel, component);
    // What only a rollback meets (a struct that is new, a tail that is gone) is known to whoever writes it.
    const onward = broken.filter(({ direction }) => direction === 'upgrade');
    const causes = distinctCauses(onward.length > 0 ? onward : broken);
    const subjects = [...new Set(causes.map(({ subject }) => subject))];
    const targets = TARGETS.filter((target) => broken.some((own) => own.target === target));
    const shown = touched.find(({ id }) => id === component)?.marker.after ?? 'nothing';
    const macro = guard?.macro ?? `the marker of ${guard?.component ?? component}`;
    const raise = guard && raiseOf(guard.component, after, values);
    const [cause] = causes;
    const place = cause?.where.find(({ side }) => side === 'incoming') ?? cause?.where[0];
    return finding('marker-not-bumped', onward.length > 0 ? 'error' : 'warning', {
      component,
      subject: guard?.macro ?? component,
      message: `${component}: ${list(subjects)} changed, and ${macro} still says ${shown}${onTargets(targets)}`,
      where: place ? `${place.file}:${place.line}` : null,
      targets,
      directions: (['upgrade', 'rollback'] as const).filter((way) =>
        broken.some(({ direction }) => direction === way),
      ),
      effect: worstEffect(broken.map(({ effect }) => effect)),
      causes,
      ...(raise && { raise }),
      hunks: place ? hunksAround(patch([place.file]), place) : [],
    });
  });
}

function hunksAround(files: readonly FilePatch[], { file, line }: { file: string; line: number }) {
  return hunksAt(files, { file, from: line, until: line });
}

/** Each difference once, however many targets and directions show it. */
function distinctCauses(broken: readonly Breakage[]): AuditFinding['causes'] {
  const seen = new Set<string>();
  return broken
    .flatMap(({ causes }) => causes)
    .filter(({ rule, subject }) => {
      const key = `${rule} ${subject}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

function onTargets(targets: readonly Target[]): string {
  return targets.length === TARGETS.length ? '' : ` (${targets.join(', ')} only)`;
}

function list(subjects: readonly string[]): string {
  if (subjects.length <= 3) return subjects.join(', ');
  return `${subjects.slice(0, 3).join(', ')} and ${subjects.length - 3} more`;
}

function notKnown({ breakages }: FoundChange): AuditFinding[] {
  const groups = byComponent(breakages.filter(({ kind }) => kind === 'unknown'));
  return [...groups].map(([component, broken]) => {
    const causes = distinctCauses(broken);
    return finding('facts-missing', 'error', {
      component,
      subject: component,
      message: `${component}: cannot be judged: ${unknownWords(causes)}`,
      targets: TARGETS.filter((target) => broken.some((own) => own.target === target)),
      directions: (['upgrade', 'rollback'] as const).filter((way) =>
        broken.some(({ direction }) => direction === way),
      ),
      causes,
    });
  });
}

function unknownWords(causes: AuditFinding['causes']): string {
  const [cause] = causes;
  if (!cause) return 'a fact is missing';
  if (cause.impact === 'unknown') return cause.message;
  const subjects = [...new Set(causes.map(({ subject }) => subject))];
  return `${list(subjects)} changed, and the marker that guards it cannot be read`;
}

function unreadTouch({ component, file, reason }: UnreadTouch): AuditFinding {
  return finding('facts-missing', 'error', {
    component,
    subject: component,
    message: `${component}: cannot be judged: ${file} changed, and ${component} is unknown before and after: ${reason}`,
  });
}

/** A component that a change takes away, or moves to where nobody looks: from here on nothing is said of it. */
function gone({ before, after }: FoundChange): AuditFinding[] {
  return [...before.kernel.components].flatMap(([id, { facts, places }]) => {
    const left = after.kernel.components.get(id)?.facts;
    if (!isAvailable(facts) || left?.available !== 'no') return [];
    return [
      finding('facts-missing', 'warning', {
        component: id,
        subject: id,
        message: `${id}: taken out, or moved to where luo-abi does not look: ${left.reason ?? 'it is not there'}`,
        where: places.marker ?? null,
      }),
    ];
  });
}

function valueTaken({ id, guard, raised, macro }: TouchedComponent, change: FoundChange): AuditFinding[] {
  if (!raised || guard !== id) return [];
  const { kernel } = change.after;
  const releases = change.values.namesakes(kernel, id);
  if (releases.length === 0) return [];
  const raise = raiseOf(id, change.after, change.values);
  const value = String(guardOf(kernel, id)?.marker.writes);
  return [
    finding('marker-value-taken', 'warning', {
      component: id,
      subject: macro ?? id,
      message: `${id}: ${value} already names another layout in ${list(releases)}`,
      where: markerPlace(kernel, id),
      ...(raise && { raise }),
    }),
  ];
}

function bumpedWithoutChange(component: TouchedComponent, change: FoundChange): AuditFinding[] {
  const { id, guard, raised, macro, marker } = component;
  if (!raised || guard !== id) return [];
  const isUsed = change.touched.some((other) => {
    const isUnder = other.guard === id || needs(change.after, other.id, id);
    return isUnder && other.changed.length > 0;
  });
  if (isUsed) return [];
  return [
    finding('marker-bumped-without-change', 'warning', {
      component: id,
      subject: macro ?? id,
      message: `${id}: ${marker.before} became ${marker.after}, and nothing known to be under it reads differently`,
      where: markerPlace(change.after.kernel, id),
    }),
  ];
}

/** Whether one component rests on another: its data may be what the other's marker was raised for. */
function needs({ kernel }: AuditState, id: string, other: string): boolean {
  const own = kernel.components.get(id)?.facts.needs ?? [];
  return own.includes(other);
}

function otherMeaning({ id, functions, raised }: TouchedComponent, change: FoundChange): AuditFinding[] {
  if (raised) return [];
  return functions.map((name) => {
    const place = change.after.kernel.components.get(id)?.places[`function ${name.replace(/\(\)$/, '')}`];
    const [, file = '', line = '0'] = /^(.*):(\d+)$/.exec(place ?? '') ?? [];
    const text = file === '' ? undefined : change.after.textOf(file);
    const body = text === undefined ? undefined : bodyAt(text, Number(line));
    return finding('meaning-may-differ', 'note', {
      component: id,
      subject: name,
      message: `${name} writes or reads ${id} and changed: equal bytes may mean something else`,
      where: place ?? null,
      hunks: body ? hunksAt(change.patch([file]), { file, ...body }) : [],
    });
  });
}

/** From a function's first line to the brace in the first column that ends it. */
function bodyAt(text: string, line: number): { from: number; until: number } {
  const lines = text.split('\n');
  const end = lines.findIndex((own, index) => index >= line && own.startsWith('}'));
  return { from: line, until: end < 0 ? line : end + 1 };
}

function uncovered({ before, after }: FoundChange): AuditFinding[] {
  // The same in another file is not new.
  const subjectOf = (message: string): string => message.replace(/ is (?:declared|inferred) .*$/s, '');
  const of = ({ findings }: CaptureDocument) =>
    findings.filter(({ code }) => code === 'uncovered-declaration');
  const known = new Set(of(before.document).map(({ message }) => subjectOf(message)));
  return of(after.document)
    .filter(({ message }) => !known.has(subjectOf(message)))
    .map(({ message, where }) =>
      finding('uncovered-declaration', 'warning', {
        component: null,
        subject: subjectOf(message),
        message,
        where: where ?? null,
      }),
    );
}

/** What no component covers and reads differently now: no other rule compares it. */
function uncoveredChanges({ before, after }: FoundChange): AuditFinding[] {
  const [was, is] = [before, after].map(({ document }) => uncoveredReadings(document));
  return [...(is ?? [])].flatMap(([subject, { reading, where }]) => {
    const known = was?.get(subject);
    if (!known || known.reading === reading) return [];
    return finding('uncovered-declaration', 'error', {
      component: null,
      subject,
      message: `${subject} changed, and no component covers it: what guards it is not known`,
      where,
    });
  });
}

function uncoveredReadings({ components }: CaptureDocument) {
  const doubts = Object.values(components).flatMap(({ doubts: own = [], places }) =>
    own.map((doubt) => ({ ...doubt, where: places[placeOfDoubt(doubt)] ?? null })),
  );
  const uncovered = doubts.filter(({ code }) => code === 'uncovered-declaration');
  return new Map(uncovered.map(({ subject, reading, where }) => [subject, { reading, where }]));
}
