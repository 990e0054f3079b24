/** Marks the file as ours ("Plum"), so that another program's database is never written to. */
export const APPLICATION_ID = 0x506c756d;

/** Grows with every change of the tables. There are no migrations: the file is a mirror, an old one is deleted. */
export const SCHEMA_VERSION = 2;

/** A fleet's own item has the cluster `''`. `process` says which process holds a lease or a message. */
export const CREATE_TABLES = `
CREATE TABLE item (
  fleet TEXT NOT NULL, cluster TEXT NOT NULL,
  wanted INTEGER NOT NULL, done INTEGER NOT NULL, owner TEXT, fence INTEGER NOT NULL,
  until_ms INTEGER NOT NULL, next_try_ms INTEGER, process TEXT,
  ticket INTEGER NOT NULL DEFAULT 0, desired TEXT, status TEXT, asked TEXT,
  PRIMARY KEY (fleet, cluster)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_due ON item (fleet, next_try_ms) WHERE next_try_ms IS NOT NULL;
CREATE TABLE application (
  fleet TEXT NOT NULL, cluster TEXT NOT NULL, application TEXT NOT NULL, status TEXT NOT NULL,
  PRIMARY KEY (fleet, cluster, application)
) STRICT, WITHOUT ROWID;
CREATE TABLE run (
  fleet TEXT NOT NULL, run TEXT NOT NULL, cluster TEXT NOT NULL, started_at_ms INTEGER NOT NULL, summary TEXT NOT NULL,
  PRIMARY KEY (fleet, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_by_time ON run (fleet, started_at_ms);
CREATE INDEX run_by_cluster ON run (fleet, cluster, started_at_ms);
CREATE TABLE message (
  id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL,
  visible_at_ms INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0, process TEXT
) STRICT;
CREATE INDEX message_visible ON message (visible_at_ms);
CREATE TABLE dead_letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, reason TEXT NOT NULL, rejected_at_ms INTEGER NOT NULL
) STRICT;
`;
