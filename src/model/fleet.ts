import type { PairDecision, RouteStep } from './route.ts';
import type { Target } from './target.ts';

/** A machine of an inventory. */
export interface FleetHost {
  /** @minLength 1 */
  name: string;
  /** What it runs, as `list` prints it or as `uname -r` does for upstream's own builds. */
  release: string;
  /** The state that must survive; the profile of `--profile` where none is named. */
  profiles?: string[];
  /** The target of `--target` where none is named. */
  target?: Target;
  /** The kernel's command line, as in /proc/cmdline: what is switched off there hands nothing over. */
  cmdline?: string;
  /** Whether its KHO is on, where that is known without or better than from the command line. */
  kho?: 'off' | 'on';
}

/** The machines to be planned; an inventory may also be CSV with these columns. */
export type FleetDocument = FleetHost[];

/** Machines that go the same way. */
export interface PlanGroup {
  /**
   * `live-update`: by the hops; `done`: they run the goal; `reboot`: no way by live updates, the state must be given up or
   * moved away first; `unknown`: nothing says whether they hand anything over.
   */
  way: 'done' | 'live-update' | 'reboot' | 'unknown';
  profiles: string[];
  target: Target;
  /** What they run, oldest first. */
  releases: string[];
  /** In the order of the inventory. */
  hosts: string[];
  /** From the first live update to the last; empty for the other ways. */
  hops: RouteStep[];
  /** Only for `reboot` and `unknown`. */
  why: PlanObstacle | null;
}

/** What the update in one hop comes to. */
export interface DirectDecision extends PairDecision {
  /** True where the pair itself is safe and its way back, whose verdict this is, is not. */
  isRollback?: boolean;
}

/** Why machines must be rebooted. */
export interface PlanObstacle {
  /** Null where no pair decides: the goal was not captured for their target, or they hand nothing over. */
  direct: DirectDecision | null;
  /** The targets of the goal; only where theirs is not among them. */
  goalTargets?: Target[];
  /** Why they hand nothing over, or why that is not known: `has KHO switched off by kho=off`. */
  idle?: string;
  /** The release nearest to the goal that can still be reached by live updates; null where none can. */
  farthest: string | null;
  /** The number of hops of the shortest way, where there is one and it is longer than was asked for. */
  shortest: number | null;
}

/** Machines whose release is not known, and which are not planned. */
export interface UnknownRelease {
  release: string;
  hosts: string[];
  /** Releases with a name like it. */
  nearest: string[];
}

/** `plan --format json`. */
export interface PlanOutput {
  to: string;
  rollback: boolean;
  maxHops: number | null;
  /** The kernels that were looked at, in order; one that cannot carry the state only where it was named. */
  releases: string[];
  /** Numbers of machines; `unknown`: of a release that is not known, or of which nothing says whether they hand over. */
  hosts: { total: number; done: number; liveUpdate: number; reboot: number; unknown: number };
  /** The most machines first within a way: reboot, live-update, done. */
  groups: PlanGroup[];
  /** The most machines first. */
  unknown: UnknownRelease[];
}
