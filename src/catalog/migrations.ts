/** The layout of the database, step by step; `user_version` counts the steps that a file has seen. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE kernel (
    id INTEGER PRIMARY KEY,
    release TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    series TEXT NOT NULL,
    base TEXT NOT NULL,
    vendor TEXT,
    date TEXT,
    -- the document without its components, as JSON
    head TEXT NOT NULL
  ) STRICT;
  CREATE TABLE layout (hash TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  -- what one or more kernels say of a component, line numbers and layouts left out
  CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    component TEXT NOT NULL,
    json TEXT NOT NULL
  ) STRICT;
  CREATE TABLE snapshot_layout (
    snapshot INTEGER NOT NULL REFERENCES snapshot (id),
    struct TEXT NOT NULL,
    target TEXT NOT NULL,
    layout TEXT NOT NULL REFERENCES layout (hash),
    PRIMARY KEY (snapshot, struct, target)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX snapshot_layout_by_struct ON snapshot_layout (struct);
  CREATE TABLE kernel_component (
    kernel INTEGER NOT NULL REFERENCES kernel (id) ON DELETE CASCADE,
    component TEXT NOT NULL,
    snapshot INTEGER NOT NULL REFERENCES snapshot (id),
    places TEXT NOT NULL,
    PRIMARY KEY (kernel, component)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE erratum (id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  -- which known releases have the fault, so that a check need not read ranges
  CREATE TABLE erratum_release (
    erratum TEXT NOT NULL REFERENCES erratum (id),
    release TEXT NOT NULL,
    PRIMARY KEY (erratum, release)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE review (component TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  `,
  `
  -- what a person or a series wrote of a kernel; the kernel that it makes of its base is among the others
  CREATE TABLE overlay (release TEXT PRIMARY KEY REFERENCES kernel (release), json TEXT NOT NULL) STRICT;
  `,
  `
  -- what a struct holds once decoded, as a JSON Schema, for components whose content users describe
  CREATE TABLE state_schema (
    snapshot INTEGER NOT NULL,
    struct TEXT NOT NULL,
    target TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (snapshot, struct, target),
    FOREIGN KEY (snapshot, struct, target) REFERENCES snapshot_layout (snapshot, struct, target)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- tests of pairs; the kernels need not be among those of the catalog
  CREATE TABLE evidence (
    id TEXT PRIMARY KEY,
    outgoing TEXT NOT NULL,
    incoming TEXT NOT NULL,
    date TEXT NOT NULL,
    json TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX evidence_by_pair ON evidence (outgoing, incoming, date, id);
  `,
  `
  -- which commits touched what is handed over, a document a branch
  CREATE TABLE commits (branch TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  `,
  `
  -- what a kernel says of all components at once, so that kernels which write and read alike are one; the hash is of the
  -- snapshots' hashes
  CREATE TABLE content (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE content_component (
    content INTEGER NOT NULL REFERENCES content (id),
    component TEXT NOT NULL,
    snapshot INTEGER NOT NULL REFERENCES snapshot (id),
    PRIMARY KEY (content, component)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE place_list (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, json TEXT NOT NULL) STRICT;
  CREATE TABLE kernel_content (
    kernel INTEGER PRIMARY KEY REFERENCES kernel (id) ON DELETE CASCADE,
    content INTEGER NOT NULL REFERENCES content (id),
    -- the ids of place_list in the order of the components, as JSON
    places TEXT NOT NULL,
    -- what verdicts and lists take of the head, as JSON
    brief TEXT NOT NULL
  ) STRICT;
  CREATE INDEX kernel_content_by_content ON kernel_content (content);
  DROP TABLE kernel_component;
  -- beside the rows, so that looking through all kernels reads few pages
  CREATE TABLE kernel_head (
    kernel INTEGER PRIMARY KEY REFERENCES kernel (id) ON DELETE CASCADE,
    json TEXT NOT NULL
  ) STRICT;
  ALTER TABLE kernel DROP COLUMN head;
  `,
];
