import assert from "node:assert/strict";
import { test } from "node:test";
import { logger } from "../src/logger.js";

test("logs at the level info by default", () => {
  assert.equal(logger.level, "info");
});
