import { defineRule } from '../rule.ts';

export const presenceNotWritten = defineRule({
  id: 'presence-not-written',
  scope: 'presence',
  impact: 'note',
  level: 'note',
  summary: 'One kernel has a node or property that the other does not write or does not look at.',
  check(pair, emit) {
    const isProperty = 'readProperty' in pair;
    const out = isProperty ? pair.writtenProperty : pair.writtenNode;
    const into = isProperty ? pair.readProperty : pair.readNode;
    const isWritten = out !== undefined && !(!isProperty && pair.writtenNode?.notWritten);
    const entry = out ?? into;
    if (!entry || (isWritten && into) || (!isWritten && (!into || into.onMissing))) return;
    const name = 'path' in entry ? entry.path : `${pair.path} ${entry.name}`;
    emit({
      subject: name,
      message: isWritten
        ? `${name} is written, and the incoming kernel does not look at it`
        : `${name} is not written; the incoming kernel goes on without it`,
      outgoing: { present: isWritten },
      incoming: { present: into !== undefined },
    });
  },
});
