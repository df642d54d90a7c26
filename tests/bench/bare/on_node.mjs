// The work of labs/hashing/on_node.mjs without any measuring but the total.
import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";

const params = JSON.parse(process.argv[2]);
const hash = promisify(pbkdf2);
const oneHash = () => hash("a", "b", params.iterations, 512, "sha512");

await oneHash();
const begun = process.hrtime.bigint();
await Promise.all(Array.from({ length: params.tasks }, oneHash));
const value = Number(process.hrtime.bigint() - begun) / 1e9;
console.log(JSON.stringify({ e: "sample", series: "total seen by the loop", value }));
