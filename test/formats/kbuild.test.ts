import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaresOption, dependenciesOf, evaluateKconfig, reasonsFor } from '../../src/formats/kbuild.ts';
import { optionsThatBuild, unreadForm } from '../../src/formats/makefile.ts';

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

test('names that a variable or a function of make gives are read', () => {
  const made = `made-parts := $(addprefix made_,one.o two.o) $(more)
more = $(addsuffix .o, three $(strip four))
made-y := zero.o $(made-parts)
made-y += \${braces}
braces := five.o
ifdef CONFIG_MADE_CONDITION
some := six.o
endif
made-y += $(some) $(made-y)
obj-$(CONFIG_MADE) := made.o
`;
  for (const object of ['zero.o', 'made_one.o', 'made_two.o', 'three.o', 'four.o', 'five.o'])
    assert.deepEqual(optionsThatBuild(made.replace(' $(made-y)', ''), object), [['CONFIG_MADE']], object);
  assert.equal(optionsThatBuild(made, 'six.o'), undefined);
  assert.deepEqual(optionsThatBuild(made, 'one.o'), []);
  assert.equal(unreadForm(made.replace(' $(made-y)', '')), undefined);
});

test('a form that is not read is told', () => {
  const rows: [string, string | undefined][] = [
    [MADE, undefined],
    ['obj-y += $(patsubst %.c,%.o,$(wildcard *.c))\n', '$(wildcard *.c)'],
    ['ccflags-y += -I$(srctree)/made\nobj-y += one.o\n', undefined],
    ['include $(src)/made.mk\nobj-y += one.o\n', 'include $(src)/made.mk'],
    ['made-$(CONFIG_ONE) := one.o\nobj-y += $(made-y)\n', '$(made-y)'],
  ];
  for (const [makefile, form] of rows) assert.equal(unreadForm(makefile), form, makefile);
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

const KCONFIG = `if OUTER && !INNER # as it is
config X
	bool "x"
	depends on A
	help
	  depends on nothing
endif

config Y
	def_bool A || B

config Z
	bool
	default n
	default y if C

config W
	bool

config CPU
	select W if C
	select V
`;

test('an option depends on what its entry and the blocks around it say', () => {
  assert.deepEqual(dependenciesOf(KCONFIG, 'CONFIG_X'), ['OUTER && !INNER', 'A']);
  assert.deepEqual(dependenciesOf(KCONFIG, 'CONFIG_Y'), []);
});

test('what turns on an option that nobody is asked about', () => {
  assert.deepEqual(reasonsFor(KCONFIG, 'Y'), ['(A || B)']);
  assert.deepEqual(reasonsFor(KCONFIG, 'Z'), ['(n)', '(y) && (C)']);
  assert.deepEqual(reasonsFor(KCONFIG, 'W'), ['C']);
  assert.deepEqual(reasonsFor(KCONFIG, 'V'), ['y']);
  assert.deepEqual(reasonsFor(KCONFIG, 'NOWHERE'), []);
  const nothing = (): undefined => undefined;
  assert.deepEqual(
    ['(n)', '(y)', '(y) && (C)', '(n) || C'].map((text) => evaluateKconfig(text, nothing)),
    [false, true, undefined, undefined],
  );
});

test('a folder is entered by a rule', () => {
  assert.deepEqual(optionsThatBuild('obj-y += a/ liveupdate/\n', 'liveupdate/'), [[]]);
  assert.deepEqual(optionsThatBuild('obj-$(CONFIG_L) += liveupdate/\n', 'liveupdate/'), [['CONFIG_L']]);
  assert.deepEqual(optionsThatBuild('obj-y += a/\n', 'liveupdate/'), []);
});
