import type { ComponentVerdict } from '../model/finding.ts';
import type { Profile } from '../model/profile.ts';
import type { PairInput } from './pair.ts';
import { judgePair } from './pair.ts';

/**
 * What a pair comes to in one component by itself: all that lies below it counts as passed, so that a gate that refuses further
 * down hides nothing. Undefined where neither kernel has the component.
 */
export function judgeByItself(input: Omit<PairInput, 'profile'>, id: string): ComponentVerdict | undefined {
  const others = new Set([...input.outgoing.components.keys(), ...input.incoming.components.keys()]);
  others.delete(id);
  const profile: Profile = {
    name: id,
    summary: 'one component by itself',
    required: [id],
    optional: [],
    ignored: [...others],
  };
  return judgePair({ ...input, profile }).components.find((component) => component.id === id);
}

/** Whether what is written is taken and reads the same. */
export function isRead(component: Pick<ComponentVerdict, 'verdict'> | undefined): boolean {
  return component?.verdict === 'compatible' || component?.verdict === 'compatible-with-notes';
}
