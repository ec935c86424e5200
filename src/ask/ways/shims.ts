import type { Judging } from '../../catalog/judging.ts';
import { ToolError } from '../../errors.ts';
import type { ShimNeeds } from '../../matrix/route-shims.ts';
import { namedConditions } from '../../model/condition.ts';
import type { ComponentVerdict } from '../../model/finding.ts';
import type { Profile } from '../../model/profile.ts';
import type { RouteShim } from '../../model/route.ts';
import type { Target } from '../../model/target.ts';
import { shimNeed } from '../../shim/need.ts';
import { isRead, judgeEach } from '../../verdict/by-itself.ts';
import { openConditions } from '../../verdict/conditions.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { factsOf } from '../../verdict/kernel.ts';
import { decidingFinding } from '../../verdict/pair.ts';

/** Code that is not there cannot be given a shim. */
const ABSENT = ['component-absent', 'config-disabled'];

/**
 * Says which shims make a pair safe: one for each component for which it fails, by itself; undefined where some of them none
 * can help.
 */
export function shimsBetween(
  profile: Profile,
  target: Target,
  judging: Judging,
): (outgoing: Kernel, incoming: Kernel) => ShimNeeds | undefined {
  return (outgoing, incoming) => {
    const shims: RouteShim[] = [];
    const others: ComponentVerdict[] = [];
    for (const { component, counts } of judgeEach({ ...judging, outgoing, incoming, profile, target })) {
      if (component.verdict === 'unsupported' && component.role === 'required') return undefined;
      if (!counts || isRead(component)) {
        others.push(component);
        continue;
      }
      const isPossible = component.verdict === 'refused' || component.verdict === 'misread';
      if (!isPossible || ABSENT.includes(decidingFinding(component)?.rule ?? '')) return undefined;
      const need = needOf({ ...judging, outgoing, incoming, component: component.id, target });
      if (!need) return undefined;
      shims.push({ component: component.id, asOf: outgoing.release, ...need });
    }
    const failing = new Set(others.filter((other) => !isRead(other)).map(({ id }) => id));
    // Above what fails nothing is reached.
    const reached = others.filter(({ id }) => {
      const { needs } = factsOf(factsOf(outgoing, id).needs.length > 0 ? outgoing : incoming, id);
      return !needs.some((need) => failing.has(need));
    });
    const open = openConditions({ components: reached, verdict: 'compatible-with-notes' });
    return { shims, conditions: namedConditions(open, outgoing.release) };
  };
}

function needOf(input: Parameters<typeof shimNeed>[0]): ReturnType<typeof shimNeed> {
  try {
    return shimNeed(input);
  } catch (error) {
    if (error instanceof ToolError && error.code === 'SHIM_UNFIT') return undefined;
    throw error;
  }
}
