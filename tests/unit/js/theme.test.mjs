import assert from "node:assert/strict"
import { test } from "node:test"

import { clearer, contrast, legible } from "charts/theme"

const [WHITE, INK] = ["rgb(255, 255, 255)", "rgb(20, 23, 28)"]

test("words on a bar take the ink that is easier to read there", () => {
  const grounds = { "rgb(0, 114, 178)": WHITE, "rgb(217, 196, 0)": INK, "rgb(86, 180, 233)": INK, "rgb(204, 121, 167)": INK }
  for (const [ground, ink] of Object.entries(grounds)) {
    assert.equal(clearer(ground, WHITE, INK), ink, ground)
    assert.equal(clearer(ground, INK, WHITE), ink, ground)
  }
})

test("a colour as text is as it was where that can be read, and nearer to the text's own where not", () => {
  const [light, dark] = [{ text: INK, panel: WHITE }, { text: WHITE, panel: INK }]
  for (const theme of /** @type {any[]} */ ([light, dark])) {
    for (const colour of ["rgb(0, 114, 178)", "rgb(230, 159, 0)", "rgb(86, 180, 233)", "rgb(0, 158, 115)", "rgb(217, 196, 0)", WHITE, INK]) {
      const told = legible(colour, theme)
      assert.ok(contrast(told, theme.panel) >= 4.5, `${colour} as ${told} on ${theme.panel}`)
      if (contrast(colour, theme.panel) >= 4.5) assert.equal(told, colour)
    }
  }
})
