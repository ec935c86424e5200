import { otherOptions } from '../code-options.ts';
import { defineRule } from '../rule.ts';

export const meaningMayDiffer = defineRule({
  id: 'meaning-may-differ',
  scope: 'code',
  impact: 'note',
  level: 'note',
  summary:
    'The code that writes or reads the data changed under an equal layout, and nobody has reviewed the change yet.',
  check({ writtenCode, readCode, reviewed: reason }, emit) {
    const [from, to] = [writtenCode?.hash, readCode?.hash];
    // A function that came new changes nothing that the outgoing kernel did, and one that is reached from others went
    // with their calls; what calls it is compared by itself.
    const built = otherOptions(writtenCode, readCode);
    if (!writtenCode || !from) return;
    if (to === undefined && writtenCode.from !== undefined) return;
    // Nobody reviewed a function under other options than its text has.
    const reviewed = from === to ? undefined : reason;
    const name = writtenCode.function;
    const { kind } = writtenCode;
    const called = kind === undefined || kind === 'entered' || kind === 'initcall' ? `${name}()` : name;
    const reached = writtenCode.from === undefined ? '' : `, reached from ${writtenCode.from}(),`;
    const shown = SHOWN[kind ?? '']?.(called) ?? `${called}${reached}`;
    const byNames = 'names what only one of the two has of its own';
    const byOptions = `asks for ${built.join(', ')}, which the two are not built with alike`;
    const difference =
      from === to
        ? built.length > 0
          ? byOptions
          : byNames
        : to
          ? 'differs between the two kernels'
          : 'is in the outgoing kernel only';
    emit({
      subject: called,
      message: reviewed
        ? `${shown} ${difference} and was reviewed: ${reviewed}`
        : `${shown} ${difference}: equal bytes may mean something else`,
      outgoing: { hash: from.slice(0, 12) },
      incoming: { hash: to?.slice(0, 12) ?? null },
      ...(reviewed
        ? { impact: 'none' }
        : { condition: 'the change means nothing for the data; nobody has reviewed it yet' }),
      placeKeys: { outgoing: placeOf(kind, name), incoming: placeOf(kind, name) },
    });
  },
});

/** What is compared, where it is not the code itself. */
const SHOWN: Readonly<Record<string, (name: string) => string>> = {
  call: (name) => `how the rest of the kernel uses ${name}`,
  initcall: (name) => `when at boot ${name} runs`,
  width: (name) => `how wide ${name} is`,
};

function placeOf(kind: string | undefined, name: string): string {
  if (kind === 'width') return `function ${name.slice(name.lastIndexOf(' ') + 1)}`;
  return `${kind === 'call' || kind === 'entered' || kind === 'initcall' ? kind : 'function'} ${name}`;
}
