import type { Edit } from '../edit-declarations.ts';
import { addFile } from '../edit-declarations.ts';

/** Where it stands where nothing else is said. */
export const DRIVER = 'drivers/own/own_luo.c';

/** A driver whose handler, which nobody has described, keeps a record that some header declares beside its marker. */
export function driver(
  include: string,
  { path = DRIVER, struct = 'own_ser', first = '1', macro = 'OWN_COMPATIBLE' } = {},
): Edit {
  return addFile(
    path,
    `#include <linux/liveupdate.h>
#include ${include}

static int own_preserve(struct liveupdate_file_op_args *args)
{
	struct ${struct} *ser = kho_alloc_preserve(sizeof(*ser));

	ser->first = ${first};
	args->serialized_data = virt_to_phys(ser);
	return 0;
}

static const struct liveupdate_file_ops own_ops = {
	.preserve = own_preserve,
};

static struct liveupdate_file_handler own_handler = {
	.ops = &own_ops,
	.compatible = ${macro},
};

static int own_init(void)
{
	return liveupdate_register_file_handler(&own_handler);
}
late_initcall(own_init);
`,
  );
}
