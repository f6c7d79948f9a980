// A page is read without Python. At the first touch of a panel it is fetched, the cells above run, and the panel lives.
const cells = JSON.parse(document.getElementById("cells").textContent);
const engine = new URL("engine/", new URL(document.documentElement.dataset.root, location.href));
// A function with a `try_table`, the youngest thing that the engine needs of a browser.
const YOUNG = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 13, 1, 11, 0, 2, 64, 31, 64, 1, 2, 0, 11, 11, 11,
]);
const FIRST = "button:not(:disabled), input, select, [tabindex='0']";
let started, done = 0, turn = Promise.resolve();

/** The parts of a live section, by class. */
const part = (live, name) => live.querySelector(`:scope > .${name}, :scope > .bar > .${name}`);
const say = (live, text) => (part(live, "said").textContent = text);

/** Start Python; `told` gets how many bytes are loaded, and of how many. */
async function start(told) {
  if (!WebAssembly.validate(YOUNG))
    throw new Error("This browser is too old: it takes Chrome or Edge 137, Firefox 131 or Safari 18.4");
  const [{ Course }, answer] = await Promise.all([import("./course.js"), fetch(new URL("engine.json", engine))]);
  if (!answer.ok) throw new Error(`engine.json did not arrive (${answer.status})`);
  const all = await answer.json(), at = name => new URL(name, engine).href;
  const worker = new Worker(new URL("engine.js", engine), { type: "module" });
  const course = new Course(frame => worker.postMessage({ frame }, [frame]));
  course.shown = show(course);
  course.lost = new Promise((_, failed) => (course.fail = failed)).catch(error => {
    worker.terminate();
    [started, done] = [undefined, 0];
    for (const live of document.querySelectorAll(".live.alive")) still(live, error);
    throw error;
  });
  course.lost.catch(() => {});
  let loaded = 0;
  const ready = new Promise(ready => {
    worker.addEventListener("error", event => course.fail(new Error(event.message || "The engine did not start")));
    worker.addEventListener("message", ({ data }) => {
      if (data.loaded) told(Math.min(all.bytes, (loaded += data.loaded)), all.bytes);
      else if (data.ready) ready();
      else if (data.frame) course.receive(data.frame);
      else if (data.failed) course.fail(new Error(data.failed));
      else if (data.line) console.info(data.line);
    });
  });
  const files = Object.fromEntries(Object.entries(all.files).map(([place, name]) => [place, at(name)]));
  const code = `import sys; sys.path[:0] = ["/lib", "/course"]; import bridge; bridge.now.modules = "${engine.href}"`;
  worker.postMessage({ start: { python: at(all.python), library: at(all.library), folders: all.folders.map(at), files, code } });
  await Promise.race([ready, course.lost]);
  return course;
}

/** Put what a cell shows in the place of its still. */
const show = course => async ({ cell, model, html, text }) => {
  const live = document.getElementById(cell), box = document.createElement("div");
  part(live, "here").append(box);
  if (model) await course.attach(model, box);
  else if (html) box.innerHTML = html;
  else box.append(Object.assign(document.createElement("pre"), { textContent: text }));
  live.classList.add("alive");
};

/** The picture is there again, and a sentence says why. */
function still(live, { message }) {
  live.classList.remove("alive");
  part(live, "here").replaceChildren();
  part(live, "touch").textContent = "Try again";
  say(live, `${message}. The picture stays as it is. Try again, or open the lesson in JupyterLab.`);
}

/** The keyboard goes on inside; the views of a panel's parts come a moment after its own. */
async function enter(here) {
  for (let tries = 50; tries && !here.querySelector(FIRST); tries--) await new Promise(done => setTimeout(done, 20));
  here.querySelector(FIRST)?.focus({ preventScroll: true });
}

function load(live) {
  const bar = part(live, "load"), [progress, words] = bar.children;
  return (loaded, all) => {
    bar.hidden = loaded === all;
    progress.value = loaded / all;
    words.textContent = `Loading Python, once: ${Math.round(loaded / 1e6)} of ${Math.round(all / 1e6)} MB`;
  };
}

/** Run the cells up to this one, each once; what compares is run at each touch. */
async function wake(live) {
  const last = cells.findIndex(cell => cell.id === live.id), touch = part(live, "touch");
  const focused = document.activeElement === touch;
  if (live.classList.contains("alive")) done = Math.min(done, last);
  touch.disabled = true;
  try {
    const course = await (started ||= start(load(live)));
    for (; done <= last; done++) {
      const cell = cells[done], above = last - done;
      say(live, above ? `Running the code above: ${above} ${above > 1 ? "cells" : "cell"} to go …` : "Running …");
      if (cell.show) part(document.getElementById(cell.id), "here").replaceChildren();
      await Promise.race([course.run(cell.id, cell.code, cell.show), course.lost]);
    }
    say(live, "");
    if (focused) await enter(part(live, "here"));
  } catch (error) {
    started = await started?.catch(() => undefined);
    still(live, error);
  }
  part(live, "load").hidden = true;
  touch.disabled = false;
}

for (const live of document.querySelectorAll(".live"))
  part(live, "touch").addEventListener("click", () => {
    turn = turn.then(() => (live.matches(".alive:not(.again)") ? null : wake(live)));
  });
