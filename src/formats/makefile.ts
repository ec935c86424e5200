// What a folder's Makefile builds, as kbuild reads it: `obj-$(CONFIG_X) += a.o`, and `a-y := b.o c.o` for an object that is
// made of others. Variables are put in, and the functions that make names of names.

/** A rule that builds an object: the option that it depends on, and the object that it becomes a part of. */
interface Rule {
  object: string;
  /** Undefined where it is built whatever the configuration says. */
  option: string | undefined;
  /** The name of the composite object; undefined for the kernel itself. */
  into: string | undefined;
  /** Whether the Makefile decides by a condition of its own that it stands. */
  isConditional: boolean;
}

interface Assignment {
  name: string;
  text: string;
  isConditional: boolean;
}

const ASSIGNMENT = /^\s*([\w.-]+(?:\$\(CONFIG_\w+\))?)\s*(?:\+|\?|::?)?=\s*(.*)$/;
const RULE_NAME = /^([\w-]*?)-(?:y|m|objs|\$\((CONFIG_\w+)\))$/;
const CONDITIONAL = /^\s*(?:if(?:n?def|n?eq)|else|endif)\b/;
const INCLUDE = /^\s*(?:-|s)?include\s+(.*)$/;
/** One without another in it. */
const EXPRESSION = /\$[({]([^$(){}]*)[)}]/;

/** Deeper than any kernel's composite objects are nested, and its variables. */
const MAX_DEPTH = 8;
/** More expressions than any line has. */
const MAX_EXPRESSIONS = 200;

/**
 * The options on which each way to build an object depends, one list for each way, sorted; empty where no rule builds it.
 * Undefined where the Makefile decides by conditions of its own.
 *
 * @param object the object by its name in the folder (`memfd_luo.o`), or a folder that is entered (`liveupdate/`)
 */
export function optionsThatBuild(makefile: string, object: string): string[][] | undefined {
  const { rules } = readRules(makefile);
  if (rules.some((rule) => rule.isConditional && rule.object === object)) return undefined;
  const waysOf = (name: string, depth: number): string[][] => {
    if (depth > MAX_DEPTH) return [];
    return rules
      .filter((rule) => rule.object === name)
      .flatMap(({ option, into }) => {
        const outer = into === undefined ? [[]] : waysOf(`${into}.o`, depth + 1);
        return outer.map((options) => [...new Set([...options, ...(option === undefined ? [] : [option])])]);
      });
  };
  return waysOf(object, 0).map((options) => options.sort());
}

/** The first form of a Makefile that may build something and that is not read: `$(wildcard *.c)`, a file that it includes. */
export function unreadForm(makefile: string): string | undefined {
  const [included] = linesOf(makefile).flatMap((line) => INCLUDE.exec(line)?.[0]?.trim() ?? []);
  return readRules(makefile).unread[0] ?? included;
}

/** The macros that a Makefile hands to the compiler, for all its files or for some, with their values: `MADE=1`. */
export function macrosGiven(makefile: string): string[] {
  return assignmentsOf(makefile)
    .filter(({ name }) => FLAGS.test(name))
    .flatMap(({ text }) => [...text.matchAll(/(?:^|\s)-D\s*(\w+(?:=\S*)?)/g)])
    .flatMap(([, given]) => given ?? []);
}

const FLAGS = /^(?:(?:subdir-)?ccflags-|CFLAGS_|(?:KBUILD|EXTRA)_CFLAGS)/;

function linesOf(makefile: string): string[] {
  return makefile
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/#.*$/, ''));
}

function assignmentsOf(makefile: string): Assignment[] {
  const found: Assignment[] = [];
  let depth = 0;
  for (const line of linesOf(makefile)) {
    if (CONDITIONAL.test(line)) {
      if (/^\s*if/.test(line)) depth += 1;
      if (/^\s*endif/.test(line)) depth -= 1;
      continue;
    }
    const [, name, text = ''] = ASSIGNMENT.exec(line) ?? [];
    if (name !== undefined) found.push({ name, text, isConditional: depth > 0 });
  }
  return found;
}

function readRules(makefile: string): { rules: Rule[]; unread: string[] } {
  const assignments = assignmentsOf(makefile);
  const rules: Rule[] = [];
  const unread: string[] = [];
  for (const { name, text, isConditional } of assignments) {
    const [, stem, option] = RULE_NAME.exec(name) ?? [];
    if (stem === undefined) continue;
    const value = expand(text, assignments, 0);
    if (!/flags$|^(?:always|extra|hostprogs|targets)$/.test(stem)) unread.push(...value.unread);
    for (const object of value.text.split(/\s+/).filter((word) => /\.o$|\/$/.test(word)))
      rules.push({
        object,
        option,
        into: stem === 'obj' ? undefined : stem,
        isConditional: isConditional || value.isConditional,
      });
  }
  return { rules, unread };
}

interface Expanded {
  text: string;
  isConditional: boolean;
  /** What was left out. */
  unread: string[];
}

function expand(text: string, assignments: readonly Assignment[], depth: number): Expanded {
  const value: Expanded = { text, isConditional: false, unread: [] };
  for (let count = 0; count < MAX_EXPRESSIONS; count += 1) {
    const found = EXPRESSION.exec(value.text);
    if (!found) return value;
    const [whole, inner = ''] = found;
    const put = standingFor(inner.trim(), assignments, depth);
    if (put) {
      value.isConditional ||= put.isConditional;
      value.unread.push(...put.unread);
    } else value.unread.push(whole);
    const { index } = found;
    value.text = value.text.slice(0, index) + (put?.text ?? '') + value.text.slice(index + whole.length);
  }
  return value;
}

/** What stands for an expression; undefined where it is of a form that is not read. */
function standingFor(inner: string, assignments: readonly Assignment[], depth: number): Expanded | undefined {
  const [, name = '', given = ''] = /^([\w-]+)\s+(.*)$/.exec(inner) ?? [];
  const made = NAMES_OF_NAMES[name]?.(given);
  if (made !== undefined) return { text: made, isConditional: false, unread: [] };
  if (!/^[\w.-]+$/.test(inner) || depth > MAX_DEPTH) return undefined;
  const own = assignments.filter((one) => one.name === inner);
  // A part of it that stands under an option would lose that.
  const hasOptions = /-y$/.test(inner) && assignments.some((one) => isUnderOption(one, inner));
  if (own.length === 0 || hasOptions) return undefined;
  const values = own.map((one) => ({ ...one, ...expand(one.text, assignments, depth + 1) }));
  return {
    text: values.map((one) => one.text).join(' '),
    isConditional: own.some((one) => one.isConditional) || values.some((one) => one.isConditional),
    unread: values.flatMap((one) => one.unread),
  };
}

function isUnderOption({ name }: Assignment, variable: string): boolean {
  return name.startsWith(`${variable.slice(0, -1)}$(`);
}

const NAMES_OF_NAMES: Readonly<Record<string, (given: string) => string | undefined>> = {
  addprefix: (given) => eachName(given, (affix, name) => affix + name),
  addsuffix: (given) => eachName(given, (affix, name) => name + affix),
  sort: (given) => given,
  strip: (given) => given,
};

function eachName(given: string, make: (affix: string, name: string) => string): string | undefined {
  const [, affix, names] = /^([^,]*),(.*)$/.exec(given) ?? [];
  if (affix === undefined || names === undefined) return undefined;
  const all = names.split(/\s+/).filter((name) => name !== '');
  return all.map((name) => make(affix.trim(), name)).join(' ');
}
