import type { SoughtFiles } from '../sources/source.ts';
import { CODE_WITNESS, isWanted } from './wanted.ts';

// Whoever hands data over, or takes it, may do so in any file of the kernel. Where nothing of a target's kernel is built from,
// nobody needs to look.

/** Folders that no kernel for the targets is built from, those of programs, and those of headers that belong to drivers. */
const IDLE_FOLDERS =
  /^(?:Documentation|LICENSES|samples|scripts|tools|usr)\/|^arch\/(?!x86\/|arm64\/)[^/]+\/|\/boot\/dts\/|^(?!arch\/|include\/).*\/include\//;

/** Code that only tests the kernel, by the places and names that the kernel gives it. */
const TESTS = /^lib\/(?:test_|tests\/)|\/(?:kunit|selftests?)\/|[-_](?:kunit|selftests?)\.[ch]$/;

/** In the bytes of every file that could call a function of {@link HAND_OVER}: short, for a thousand million bytes are searched. */
const CALLING_WORDS = ['kho_', 'liveup'] as const;

/**
 * The same, and what is in headers that declare what others hand over, by the names that this has by custom. Headers beside a
 * caller need none: they are read for its sake.
 */
const WORDS = [...CALLING_WORDS, 'LIVEUP', '_ser {', 'luo_', 'LUO_'] as const;
const SHARED_HEADER = /^(?:include|arch\/[^/]+\/include)\/.*\.h$/;

/** Where a component's code has headers of its own beside it: all of the others' are read anyway. */
const OF_A_DRIVER = /^(?:drivers|fs|net|virt)\/.*\.c$/;

/** Files that may hand something over or take it. */
export const SOUGHT: SoughtFiles = {
  mayBe: (path) => /\.(?:c|h|rs|S)$/.test(path) && !IDLE_FOLDERS.test(path) && !TESTS.test(path),
  mayHold: (folder) => !IDLE_FOLDERS.test(folder) && !TESTS.test(folder),
  words: WORDS,
  wordsAt: (path) => (SHARED_HEADER.test(path) ? WORDS : CALLING_WORDS),
  witness: CODE_WITNESS,
  leads: (path, text) => (!isWanted(path) || OF_A_DRIVER.test(path)) && CALLS.test(text),
};

/** Functions that put a subtree where the other kernel finds it, or look one up; of all forms that these had. */
export const SUBTREE_FUNCTIONS = /^kho_(?:add|retrieve)_subtree$/;

/** Functions by which a file handler, or data that several files share, is made known under its name. */
export const REGISTERING_FUNCTIONS = /^liveupdate_register_\w+$/;

/**
 * All that hand memory over or take it: beside those with a name, what preserves and restores pages, blocks and trees of
 * numbers that do so themselves, and the notifier by which kernels until 6.18 were asked for their subtrees.
 */
export const HAND_OVER =
  /^(?:kho_(?:add|retrieve)_subtree|liveupdate_register_\w+|kho_(?:preserve|restore)_\w+|kho_alloc_preserve|kho_block_set_(?:init|grow|shrink|restore|destroy|clear|head_pa|it_\w+)|kho_radix_(?:add|del|walk|init|destroy)_\w+|register_kho_notifier)$/;

/** Functions that only a caller names. */
export const CALLS =
  /\b(?:kho_(?:add|retrieve)_subtree|liveupdate_register_\w+|kho_(?:preserve|restore)_\w+|kho_alloc_preserve)\b/;
