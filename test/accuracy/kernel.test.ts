import { test } from 'node:test';
import { assertRight, judgeMutation, kernelBase } from './judge-mutation.ts';
import { KNOWN_WRONG } from './known-wrong.ts';
import { MUTATIONS } from './mutations/index.ts';

// The mutations of the accuracy table, made to the kernel's own declarations instead of ours.

const TREE = process.env.LUO_ABI_TREE;
const skip = TREE === undefined ? 'LUO_ABI_TREE names no folder with the sources of 7.3.4' : false;
const base = TREE === undefined ? undefined : kernelBase(TREE);

for (const mutation of MUTATIONS) {
  if (mutation.only === 'fixture') continue;
  const todo = KNOWN_WRONG.get(mutation.name);
  test(mutation.name, { skip, ...(todo !== undefined && { todo }) }, async () => {
    for (const judgment of await judgeMutation(mutation, base)) assertRight(judgment);
  });
}
