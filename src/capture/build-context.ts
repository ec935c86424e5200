import type { ComponentDefinition, Era } from '../model/component-definition.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { FactOrigin, Fidelity } from '../model/fidelity.ts';
import { FACT_KINDS } from '../model/fidelity.ts';
import type { Target } from '../model/target.ts';
import type { BuildFacts } from '../sources/build-facts.ts';
import type { BuildDeclarations } from './build-declarations.ts';
import type { BuildStrings } from './build-strings.ts';

/** What is at hand of a build, for all of its components. */
export interface BuildContext {
  facts: BuildFacts;
  declarations: BuildDeclarations;
  /** The strings of its image; undefined where there is no image. */
  strings: BuildStrings | undefined;
  /** The targets that the build may be. */
  targets: readonly Target[];
  /** Options under which something is built, as its types and strings show. */
  shownOptions: ReadonlySet<string>;
  /** Equal for two documents of one build, and for no others; undefined where nothing identifies the build. */
  identity?: string;
  /** What facts are taken from that the build does not show: `7.3.4`. */
  lender?: string;
}

/** What the source of the same release says of a component. */
export interface SourceFacts {
  state: ComponentState;
  fidelity: Fidelity;
}

export interface BuiltComponent {
  state: ComponentState;
  fidelity: Fidelity;
}

/** Where each kind of fact was read, as it is gathered. */
export type Origins = { [Kind in (typeof FACT_KINDS)[number]]: FactOrigin[] };

/** One component that is read, and what is gathered on the way. */
export interface Reading {
  definition: ComponentDefinition;
  /** The form that it has; undefined where a source says facts of none that is known. */
  era: Era | undefined;
  source: ComponentState | undefined;
  context: BuildContext;
  /** True where it is in a module, of which no strings are at hand. */
  isModule: boolean;
  origins: Origins;
  doubts: FoundDoubt[];
  unchecked: Set<string>;
  inferred: Set<string>;
  /** Structs and constants that the types of the build show. */
  confirmed: Set<string>;
}

/** Every kind of fact with its own list. */
export function spreadOrigins(fidelity: Fidelity): Origins {
  const entries = FACT_KINDS.map((kind) => [kind, [...(fidelity[kind] ?? fidelity.all ?? [])]]);
  return Object.fromEntries(entries) as Origins;
}

/** Every name that a function of an era's code went by. */
export function functionsOf(era: Pick<Era, 'code'>): string[] {
  return era.code.flatMap(({ functions }) => functions.flatMap((names) => names as string | string[]));
}

/** A fact that the lender alone says. Two documents of one build agree in it, whatever it is. */
export function borrowed(subject: string, { lender, identity }: BuildContext, what = subject): FoundDoubt {
  return {
    code: 'borrowed',
    subject,
    message: `${what}: taken from ${lender}, not seen in this build`,
    ...(identity !== undefined && { reading: identity }),
    isNote: true,
  };
}

/** A fact of the build that is not as the lender says; the build's own is what counts. */
export function overruled(subject: string, message: string, { identity }: BuildContext): FoundDoubt {
  return { ...contradicted(subject, message, { identity }), isNote: true };
}

/** A fact of which only that is known that the lender's is not the build's. */
export function contradicted(
  subject: string,
  message: string,
  { identity }: { identity?: string | undefined },
): FoundDoubt {
  return {
    code: 'source-disagrees',
    subject,
    message,
    ...(identity !== undefined && { reading: identity }),
  };
}
