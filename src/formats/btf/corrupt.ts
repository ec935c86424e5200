import { ToolError } from '../../errors.ts';

/** An error of the content, with the offset from the start of the blob where it has one. */
export function corrupt(message: string, offset?: number): ToolError {
  const at = offset === undefined ? '' : ` at offset ${offset}`;
  return new ToolError('BTF_CORRUPT', `BTF: ${message}${at}`, offset === undefined ? {} : { offset });
}

/** What is said of bytes that end before the blob does; both in bytes from its start. */
export function truncated(what: string, expected: number, found: number): ToolError {
  return new ToolError('BTF_TRUNCATED', `BTF: the ${what} ends at ${expected}, the bytes at ${found}`, {
    offset: found,
  });
}
