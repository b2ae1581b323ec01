import { pino } from "pino";

/** One JSON object for each line, on the standard output. */
export const logger = pino({
  level: process.env.LOG_LEVEL ?? "info",
  redact: ["req.headers.authorization", "req.headers.cookie"],
});
