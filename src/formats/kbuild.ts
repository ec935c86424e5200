// What the files of Kconfig say of an option: that it is there, what it depends on, what turns it on.

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
      const isOff = conditionsAround(text.slice(0, index)).some(isNever);
      if (!isOff) read.add(/^o?r/.test(word) ? folder + named : named);
    }
  }
  return read;
}

/** Options that nobody can set. */
export const NOBODYS: ReadonlySet<string> = new Set(['BROKEN']);

/** Whether a condition holds in no configuration. */
function isNever(text: string): boolean {
  return evaluateKconfig(text, (option) => (NOBODYS.has(option) ? false : undefined)) === false;
}

const SOURCES = /^[ \t]*(o?r?source)[ \t]+"?([^"\s]+)"?/gm;

function withoutComment(text: string): string {
  return text.replace(/#.*$/, '').trim();
}

/**
 * What turns on an option that nobody is asked about: each default that its entry has, and each `select` or `imply` of it,
 * as an expression that must hold; empty where nothing does.
 */
export function reasonsFor(kconfig: string, option: string): string[] {
  const name = option.replace(/^CONFIG_/, '');
  const text = kconfig.replace(/\\\n/g, ' ');
  const own = entriesOf(kconfig, option).join('\n');
  const defaults = [...own.matchAll(/^[ \t]+(?:def_bool|def_tristate|default)[ \t]+(.*)$/gm)].map(
    ([, given = '']) => {
      const [value = '', condition] = withoutComment(given).split(/[ \t]+if[ \t]+/);
      return [value, condition].flatMap((one) => (one === undefined ? [] : `(${one})`)).join(' && ');
    },
  );
  const selects = [
    ...text.matchAll(
      new RegExp(`^[ \\t]+(?:select|imply)[ \\t]+${name}(?:[ \\t]+if[ \\t]+(.*))?[ \\t]*(?:#.*)?$`, 'gm'),
    ),
  ];
  return [
    ...defaults,
    ...selects.map(([, condition]) => (condition === undefined ? 'y' : withoutComment(condition))),
  ];
}

/**
 * Whether some configuration can have an option, as far as what asks for it and what turns it on decides: somebody is asked
 * about it, it has a default, or another option selects it.
 * @param kconfigs the texts of the files that declare it or may select it
 */
export function isSettable(kconfigs: readonly string[], option: string): boolean {
  const entries = kconfigs.flatMap((text) => entriesOf(text, option));
  const prompts = entries.flatMap((entry) => [...entry.matchAll(PROMPT)].map(([, condition]) => condition));
  if (prompts.some((condition) => condition === undefined || !isNever(withoutComment(condition))))
    return true;
  return kconfigs.some((text) => reasonsFor(text, option).some((reason) => !isNever(reason)));
}

const PROMPT =
  /^[ \t]+(?:bool|tristate|string|int|hex|prompt)[ \t]+(?:"[^"\n]*"|'[^'\n]*')(?:[ \t]+if[ \t]+(.*))?/gm;

/** What stands in each entry of an option, without its help. */
function entriesOf(kconfig: string, option: string): string[] {
  const name = option.replace(/^CONFIG_/, '');
  const entry = new RegExp(
    `^[ \\t]*(?:menu)?config[ \\t]+${name}[ \\t]*\\n((?:[ \\t]+.*\\n|[ \\t]*\\n)*)`,
    'gm',
  );
  const text = `${kconfig}\n`.replace(/\\\n/g, ' ').replace(/^#.*\n/gm, '');
  const found = [...text.matchAll(entry)];
  return found.map(([, text = '']) => text.split(/^[ \t]+(?:help|---help---)[ \t]*$/m)[0] ?? '');
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
