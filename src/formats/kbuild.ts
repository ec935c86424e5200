// What a folder's Makefile builds, as kbuild reads it: `obj-$(CONFIG_X) += a.o`, and `a-y := b.o c.o` for an object that is
// made of others.

/** A rule that builds an object: the option that it depends on, and the object that it becomes a part of. */
interface Rule {
  object: string;
  /** Undefined where it is built whatever the configuration says. */
  option: string | undefined;
  /** The name of the composite object; undefined for the kernel itself. */
  into: string | undefined;
}

const ASSIGNMENT = /^\s*(\w[\w-]*?)-(y|m|objs|\$\((CONFIG_\w+)\))\s*(?:\+=|:=|=)\s*(.*)$/;
const CONDITIONAL = /^\s*(?:if(?:n?def|n?eq)|else|endif)\b/;

/** Deeper than any kernel's composite objects are nested. */
const MAX_DEPTH = 8;

/**
 * The options on which each way to build an object depends, one list for each way, sorted; empty where no rule builds it.
 * Undefined where the Makefile decides by conditions of its own.
 *
 * @param object the object by its name in the folder (`memfd_luo.o`), or a folder that is entered (`liveupdate/`)
 */
export function optionsThatBuild(makefile: string, object: string): string[][] | undefined {
  const { rules, isConditional } = readRules(makefile, object);
  if (isConditional) return undefined;
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

function readRules(makefile: string, object: string): { rules: Rule[]; isConditional: boolean } {
  const lines = makefile
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/#.*$/, ''));
  const rules: Rule[] = [];
  let depth = 0;
  let isConditional = false;
  for (const line of lines) {
    if (CONDITIONAL.test(line)) {
      if (/^\s*if/.test(line)) depth += 1;
      if (/^\s*endif/.test(line)) depth -= 1;
      continue;
    }
    const [, name = '', , option, objects = ''] = ASSIGNMENT.exec(line) ?? [];
    for (const built of objects.split(/\s+/).filter((word) => /\.o$|\/$/.test(word))) {
      if (depth > 0 && built === object) isConditional = true;
      rules.push({ object: built, option, into: name === 'obj' ? undefined : name });
    }
  }
  return { rules, isConditional };
}

/** Whether a Kconfig file declares an option, given as `CONFIG_X`. */
export function declaresOption(kconfig: string, option: string): boolean {
  const name = option.replace(/^CONFIG_/, '');
  return new RegExp(`^[ \\t]*(?:menu)?config[ \\t]+${name}[ \\t]*$`, 'm').test(kconfig);
}

/** What an option depends on, as its entry in a Kconfig file says it: one expression for each line. */
export function dependenciesOf(kconfig: string, option: string): string[] {
  const name = option.replace(/^CONFIG_/, '');
  const entry = new RegExp(
    `^[ \\t]*(?:menu)?config[ \\t]+${name}[ \\t]*\\n((?:[ \\t]+.*\\n|[ \\t]*\\n)*)`,
    'm',
  ).exec(kconfig.replace(/\\\n/g, ' '));
  const [own = ''] = (entry?.[1] ?? '').split(/^[ \t]+(?:help|---help---)[ \t]*$/m);
  const around = entry ? conditionsAround(kconfig.replace(/\\\n/g, ' ').slice(0, entry.index)) : [];
  return [
    ...around,
    ...[...own.matchAll(/^[ \t]+depends on[ \t]+(.*)$/gm)].map(([, text = '']) => withoutComment(text)),
  ];
}

/** The blocks `if X` that are open behind a text. */
function conditionsAround(text: string): string[] {
  const open: string[] = [];
  for (const [, word, rest = ''] of text.matchAll(/^(if|endif)\b[ \t]*(.*)$/gm)) {
    if (word === 'if') open.push(withoutComment(rest));
    else open.pop();
  }
  return open;
}

/**
 * The Kconfig files that are read: from the first one on, along what each sources outside of an `if n`. Without the first one
 * those that it sources in every kernel stand for it.
 */
export function readKconfigs(texts: ReadonlyMap<string, string>): Set<string> {
  const first = texts.has('Kconfig') ? ['Kconfig'] : ['init/Kconfig', 'mm/Kconfig'];
  const read = new Set([...first, ...[...texts.keys()].filter((path) => path.startsWith('arch/'))]);
  for (const path of read) {
    const text = texts.get(path) ?? '';
    for (const { index, 1: word = '', 2: named = '' } of text.matchAll(SOURCES)) {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const isOff = conditionsAround(text.slice(0, index)).some(
        (one) => evaluateKconfig(one, (option) => (option === 'BROKEN' ? false : undefined)) === false,
      );
      if (!isOff) read.add(/^o?r/.test(word) ? folder + named : named);
    }
  }
  return read;
}

const SOURCES = /^[ \t]*(o?r?source)[ \t]+"?([^"\s]+)"?/gm;

function withoutComment(text: string): string {
  return text.replace(/#.*$/, '').trim();
}

/**
 * What turns on an option that nobody is asked about: each default that its entry has, and each `select` of it, as an
 * expression that must hold; empty where nothing does.
 */
export function reasonsFor(kconfig: string, option: string): string[] {
  const name = option.replace(/^CONFIG_/, '');
  const text = kconfig.replace(/\\\n/g, ' ');
  const entry =
    new RegExp(`^[ \\t]*config[ \\t]+${name}[ \\t]*\\n((?:[ \\t]+.*\\n|[ \\t]*\\n)*)`, 'm').exec(text)?.[1] ??
    '';
  const [own = ''] = entry.split(/^[ \t]+(?:help|---help---)[ \t]*$/m);
  const defaults = [...own.matchAll(/^[ \t]+(?:def_bool|default)[ \t]+(.*)$/gm)].map(([, given = '']) => {
    const [value = '', condition] = withoutComment(given).split(/[ \t]+if[ \t]+/);
    return [value, condition].flatMap((one) => (one === undefined ? [] : `(${one})`)).join(' && ');
  });
  const selects = [
    ...text.matchAll(
      new RegExp(`^[ \\t]+select[ \\t]+${name}(?:[ \\t]+if[ \\t]+(.*))?[ \\t]*(?:#.*)?$`, 'gm'),
    ),
  ];
  return [
    ...defaults,
    ...selects.map(([, condition]) => (condition === undefined ? 'y' : withoutComment(condition))),
  ];
}

/**
 * What an expression of Kconfig comes to where some options are known; undefined where it rests on others.
 * @param isOn of an option without `CONFIG_`; undefined where it is not known
 */
export function evaluateKconfig(
  text: string,
  isOn: (option: string) => boolean | undefined,
): boolean | undefined {
  const tokens = text.match(/&&|\|\||!=|=|!|\(|\)|[\w"'.]+/g) ?? [];
  let at = 0;
  const either = (): boolean | undefined => {
    let value = all();
    while (tokens[at] === '||') {
      at += 1;
      const other = all();
      value = value || other ? true : value === false && other === false ? false : undefined;
    }
    return value;
  };
  const all = (): boolean | undefined => {
    let value = one();
    while (tokens[at] === '&&') {
      at += 1;
      const other = one();
      value = value === false || other === false ? false : value && other ? true : undefined;
    }
    return value;
  };
  const one = (): boolean | undefined => {
    const token = tokens[at];
    at += 1;
    if (token === '!') {
      const value = one();
      return value === undefined ? undefined : !value;
    }
    if (token === '(') {
      const value = either();
      at += 1;
      return value;
    }
    const value = token === 'y' ? true : token === 'n' ? false : isOn(token ?? '');
    if (tokens[at] !== '=' && tokens[at] !== '!=') return value;
    const isEqual = tokens[at] === '=';
    const word = tokens[at + 1];
    at += 2;
    if (value === undefined || (word !== 'y' && word !== 'n')) return undefined;
    return (value === (word === 'y')) === isEqual;
  };
  return either();
}
