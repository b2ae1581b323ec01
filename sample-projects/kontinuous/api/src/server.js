import { createServer } from "node:http";
import { logger } from "./logger.js";

createServer((request, response) => {
  response.statusCode = request.url === "/healthz" ? 200 : 404;
  response.end();
}).listen(3000, () => logger.info("prêt"));
