import assert from "node:assert/strict"
import { test } from "node:test"

import { clearer } from "charts/theme"

const [WHITE, INK] = ["rgb(255, 255, 255)", "rgb(20, 23, 28)"]

test("words on a bar take the ink that is easier to read there", () => {
  const grounds = { "rgb(0, 114, 178)": WHITE, "rgb(217, 196, 0)": INK, "rgb(86, 180, 233)": INK, "rgb(204, 121, 167)": INK }
  for (const [ground, ink] of Object.entries(grounds)) {
    assert.equal(clearer(ground, WHITE, INK), ink, ground)
    assert.equal(clearer(ground, INK, WHITE), ink, ground)
  }
})
