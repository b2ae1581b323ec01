import assert from "node:assert/strict";
import { test } from "node:test";
import { readRows } from "../src/rows.js";

test("reads the offices of an export", () => {
  assert.deepEqual(readRows("nom;commune\nCCAS;Saint-Modèle\n"), [
    { nom: "CCAS", commune: "Saint-Modèle" },
  ]);
});
