import { sql } from "kysely";

export async function up(database) {
  await database.schema
    .createTable("guichet")
    .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
    .addColumn("nom", "text", (column) => column.notNull())
    .addColumn("commune", "text", (column) => column.notNull())
    .execute();
  await database.schema
    .createTable("aide")
    .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
    .addColumn("intitule", "text", (column) => column.notNull())
    .addColumn("guichet_id", "uuid", (column) => column.references("guichet.id").notNull())
    .execute();
}

export async function down(database) {
  await database.schema.dropTable("aide").execute();
  await database.schema.dropTable("guichet").execute();
}
