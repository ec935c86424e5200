import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaresOption, optionsThatBuild } from '../../src/formats/kbuild.ts';

const MADE = `# made for the test
made-y := one.o \\
	two.o
made-$(CONFIG_MADE_THREE) += three.o
made-objs += four.o

obj-y += always.o
obj-$(CONFIG_MADE) += made.o	# the composite
obj-$(CONFIG_MADE_MODULE)	+= alone.o other.o
obj-m += module.o
obj-$(CONFIG_LEFT) += both.o
obj-$(CONFIG_RIGHT) += both.o
ifdef CONFIG_MADE_CONDITION
obj-y += conditional.o
endif
`;

test('an object is built by the options of its rule and of what it becomes a part of', () => {
  const rows: [string, string[][] | undefined][] = [
    ['always.o', [[]]],
    ['module.o', [[]]],
    ['alone.o', [['CONFIG_MADE_MODULE']]],
    ['other.o', [['CONFIG_MADE_MODULE']]],
    ['one.o', [['CONFIG_MADE']]],
    ['two.o', [['CONFIG_MADE']]],
    ['three.o', [['CONFIG_MADE', 'CONFIG_MADE_THREE']]],
    ['four.o', [['CONFIG_MADE']]],
    ['both.o', [['CONFIG_LEFT'], ['CONFIG_RIGHT']]],
    ['nobody.o', []],
    ['wo.o', []],
    ['conditional.o', undefined],
  ];
  for (const [object, ways] of rows) assert.deepEqual(optionsThatBuild(MADE, object), ways, object);
});

test('a part of what nothing builds is not built', () => {
  assert.deepEqual(optionsThatBuild('made-y := one.o\n', 'one.o'), []);
});

test('objects that are parts of each other end', () => {
  assert.deepEqual(optionsThatBuild('one-y := two.o\ntwo-y := one.o\n', 'one.o'), []);
});

test('a Kconfig file declares an option by its whole name', () => {
  const kconfig =
    'config MADE_ONE\n\tbool "one"\n\tdepends on MADE_TWO\n\nmenuconfig MADE_THREE\n\tbool "three"\n';
  assert.equal(declaresOption(kconfig, 'CONFIG_MADE_ONE'), true);
  assert.equal(declaresOption(kconfig, 'CONFIG_MADE_THREE'), true);
  assert.equal(declaresOption(kconfig, 'CONFIG_MADE_TWO'), false);
  assert.equal(declaresOption(kconfig, 'CONFIG_MADE'), false);
});
