import type { NodeFacts } from '../model/component-definition.ts';
import type { ComponentState, FdtNode } from '../model/component-state.ts';
import type { Reading } from './build-context.ts';
import { borrowed, contradicted } from './build-context.ts';
import { treeNames } from './build-strings.ts';

type Tree = Pick<ComponentState, 'fdt' | 'fdtUnread'>;

/** The names in the device trees of a component, each looked for in the image. */
export function readTree(reading: Reading): Tree {
  const { source } = reading;
  if (!source) return ofBuildAlone(reading);
  const missing = treeNames(source).filter((name) => !seek(name, reading));
  const { fdtUnread } = source;
  const fdt = source.fdt.map((node) => withOtherNames(node, new Set(missing.map(({ text }) => text))));
  return { fdt, ...(fdtUnread !== undefined && { fdtUnread }) };
}

/** A node as a build has it that knows some of its names by others: which, only its source tells. */
function withOtherNames(node: FdtNode, missing: ReadonlySet<string>): FdtNode {
  const { path } = node;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    ...node,
    path: missing.has(name) ? `${path.slice(0, path.length - name.length)}${otherThan(name)}` : path,
    properties: node.properties.map((property) => {
      if (!missing.has(property.name)) return property;
      const { macro: _macro, ...facts } = property;
      return { ...facts, name: otherThan(property.name) };
    }),
  };
}

function otherThan(name: string): string {
  return `another name than ${name}`;
}

/** Whether a name is in the image, or may be. */
function seek(
  { kind, text }: ReturnType<typeof treeNames>[number],
  { context, isModule, origins, doubts }: Reading,
): boolean {
  const standing = isModule ? undefined : context.strings?.standing(text);
  if (standing === 'whole') {
    origins.fdt = [...new Set([...origins.fdt, 'rodata' as const])];
  } else if (standing === 'end') {
    const what = `the ${kind} ${text}, which may be the end of another string alone`;
    doubts.push(borrowed(text, context, what));
  } else if (!context.strings || isModule) doubts.push(borrowed(text, context, `the ${kind} ${text}`));
  else {
    const message = `the ${kind} is ${text} in ${context.lender}, and the image has no such string`;
    doubts.push(contradicted(text, message, context));
    return false;
  }
  return true;
}

/** A name that a macro holds is not in a build under that name. */
function ofBuildAlone({ era, origins, unchecked }: Reading): Tree {
  const nodes = era?.fdt ?? [];
  const macros = nodes.flatMap((node) =>
    [node, ...node.properties].flatMap((named) => ('macro' in named ? [named.macro] : [])),
  );
  for (const macro of macros) unchecked.add(macro);
  origins.fdt = ['inferred'];
  return { fdt: nodes.flatMap(spelledNode), ...(macros.length > 0 && { fdtUnread: true }) };
}

function spelledNode(node: NodeFacts): FdtNode[] {
  if ('macro' in node) return [];
  const properties = node.properties.flatMap((property) => {
    if ('macro' in property) return [];
    const { name, type, onMissing, exactLength } = property;
    return [
      {
        name,
        type,
        ...(onMissing !== undefined && { onMissing }),
        ...(exactLength !== undefined && { exactLength }),
      },
    ];
  });
  const { name, onMissing, missingMessage } = node;
  return [
    {
      path: name,
      ...(onMissing !== undefined && { onMissing }),
      ...(missingMessage !== undefined && { missingMessage }),
      properties,
    },
  ];
}
