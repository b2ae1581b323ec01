import { Kysely } from "kysely";
import { PostgresJSDialect } from "kysely-postgres-js";
import postgres from "postgres";

export const database = new Kysely({
  dialect: new PostgresJSDialect({ postgres: postgres(process.env.DATABASE_URL, { max: 10 }) }),
});
