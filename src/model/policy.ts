import type { PairClass } from './outputs.ts';
import type { Target } from './target.ts';

/**
 * What a gate checks, and what it lets pass. Paths are relative to the folder of the policy. Every kernel that is named
 * must be there and must stand in a pair: a gate that checks nothing fails.
 */
export interface PolicyDocument {
  /** Where an editor finds this schema. */
  $schema?: string;
  /**
   * The version of the form: 1.
   * @minimum 1
   * @maximum 1
   * @asType integer
   */
  schemaVersion: number;
  /** A folder with components of one's own (component.schema.json), or one such file: kernels are captured with them. */
  components?: string;
  kernels?: PolicyKernels;
  pairs: PolicyPairs;
  /** `both` checks the way back of every pair as well. Default: forward. */
  direction?: 'both' | 'forward';
  /**
   * Profiles by name (carried, memory, memfd, pci, vm), or paths of JSON documents with one.
   * @minItems 1
   */
  profiles: string[];
  /**
   * Default: x86_64-4k alone.
   * @minItems 1
   */
  targets?: Target[];
  /** Verdicts that pass. Default: compatible and compatible-with-notes. `misread` cannot be allowed, only waived. */
  allow?: ('compatible' | 'compatible-with-notes' | 'refused' | 'unsupported')[];
  /** What becomes of a pair of which a needed fact is missing. Default: fail. */
  unknown?: 'allow' | 'fail';
  /** True lets code pass that changed under an equal layout and that nobody has reviewed. Default: false, it fails. */
  unreviewed?: boolean;
  /**
   * What code is that hands something over, is the same in both kernels, and is covered by no component: `fail` fails the
   * pair, `note` tells of it. Default: note. Where it is not the same, the pair is unknown.
   */
  uncovered?: 'fail' | 'note';
  /** `required`: a pair that nobody tested fails. A test that disagrees with the verdict always fails. Default: optional. */
  evidence?: 'optional' | 'required';
  /** What a waiver that matches nothing is: a warning, or a failure. Default: warn. */
  unusedWaivers?: 'fail' | 'warn';
  waivers?: PolicyWaiver[];
  window?: PolicyWindow;
}

/** How long a kernel must read what others wrote. A format that it drops inside the window fails the gate. */
export interface PolicyWindow {
  /** How far back a kernel must read; all that is nearer with it. */
  class: PairClass;
  /** What later kernels write must be read as well. Default: false. */
  both?: boolean;
  /**
   * The kernels that are held to it: releases, or paths of trees and documents. Default: the files of the policy, and where it
   * has none the newest release that is known.
   */
  kernels?: string[];
  /** Formats that are given up before their time. */
  drops?: PolicyDrop[];
}

/** A format that may be dropped although it is inside the window. */
export interface PolicyDrop {
  component: string;
  /** As `luo-abi window` prints it: `kho-v3`, `pci 1`, `no marker`. */
  marker: string;
  /**
   * Why it is given up.
   * @pattern \S
   */
  reason: string;
  /**
   * Who answers for it.
   * @pattern \S
   */
  owner: string;
}

/** The kernels of which pairs are made. */
export interface PolicyKernels {
  /** Releases as `luo-abi list` prints them; `6.18` means the newest one known of that series. */
  releases?: string[];
  /** Every known release in one of these ranges of semver's language: `>=6.18 <7.2`, `7.x`. */
  ranges?: string[];
  /** Capture or overlay documents. */
  files?: string[];
  /** Ranges take kernels of vendors and of posted series as well. Default: false. */
  vendors?: boolean;
}

/** Which pairs of the kernels are checked: those of the classes, and those that are named. */
export interface PolicyPairs {
  classes?: PairClass[];
  /** Every release of a series stands for it, not its newest alone. Default: false. */
  allReleases?: boolean;
  named?: PolicyPair[];
}

/**
 * Pairs by the kernels on each side: a release, the path of a document, or a range over the kernels of the policy. `7.1` is
 * every release of that series, as in a waiver: those of the policy's kernels, or all that are known where it has none.
 */
export interface PolicyPair {
  outgoing: string;
  incoming: string;
}

/**
 * One finding that is accepted for a reason: by its fingerprint, or by rule, subject and the releases of both sides. It stays
 * visible, and it covers one finding alone.
 */
export interface PolicyWaiver {
  /**
   * As the gate prints it beside the finding.
   * @pattern ^[0-9a-f]{32}$
   */
  fingerprint?: string;
  /** Rule of the finding; needs subject, outgoing and incoming beside it. */
  rule?: string;
  /** Component of the finding. Default: any. */
  component?: string;
  /**
   * The struct, member, constant, marker or node that the finding is about.
   * @minLength 1
   */
  subject?: string;
  /** Releases of the outgoing kernel: one release, or a range. */
  outgoing?: string;
  /** Releases of the incoming kernel: one release, or a range. */
  incoming?: string;
  /**
   * Why it is accepted.
   * @pattern \S
   */
  reason: string;
  /**
   * Who answers for it.
   * @pattern \S
   */
  owner: string;
  /**
   * The last day on which it holds: YYYY-MM-DD.
   * @pattern ^[0-9]{4}-[0-9]{2}-[0-9]{2}$
   */
  expires?: string;
  /** Must be true for a finding that means corrupted data; without it such a finding cannot be waived. */
  'accept-corruption'?: boolean;
}

/** The version of the policy document that this program reads. */
export const POLICY_SCHEMA_VERSION = 1;
