import postgres from "postgres";

const sql = postgres({ ssl: false });
await sql`delete from rendez_vous where debut < now() - interval '12 months'`;
await sql.end();
