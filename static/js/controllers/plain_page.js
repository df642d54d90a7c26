/** A page without an experiment. */

import { Shell } from "controllers/shell"

new Shell().connect()
