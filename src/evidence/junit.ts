import { ToolError } from '../errors.ts';
import type { ReportedTest } from './reported-test.ts';
import { PREFIX } from './reported-test.ts';

// JUnit XML as test runners write it: testsuites > testsuite (which may nest) > testcase. Properties of a suite hold for
// every test below it, those of a test come before them.

interface Element {
  [name: string]: Element[] | string | undefined;
}

const DEPTH = 50;

/** The tests of a JUnit report. @throws ToolError DOCUMENT_INVALID */
export async function readJUnit(text: string, path: string): Promise<ReportedTest[]> {
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw invalid(path, 'a document type is not read; take it out');
  const validity = XMLValidator.validate(text);
  if (validity !== true) {
    const { line, msg } = validity.err;
    throw new ToolError('DOCUMENT_INVALID', `${path}:${line}: not XML: ${msg}`, { path, line });
  }
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    maxNestedTags: DEPTH,
    isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
  });
  const root = parse(() => parser.parse(text) as Element, path);
  const suites = [...children(root, 'testsuites'), ...children(root, 'testsuite')];
  if (suites.length === 0) throw invalid(path, 'XML, and not a JUnit report: no testsuite');
  return suites.flatMap((suite) => readSuite(suite, new Map()));
}

function parse(step: () => Element, path: string): Element {
  try {
    return step();
  } catch (cause) {
    throw invalid(
      path,
      `not XML that can be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

function invalid(path: string, what: string): ToolError {
  return new ToolError('DOCUMENT_INVALID', `${path}: ${what}`, { path });
}

function readSuite(suite: Element, above: ReadonlyMap<string, string>): ReportedTest[] {
  const dated = /^\d{4}-\d{2}-\d{2}/.exec(attribute(suite, 'timestamp') ?? '');
  const fields = new Map([...above, ...(dated ? [['date', dated[0]] as const] : []), ...propertiesOf(suite)]);
  return [
    ...children(suite, 'testcase').map((test) => readTest(test, fields)),
    ...children(suite, 'testsuite').flatMap((inner) => readSuite(inner, fields)),
  ];
}

function readTest(test: Element, above: ReadonlyMap<string, string>): ReportedTest {
  const [failure] = [...children(test, 'failure'), ...children(test, 'error')];
  const result = failure ? 'failed' : children(test, 'skipped').length > 0 ? 'skipped' : 'passed';
  const message = failure && (attribute(failure, 'message') ?? content(failure));
  const failureType = failure && attribute(failure, 'type');
  return {
    name: attribute(test, 'name') ?? '',
    result,
    fields: new Map([...above, ...propertiesOf(test)]),
    ...(message !== undefined && { message }),
    ...(failureType !== undefined && { failureType }),
  };
}

function propertiesOf(element: Element): [string, string][] {
  return children(element, 'properties')
    .flatMap((properties) => children(properties, 'property'))
    .flatMap((property): [string, string][] => {
      const name = attribute(property, 'name') ?? '';
      const value = attribute(property, 'value') ?? content(property) ?? '';
      return name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), value]] : [];
    });
}

/** An element without attributes and content is told as an empty text. */
function children(element: Element, name: string): Element[] {
  const found = element[name];
  if (!Array.isArray(found)) return [];
  return found.map((child): Element => (typeof child === 'string' ? { '#text': child } : child));
}

function attribute(element: Element, name: string): string | undefined {
  const value = element[`@${name}`];
  return typeof value === 'string' ? value : undefined;
}

function content(element: Element): string | undefined {
  const text = element['#text'];
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}
