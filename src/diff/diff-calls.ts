import type { CallState } from '../model/component-state.ts';
import type { DiffInput } from './diff-input.ts';
import { reasonFor } from './reviewed.ts';
import type { RawFinding } from './rule.ts';
import type { Run } from './run-rules.ts';

/** Hands calls from the rest of the kernel that differ to the rules of code. What only one document speaks of is none. */
export function diffCalls(input: DiffInput, findings: readonly RawFinding[], run: Run): void {
  const { component, target, outgoing, incoming } = input;
  const [from, to] = [outgoing.facts.calls, incoming.facts.calls];
  if (!from || !to || findings.some(({ impact }) => impact === 'misread')) return;
  const isHere = ({ targets }: CallState): boolean => targets === undefined || targets.includes(target);
  const byName = (calls: readonly CallState[]): Map<string, CallState> =>
    new Map(calls.filter(isHere).map((call) => [`${call.kind} ${call.function}`, call]));
  const [written, read] = [byName(from), byName(to)];
  const names = new Set([...written.keys(), ...read.keys()]);
  for (const name of renamedInitcalls(written, read)) names.delete(name);
  for (const name of names) {
    const [one, other] = [written.get(name), read.get(name)];
    if (one?.hash === other?.hash) continue;
    const { function: called, kind } = (one ?? other) as CallState;
    const code = (call: CallState | undefined) =>
      ({ function: called, side: 'both', kind, hash: call?.hash ?? 'none' }) as const;
    const [writtenCode, readCode] = [code(one), code(other)];
    const reviewed = reasonFor(input, writtenCode, readCode);
    run('code', { component, target, outgoing, incoming, writtenCode, readCode, reviewed });
  }
}

type ByName = ReadonlyMap<string, CallState>;

/** Functions that run at boot on one side alone, where those of the other side run as they do: by other names. */
function renamedInitcalls(written: ByName, read: ByName): string[] {
  const alone = (here: ByName, there: ByName): [string, CallState][] =>
    [...here].filter(([name, { kind }]) => kind === 'initcall' && !there.has(name));
  const [gone, come] = [alone(written, read), alone(read, written)];
  const levels = (calls: readonly [string, CallState][]): string =>
    calls
      .map(([, { hash }]) => hash)
      .sort()
      .join();
  return levels(gone) === levels(come) ? [...gone, ...come].map(([name]) => name) : [];
}
