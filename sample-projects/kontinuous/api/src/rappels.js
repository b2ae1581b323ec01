import postgres from "postgres";
import { logger } from "./logger.js";
import "./server.js";

const sql = postgres({ ssl: false });

setInterval(async () => {
  const due = await sql`select id from rendez_vous where debut < now() + interval '1 day' and rappel is null`;
  logger.info({ due: due.length }, "rappels à envoyer");
}, 60_000);
