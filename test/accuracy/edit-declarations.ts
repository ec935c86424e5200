// Changes to C declarations, each by name. An edit that finds nothing to change is an error of the test, never silence.

/** Files of a small kernel tree: path to text. */
export type Tree = Map<string, string>;

/** One change to a tree, in place. */
export type Edit = (tree: Tree) => void;

interface StructText {
  path: string;
  before: string;
  /** Declarations without their semicolons. */
  members: string[];
  /** What stands between the closing brace and the semicolon: attributes. */
  attributes: string;
  after: string;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error('a brace is not closed');
}

function splitMembers(body: string): string[] {
  const members: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < body.length; at += 1) {
    if (body[at] === '{') depth += 1;
    if (body[at] === '}') depth -= 1;
    if (body[at] !== ';' || depth > 0) continue;
    members.push(body.slice(start, at).trim());
    start = at + 1;
  }
  return members;
}

function findStruct(tree: Tree, name: string): StructText {
  for (const [path, text] of tree) {
    const head = new RegExp(`\\b(?:struct|union) ${name} \\{`).exec(text);
    if (!head) continue;
    const open = head.index + head[0].length - 1;
    const close = closingBrace(text, open);
    const end = text.indexOf(';', close);
    return {
      path,
      before: text.slice(0, open),
      members: splitMembers(text.slice(open + 1, close)),
      attributes: text.slice(close + 1, end).trim(),
      after: text.slice(end + 1),
    };
  }
  throw new Error(`no struct ${name}`);
}

function writeStruct(tree: Tree, { path, before, members, attributes, after }: StructText): void {
  const body = members.map((member) => `\t${member};\n`).join('');
  tree.set(path, `${before}{\n${body}}${attributes === '' ? '' : ` ${attributes}`};${after}`);
}

function nameOfMember(declaration: string): string {
  const inMacro = /^\w+\((\w+),/.exec(declaration)?.[1];
  if (inMacro !== undefined) return inMacro;
  return /(\w+)(?:\s*\[[^\]]*\])*(?:\s*:\s*\d+)?$/.exec(declaration)?.[1] ?? '';
}

function indexOfMember({ members }: StructText, member: string): number {
  const index = members.findIndex((declaration) => nameOfMember(declaration) === member);
  if (index < 0) throw new Error(`no member ${member}`);
  return index;
}

/** Changes the list of a struct's declarations. */
export function editMembers(struct: string, change: (members: string[]) => string[]): Edit {
  return (tree) => {
    const found = findStruct(tree, struct);
    writeStruct(tree, { ...found, members: change(found.members) });
  };
}

/** Exchanges two members. */
export function swap(struct: string, one: string, other: string): Edit {
  return (tree) => {
    const found = findStruct(tree, struct);
    const [a, b] = [indexOfMember(found, one), indexOfMember(found, other)];
    const { members } = found;
    [members[a], members[b]] = [members[b] as string, members[a] as string];
    writeStruct(tree, found);
  };
}

/** Puts declarations in the place of a member. */
export function replaceMember(struct: string, member: string, ...declarations: string[]): Edit {
  return (tree) => {
    const found = findStruct(tree, struct);
    found.members.splice(indexOfMember(found, member), 1, ...declarations);
    writeStruct(tree, found);
  };
}

/** Adds a declaration behind a member. */
export function insertAfter(struct: string, member: string, declaration: string): Edit {
  return (tree) => {
    const found = findStruct(tree, struct);
    found.members.splice(indexOfMember(found, member) + 1, 0, declaration);
    writeStruct(tree, found);
  };
}

/** Adds a declaration at the end of a struct. */
export function append(struct: string, declaration: string): Edit {
  return editMembers(struct, (members) => [...members, declaration]);
}

/** Takes a member out. */
export function removeMember(struct: string, member: string): Edit {
  return replaceMember(struct, member);
}

/** Gives a member another name. */
export function renameMember(struct: string, member: string, name: string): Edit {
  return (tree) => {
    const found = findStruct(tree, struct);
    const index = indexOfMember(found, member);
    const declaration = found.members[index] as string;
    const at = declaration.lastIndexOf(member, declaration.length - tailLength(declaration));
    found.members[index] = declaration.slice(0, at) + name + declaration.slice(at + member.length);
    writeStruct(tree, found);
    // The code that uses it goes along.
    const use = new RegExp(`(->|\\.)${member}\\b`, 'g');
    for (const [path, text] of tree) if (path.endsWith('.c')) tree.set(path, text.replace(use, `$1${name}`));
  };
}

/** The length of the array bounds or the width behind a member's name. */
function tailLength(declaration: string): number {
  return /(?:\s*\[[^\]]*\])*(?:\s*:\s*\d+)?$/.exec(declaration)?.[0].length ?? 0;
}

/** Gives a struct other attributes; `''` for none. */
export function setAttributes(struct: string, attributes: string): Edit {
  return (tree) => writeStruct(tree, { ...findStruct(tree, struct), attributes });
}

/** A macro's definition with the lines that it goes on in. */
function definitionOf(name: string): RegExp {
  return new RegExp(`^#define[ \\t]+${name}[ \\t]+(?:.*\\\\\\n)*.*$`, 'm');
}

function replaceOnce(tree: Tree, pattern: RegExp, replacement: string): void {
  for (const [path, text] of tree) {
    if (!pattern.test(text)) continue;
    tree.set(
      path,
      text.replace(pattern, () => replacement),
    );
    return;
  }
  throw new Error(`nothing matches ${pattern.source}`);
}

/** Gives a macro another value; the name may be changed with it. */
export function redefine(name: string, value: string, newName = name): Edit {
  return (tree) => replaceOnce(tree, definitionOf(name), `#define ${newName} ${value}`);
}

/** Takes a macro's definition out. */
export function undefine(name: string): Edit {
  return (tree) => replaceOnce(tree, definitionOf(name), '');
}

/** Gives an enumerator another value. */
export function renumber(enumerator: string, value: string): Edit {
  const expression = '(?:[^,()]|\\((?:[^()]|\\([^()]*\\))*\\))*';
  return (tree) =>
    replaceOnce(tree, new RegExp(`^\\t${enumerator} =${expression},$`, 'm'), `\t${enumerator} = ${value},`);
}

/** Replaces a word wherever it stands, in every file. */
export function renameWord(from: string, to: string): Edit {
  return (tree) => {
    const word = new RegExp(`\\b${from}\\b`, 'g');
    const touched = [...tree].filter(([, text]) => text.search(word) >= 0);
    if (touched.length === 0) throw new Error(`no ${from}`);
    for (const [path, text] of touched) tree.set(path, text.replace(word, to));
  };
}

/** Replaces a piece of text that stands in one file. */
export function replaceText(from: string, to: string): Edit {
  return (tree) => replaceOnce(tree, new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')), to);
}

/** Replaces what a pattern matches first, in the first file that it matches in; `$1` and its like stand for groups. */
export function replaceMatch(pattern: RegExp, to: string): Edit {
  return (tree) => {
    for (const [path, text] of tree) {
      if (!pattern.test(text)) continue;
      tree.set(path, text.replace(pattern, to));
      return;
    }
    throw new Error(`nothing matches ${pattern.source}`);
  };
}

/** Puts text in the place of a struct's whole definition, to its semicolon. */
export function replaceStruct(struct: string, text: string): Edit {
  return (tree) => {
    const { path, before, after } = findStruct(tree, struct);
    tree.set(path, before.replace(/(?:struct|union) \w+ $/, () => text) + after);
  };
}

/** Puts text in front of a struct's definition. */
export function insertBefore(struct: string, text: string): Edit {
  return (tree) => {
    const found = findStruct(tree, struct);
    const before = found.before.replace(/(?:struct|union) \w+ $/, (head) => `${text}\n${head}`);
    writeStruct(tree, { ...found, before });
  };
}

/** Moves the definitions of structs to a file, whose text is made from them. */
export function moveStructs(
  structs: readonly string[],
  path: string,
  textOf: (moved: string) => string,
): Edit {
  return (tree) => {
    const moved = structs.map((struct) => {
      const found = findStruct(tree, struct);
      const [head = ''] = /(?:struct|union) \w+ $/.exec(found.before) ?? [];
      tree.set(found.path, found.before.slice(0, -head.length) + found.after);
      const members = found.members.map((member) => `\t${member};\n`).join('');
      return `${head}{\n${members}} ${found.attributes};\n`;
    });
    tree.set(path, textOf(moved.join('\n')));
  };
}

/** Puts a file into the tree. */
export function addFile(path: string, text: string): Edit {
  return (tree) => {
    tree.set(path, text);
  };
}

/** Changes the text of one file. */
export function editFile(path: string, change: (text: string) => string): Edit {
  return (tree) => {
    const text = tree.get(path);
    if (text === undefined) throw new Error(`no file ${path}`);
    const changed = change(text);
    if (changed === text) throw new Error(`nothing changed in ${path}`);
    tree.set(path, changed);
  };
}

/** Gives a file another path; `forward` is what stays at the old one. */
export function moveFile(from: string, to: string, forward?: string): Edit {
  return (tree) => {
    const text = tree.get(from);
    if (text === undefined) throw new Error(`no file ${from}`);
    tree.delete(from);
    tree.set(to, text);
    if (forward !== undefined) tree.set(from, forward);
  };
}

/** Takes a file out of the tree. */
export function dropFile(path: string): Edit {
  return (tree) => {
    if (!tree.delete(path)) throw new Error(`no file ${path}`);
  };
}

/** Changes the text of every file. */
export function editText(change: (text: string, path: string) => string): Edit {
  return (tree) => {
    for (const [path, text] of tree) tree.set(path, change(text, path));
  };
}
