import helmet from "@fastify/helmet";
import Fastify from "fastify";
import { database } from "./database.js";
import { logger } from "./logger.js";

const app = Fastify({ loggerInstance: logger, disableRequestLogging: false });
await app.register(helmet);

app.get("/healthz", { logLevel: "warn" }, async (request, reply) => {
  try {
    await database.selectNoFrom((e) => e.lit(1).as("up")).execute();
    return { status: "ok" };
  } catch (error) {
    request.log.error(error);
    return reply.code(503).send({ status: "database unreachable" });
  }
});

app.get("/api/aides", async (request) => {
  const { commune } = request.query;
  const aides = await database
    .selectFrom("aide")
    .innerJoin("guichet", "guichet.id", "aide.guichet_id")
    .select(["aide.intitule", "guichet.nom as organisme"])
    .$if(Boolean(commune), (query) => query.where("guichet.commune", "=", commune))
    .orderBy("aide.intitule")
    .limit(50)
    .execute();
  return { aides };
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await app.close();
    await database.destroy();
  });
}

await app.listen({ host: "0.0.0.0", port: Number(process.env.PORT ?? 3000) });
