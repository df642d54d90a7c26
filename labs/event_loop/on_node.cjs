// A program made of blocks on Node's loop: one pass with the loop's counters read, then many passes without.
// Each pass is a process of its own: what the main program asks for first depends on how fresh the loop is.
// CommonJS, as the course has it: in an ES module the first promise would come before the first next tick.
const { createHook } = require("node:async_hooks");
const { pbkdf2 } = require("node:crypto");
const { stat } = require("node:fs");
const { connect, createServer } = require("node:net");
const { Diary, PATIENCE } = require("./diary.mjs");

const params = JSON.parse(process.argv[2]);
if (params.port === undefined) require("./passes.mjs").passes(__filename, params);
else program();

function program() {
  const diary = new Diary(params);
  const server = { current: null };
  const called = (block) => () => diary.calling(block, () => start(block.id));

  // Each block with the call that it stands for.
  const calls = {
    sync: (block) => { diary.asked(block); called(block)(); },
    timer: (block) => { diary.asked(block); setTimeout(called(block), block.delay); },
    immediate: (block) => { diary.asked(block); setImmediate(called(block)); },
    tick: (block) => { diary.asked(block); process.nextTick(called(block)); },
    promise: (block) => { diary.asked(block); Promise.resolve().then(called(block)); },
    hash: (block) => { diary.asked(block); pbkdf2("a", "b", params.iterations, 512, "sha512", called(block)); },
    file: (block) => { diary.asked(block); stat(__filename, called(block)); },
    request: (block) => {
      diary.asked(block);
      const socket = connect(params.port, "127.0.0.1");
      socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      socket.once("data", () => { socket.destroy(); called(block)(); });
    },
    server: (block) => {
      diary.asked(block);
      server.current = createServer().listen(0, "127.0.0.1");
    },
    close: (block) => {
      diary.asked(block);
      const socket = connect(params.port, "127.0.0.1");
      socket.once("close", called(block)).destroy();
    },
  };

  function start(letter) {
    for (const block of diary.inside(letter)) calls[block.do](block);
    if (diary.done && server.current && !diary.ending) {
      diary.ending = "stopped"; // a server never goes: this lab ends it
      setTimeout(() => process.exit(), params.told ? 1000 * PATIENCE : 0).unref();
    }
  }

  diary.begin(createHook);
  start(null);
  process.on("exit", () => diary.write());
}
