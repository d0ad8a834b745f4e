/**
 * Each step brings a journal one version on; steps are only ever added. A row's content lies in `record`, as JSON, with a checksum
 * over it; the other columns repeat what is searched for.
 */
export const schemaSteps: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    received_at TEXT NOT NULL,
    record TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    body_checksum INTEGER,
    body BLOB
  );
  CREATE INDEX deliveries_received ON deliveries (received_at);
  CREATE TABLE deployments (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    app TEXT NOT NULL,
    ref TEXT NOT NULL,
    status TEXT NOT NULL,
    owner INTEGER,
    ended_at TEXT,
    record TEXT NOT NULL,
    checksum INTEGER NOT NULL
  );
  CREATE INDEX deployments_app ON deployments (app, seq);
  CREATE INDEX deployments_success ON deployments (app, seq) WHERE status = 'success';
  CREATE INDEX deployments_ended ON deployments (status, seq)
    WHERE status = 'success' OR status = 'failure' OR status = 'cancelled' OR status = 'skipped';
  CREATE INDEX deployments_unsettled ON deployments (app, ref, seq) WHERE ended_at IS NULL;
  CREATE INDEX deployments_in_hands ON deployments (seq) WHERE owner IS NOT NULL;
  `,
  `
  CREATE TABLE ended_commits (app TEXT NOT NULL, "commit" TEXT NOT NULL, PRIMARY KEY (app, "commit")) WITHOUT ROWID;
  INSERT OR IGNORE INTO ended_commits
    SELECT app, record ->> '$.deployment.commit' FROM deployments
    WHERE ended_at IS NOT NULL AND record ->> '$.deployment.commit' IS NOT NULL;
  CREATE TABLE refusals (day TEXT NOT NULL, why TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, why)) WITHOUT ROWID;
  `,
]
