import type { CaptureDocument } from '../model/capture.ts';
import { CAPTURE_SCHEMA_VERSION } from '../model/capture.ts';
import { parseDocument, validate } from '../schema/validate.ts';
import { checkVersion } from './document-version.ts';

/** What a document holds from its components on. */
type Body = Pick<CaptureDocument, 'components' | 'findings'>;

/** Where that begins in a document as it is written. */
const BODY = ',\n "components": {';

/**
 * Reads and checks capture documents. Over the revisions of a tree nearly all say the same of every component, to the byte, and
 * differ in what names them: the same text is parsed and checked once, and they share what it says.
 */
export class CaptureTexts {
  /** By their bytes, one character for each. */
  readonly #bodies = new Map<string, Body>();

  /** @throws ToolError DOCUMENT_INVALID; `label` names the document in it */
  read(bytes: Buffer, label: string): CaptureDocument {
    // Very much text is only compared: what is beyond ASCII is not decoded for that.
    const at = bytes.indexOf(BODY);
    const body = at < 0 ? undefined : bytes.toString('latin1', at);
    const known = body === undefined ? undefined : this.#bodies.get(body);
    const document =
      (known && underHead(bytes.toString('utf8', 0, at), known, label)) ??
      parseDocument<CaptureDocument>('capture', bytes.toString(), label);
    checkVersion(document, CAPTURE_SCHEMA_VERSION, label);
    const { components, findings } = document;
    if (body !== undefined) this.#bodies.set(body, { components, findings });
    return document;
  }
}

/** A document of which all but the head was read before; undefined where that is no head. */
function underHead(head: string, body: Body, label: string): CaptureDocument | undefined {
  const own = parsed(`${head}\n}`);
  if (!own) return undefined;
  validate<CaptureDocument>('capture', { ...own, ...body, components: {} }, label);
  return { ...own, ...body } as CaptureDocument;
}

/** Undefined for text that is no object by itself: the place was not where it looked to be. */
function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
