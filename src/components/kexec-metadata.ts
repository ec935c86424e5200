import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/kexec_metadata.h, kernel/liveupdate/kexec_handover.c (7.1 on).

const HEADER = 'include/linux/kho/abi/kexec_metadata.h';

export const kexecMetadata = defineComponent({
  id: 'kexec-metadata',
  title: 'kexec metadata',
  summary: 'The release of the previous kernel and the number of kexecs since the cold boot.',
  anchor: { files: [HEADER] },
  boot: 'kho=on',
  eras: [
    {
      id: 'packed-struct',
      summary: '7.1 on',
      recognizedBy: [{ files: [HEADER], macro: 'KHO_KEXEC_METADATA_VERSION' }],
      files: [HEADER, 'kernel/liveupdate/kexec_handover.c'],
      needs: ['kho'],
      options: ['CONFIG_KEXEC_HANDOVER'],
      marker: {
        kind: 'integer',
        macro: 'KHO_KEXEC_METADATA_VERSION',
        carrier: 'struct:kho_kexec_metadata.version',
      },
      structs: { kho_kexec_metadata: { placement: 'blob' } },
      constants: {},
      fdt: [{ macro: 'KHO_METADATA_NODE_NAME', prefix: 'KHO:/', onMissing: 'ignored', properties: [] }],
      checks: [
        {
          kind: 'minimum-size',
          struct: 'kho_kexec_metadata',
          effect: 'ignored',
          message: 'kexec-metadata blob too small for v%u',
        },
      ],
      reader: {
        function: 'kho_in_kexec_metadata',
        onRefused: 'ignored',
        refusedMessage: 'kexec-metadata version %u not supported',
      },
      code: [
        { side: 'writer', functions: ['kho_out_kexec_metadata'], required: true },
        { side: 'reader', functions: ['kho_in_kexec_metadata'], required: true },
      ],
    },
  ],
});
