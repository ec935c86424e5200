import type { Era } from './define.ts';
import { defineComponent } from './define.ts';

// Source: the proposals of 2025-12 (section .liveupdate_versions) and 2026-09 (section .liveupdate_features).

const HEADER = 'include/linux/liveupdate.h';

const COMMON = {
  files: [HEADER],
  needs: [],
  options: ['CONFIG_LIVEUPDATE'],
  constants: {
    magic: { role: 'helper', optional: true },
    version: { role: 'helper', optional: true },
  },
  fdt: [],
  checks: [],
  reader: { onRefused: 'ignored' },
  code: [],
} as const satisfies Partial<Era>;

export const liveupdateVersions = defineComponent({
  id: 'liveupdate-versions',
  title: 'The list of versions in vmlinux',
  summary:
    'A section of vmlinux in which a kernel says what it accepts, for userspace to compare before kexec. Nothing of it is handed over.',
  anchor: { files: [HEADER], struct: 'liveupdate_ver_hdr' },
  eras: [
    {
      ...COMMON,
      id: 'features',
      summary: '2026-09, proposed: one entry a component with its feature bits',
      recognizedBy: [{ files: COMMON.files, struct: 'liveupdate_feature_entry' }],
      marker: { kind: 'integer', carrier: 'section:.liveupdate_features' },
      structs: {
        liveupdate_feature_entry: { placement: 'element' },
        liveupdate_ver_hdr: { placement: 'header' },
      },
    },
    {
      ...COMMON,
      id: 'strings',
      summary: '2025-12, proposed: a table of strings of 48 bytes',
      recognizedBy: [{ files: COMMON.files, struct: 'liveupdate_ver_hdr' }],
      marker: { kind: 'integer', carrier: 'section:.liveupdate_versions' },
      structs: { liveupdate_ver_hdr: { placement: 'header' } },
    },
  ],
});
