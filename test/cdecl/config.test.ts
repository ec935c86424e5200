import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { initParser } from '../../src/cdecl/index.ts';
import { unitOf } from './memory-tree.ts';

before(initParser);

const TEXT = `struct s {
	u32 a;
#ifdef CONFIG_WIDE
	u64 b;
#endif
};
#if IS_ENABLED(CONFIG_LONG)
#define LEN 8
#else
#define LEN 4
#endif
struct t { u8 v[LEN]; };
struct u { u8 v; };
#ifdef CONFIG_NOTHING
struct only_declared;
#endif
#ifdef CONFIG_64BIT
typedef u64 word;
#endif
struct w { word a; };
`;

test('without a configuration no option is set, and what depends on one is told', () => {
  const unit = unitOf(TEXT);
  assert.equal(unit.layout('struct s')?.layout.size, 4);
  assert.equal(unit.layout('struct t')?.layout.size, 4);
  assert.equal(unit.layout('struct w')?.layout.size, 8);
  const facts = ['layout struct s', 'layout struct t', 'layout struct w'];
  const told = unit.configDependences(facts).map(({ option, where, affects, readings }) => ({
    option,
    where,
    affects,
    readings: Object.keys(readings),
  }));
  assert.deepEqual(told, [
    {
      option: 'CONFIG_LONG',
      where: { file: 'include/linux/x.h', line: 7 },
      affects: ['struct t'],
      readings: ['struct t'],
    },
    {
      option: 'CONFIG_WIDE',
      where: { file: 'include/linux/x.h', line: 3 },
      affects: ['struct s'],
      readings: ['struct s'],
    },
  ]);
});

test('only the facts that are named count, or all that the file declares, whatever was asked before', () => {
  const asked = unitOf(TEXT);
  asked.layout('struct t');
  assert.deepEqual(asked.configDependences(['layout struct u']), []);
  assert.deepEqual(
    unitOf(TEXT)
      .configDependences()
      .map(({ affects }) => affects),
    [['LEN', 'struct t'], ['struct s']],
  );
});

test('with a configuration its values count and nothing is told', () => {
  const unit = unitOf(TEXT, { config: { CONFIG_WIDE: 'y', CONFIG_LONG: 'm' } });
  assert.equal(unit.layout('struct s')?.layout.size, 16);
  assert.equal(unit.layout('struct t')?.layout.size, 8);
  assert.deepEqual(unit.configDependences(), []);
});

test('values of options: y, m, numbers, texts', () => {
  const text = `#define A CONFIG_NUMBER
#define B CONFIG_HEX
#define C CONFIG_TEXT
#define D IS_ENABLED(CONFIG_M)
#define E IS_BUILTIN(CONFIG_M)
#define F IS_MODULE(CONFIG_M)
#ifdef CONFIG_M
#define G 1
#elif defined(CONFIG_M_MODULE)
#define G 2
#endif
`;
  const unit = unitOf(text, {
    config: { CONFIG_NUMBER: '12', CONFIG_HEX: '0x10', CONFIG_TEXT: '"abc"', CONFIG_M: 'm' },
  });
  assert.deepEqual(
    ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((name) => unit.constant(name)?.value),
    [12, 16, 'abc', 1, 0, 1, 2],
  );
});

test('an option within a declaration is told too', () => {
  const unit = unitOf(
    'struct s { u8 v[IS_ENABLED(CONFIG_X) ? 2 : 1]; };\nstruct t { u8 v[CONFIG_COUNT]; };\n',
  );
  assert.equal(unit.layout('struct s')?.layout.size, 1);
  assert.throws(() => unit.layout('struct t'), { code: 'C_UNRESOLVED' });
  const told = unit.configDependences(['layout struct s', 'layout struct t']);
  assert.deepEqual(
    told.map(({ option }) => option),
    ['CONFIG_COUNT', 'CONFIG_X'],
  );
});

test('options without which the file is not built are set', () => {
  const makefile = 'luo-y := core.o \\\n\t\tfile.o\nobj-$(CONFIG_LUO) += luo.o\nobj-$(CONFIG_KHO) += kho.o\n';
  const text = '#ifdef CONFIG_LUO\n#define A 1\n#endif\n#ifdef CONFIG_KHO\n#define B 1\n#endif\n';
  const open = (name: string) =>
    unitOf(text, { path: `kernel/${name}.c`, files: { 'kernel/Makefile': makefile } });
  assert.equal(open('file').constant('A')?.value, 1);
  assert.equal(open('file').constant('B'), undefined);
  assert.equal(open('kho').constant('B')?.value, 1);
  assert.deepEqual(
    open('file')
      .configDependences()
      .map(({ option }) => option),
    ['CONFIG_KHO'],
  );
});
