import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import type { AuditFinding, AuditOutput } from '../../src/model/audit.ts';
import { renderAuditSarif } from '../../src/report/audit-sarif.ts';
import { sarifLog } from '../../src/report/sarif-log.ts';

const FINDING: AuditFinding = {
  rule: 'marker-not-bumped',
  level: 'error',
  component: 'memfd',
  subject: 'MEMFD_LUO_FH_COMPATIBLE',
  message: 'memfd: x changed, and MEMFD_LUO_FH_COMPATIBLE still says memfd-v2',
  where: 'include/linux/kho/abi/memfd.h:22',
  targets: ['x86_64-4k'],
  directions: ['upgrade'],
  effect: 'corruption',
  causes: [],
  hunks: [],
};

const OUTPUT: AuditOutput = {
  what: 'HEAD',
  base: 'abc',
  looked: 1,
  patches: [
    {
      id: 'def',
      name: 'def',
      title: 'memfd: swap',
      components: [],
      findings: [FINDING, { ...FINDING, where: null }],
    },
  ],
  whole: { components: [], findings: [] },
  pairs: [],
};

function sarifSchema(): object {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@microsoft/jest-sarif/package.json').replace(/package\.json$/, '');
  return JSON.parse(readFileSync(join(path, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as object;
}

test('an audit as SARIF matches the schema of OASIS', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false });
  const { $schema: _draft, id: _id, ...schema } = sarifSchema() as { $schema?: string; id?: string };
  const isValid = ajv.compile(schema);
  const options = { version: '1.0.0', helpOf: () => ({ level: 'error', summary: 's', page: 'p' }) as const };
  for (const text of [renderAuditSarif(OUTPUT, options), sarifLog([], options)]) {
    assert.ok(isValid(JSON.parse(text)), ajv.errorsText(isValid.errors));
  }
});
