import { readFile } from "node:fs/promises";
import { database } from "../src/database.js";

const { guichets } = JSON.parse(await readFile(new URL("../seeds/guichets.json", import.meta.url)));

for (const { nom, commune, aides } of guichets) {
  const { id } = await database
    .insertInto("guichet")
    .values({ nom, commune })
    .returning("id")
    .executeTakeFirstOrThrow();
  await database
    .insertInto("aide")
    .values(aides.map((intitule) => ({ intitule, guichet_id: id })))
    .execute();
}
await database.destroy();
