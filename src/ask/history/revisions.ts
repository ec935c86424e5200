// What reads revisions: a C front end and all around it, loaded by the questions that ask for them alone.
export { readRange } from '../../history/audit-range.ts';
export { blame as blameIn } from '../../history/blame.ts';
export { captureRange as rangeOf, captureTags as tagsOf } from '../../history/capture-revisions.ts';
export { findFirstBad } from '../../history/first-bad.ts';
export { parseGitLocator } from '../../sources/git.ts';
export { openSnapshots, writeDocuments } from '../capture/revision-documents.ts';
export { openRevisions } from './open.ts';
