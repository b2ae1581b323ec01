import { pino } from "pino";
import postgres from "postgres";
import { readRows } from "./rows.js";

const logger = pino();
const sql = postgres(process.env.DATABASE_URL);

const response = await fetch(process.env.IMPORT_URL);
if (!response.ok) {
  throw new Error(`source de données : ${response.status}`);
}
const rows = readRows(await response.text());
await sql`insert into guichet ${sql(rows, "nom", "commune")} on conflict do nothing`;
logger.info({ rows: rows.length }, "import terminé");
await sql.end();
