// An object goes to Redis in four ways, with ioredis, and is asked back.
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { createRequire } from "node:module";
import Redis from "ioredis";
import { callSite, start } from "../sdk/emitter.mjs";
import { RedisFeed } from "../sdk/redis_feed.mjs";
import { said } from "./said.mjs";

const { params, emit } = start();
const key = `lab:my:${params.run}:node`;
const client = new Redis(process.env.LOOPSCOPE_LAB_REDIS_URL, {
  lazyConnect: true, maxRetriesPerRequest: 1, connectionName: `run:${process.env.LOOPSCOPE_RUN}`,
});
const feed = new RedisFeed(emit);
const more = Array.from({ length: params.fields - 2 }, (_, n) => [`field ${n}`, "x".repeat(20)]);
const thing = { name: "Ada", age: 36, ...Object.fromEntries(more) };

const ways = {
  "as it is": async () => {
    await client.set(key, thing);
    return client.get(key);
  },
  "as text": async () => {
    await client.set(key, String(thing));
    return client.get(key);
  },
  "as JSON": async () => {
    await client.set(key, JSON.stringify(thing));
    return JSON.parse(await client.get(key));
  },
  "as a hash": async () => {
    await client.hset(key, thing);
    return client.hgetall(key);
  },
};

await client.connect();
feed.watch(client);
process.on("SIGTERM", () => client.del(key).finally(() => process.exit(143))); // leave no key behind
const about = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("ioredis/package.json"), "utf8"));
emit.host({ node: process.versions.node, client: `ioredis ${about.version}` });
emit.zero();
for (let turn = 1; turn <= params.rounds; turn += 1) {
  for (const [way, thereAndBack] of Object.entries(ways)) {
    const id = `${way} ${turn}`;
    const begun = emit.since();
    emit.emit("begin", { id, lane: way, name: id, kind: "cache", at: callSite(2) }, begun);
    let back;
    let outcome;
    try {
      back = await thereAndBack();
      outcome = isDeepStrictEqual(back, thing) ? "same" : "different";
    } catch (error) { // the client refuses before anything is sent
      back = error.message;
      outcome = "refused";
    }
    const ended = emit.since();
    emit.emit("end", { id }, ended);
    emit.sample("round trip", ended - begun, "s", { way, outcome, back: said(back) });
    await client.del(key);
  }
}
client.disconnect();
feed.close();
emit.close();
