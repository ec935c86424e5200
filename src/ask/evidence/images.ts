import type { EvidenceDocument } from '../../model/evidence.ts';

/** The images that were booted in a test, as paths. */
export interface BootedImages {
  outgoing?: string | undefined;
  incoming?: string | undefined;
}

/** The digests of the images that were booted, as a capture of them has it. @throws ToolError FILE_UNREADABLE */
export async function digestsOf(images: BootedImages): Promise<EvidenceDocument['images']> {
  const [outgoing, incoming] = await Promise.all([images.outgoing, images.incoming].map(digestOfFile));
  if (outgoing === undefined && incoming === undefined) return undefined;
  return { ...(outgoing !== undefined && { outgoing }), ...(incoming !== undefined && { incoming }) };
}

async function digestOfFile(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const { openFile } = await import('../../sources/file-source.ts');
  const { digestOf } = await import('../../sources/bare-build.ts');
  const file = await openFile(path, path);
  try {
    return await digestOf(file);
  } finally {
    await file.close();
  }
}
