import { promises as fs } from "node:fs";
import path from "node:path";
import { FileMigrationProvider, Migrator } from "kysely";
import { database } from "../src/database.js";
import { logger } from "../src/logger.js";

const migrator = new Migrator({
  db: database,
  provider: new FileMigrationProvider({
    fs,
    path,
    migrationFolder: path.join(import.meta.dirname, "../migrations"),
  }),
});

const { error, results = [] } = await migrator.migrateToLatest();
for (const { migrationName, status } of results) {
  logger.info({ migrationName, status }, "migration");
}
await database.destroy();
if (error) {
  logger.error(error);
  process.exitCode = 1;
}
