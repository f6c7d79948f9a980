// A page is read without Python. At the first touch of a panel it is fetched, the cells above run, and the panel lives.
const cells = JSON.parse(document.getElementById("cells").textContent);
const engine = new URL("engine/", new URL(document.documentElement.dataset.root, location.href));
// A function with a `try_table`, the youngest thing that the engine needs of a browser.
const YOUNG = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 13, 1, 11, 0, 2, 64, 31, 64, 1, 2, 0, 11, 11, 11,
]);
let started, done = 0, turn = Promise.resolve();

const section = id => document.getElementById(id);
const say = (id, text) => (section(id).querySelector(".said").textContent = text);

/** Start Python; `told` gets the part that is loaded. */
async function start(told) {
  if (!WebAssembly.validate(YOUNG)) throw new Error("This browser is too old for it: Chrome or Edge 137, Firefox 131 and Safari 18.4 can.");
  const [{ Course }, answer] = await Promise.all([import("./course.js"), fetch(new URL("engine.json", engine))]);
  if (!answer.ok) throw new Error(`engine.json cannot be had (${answer.status})`);
  const all = await answer.json(), at = name => new URL(name, engine).href;
  const worker = new Worker(new URL("engine.js", engine), { type: "module" });
  const course = new Course(frame => worker.postMessage({ frame }, [frame]));
  course.shown = show(course);
  let loaded = 0;
  await new Promise((ready, failed) => {
    course.failed = failed;
    worker.addEventListener("error", event => failed(new Error(event.message || "the engine did not start")));
    worker.addEventListener("message", ({ data }) => {
      if (data.loaded) told(Math.min(1, (loaded += data.loaded) / all.bytes), all.bytes);
      else if (data.ready) ready();
      else if (data.frame) course.receive(data.frame);
      else if (data.failed) course.failed(new Error(data.failed));
      else if (data.line) console.info(data.line);
    });
    const files = Object.fromEntries(Object.entries(all.files).map(([place, name]) => [place, at(name)]));
    const code = `import sys; sys.path[:0] = ["/lib", "/course"]; import bridge; bridge.now.modules = ${JSON.stringify(engine.href)}`;
    worker.postMessage({ start: { python: at(all.python), library: at(all.library), folders: all.folders.map(at), files, code } });
  });
  course.end = () => worker.terminate();
  return course;
}

/** Put what a cell shows in the place of its still. */
const show = course => async ({ cell, model, html, text }) => {
  const here = section(cell).querySelector(".here"), box = document.createElement("div");
  here.append(box);
  if (model) await course.attach(model, box);
  else if (html) box.innerHTML = html;
  else box.append(Object.assign(document.createElement("pre"), { textContent: text }));
  section(cell).classList.add("alive");
};

/** Run the cells up to this one, each once; a cell of results is run again. */
async function wake(id) {
  try {
    const course = await (started ||= start((part, bytes) => say(id, `Loading Python: ${Math.round((part * bytes) / 1e6)} of ${Math.round(bytes / 1e6)} MB`)));
    const lost = new Promise((_, failed) => (course.failed = failed));
    const last = cells.findIndex(cell => cell.id === id);
    say(id, "Running the cells above …");
    for (; done <= last; done++) {
      const cell = cells[done];
      if (cell.show) section(cell.id).querySelector(".here").replaceChildren();
      await Promise.race([course.run(cell.id, cell.code, cell.show), lost]);
    }
    say(id, "");
  } catch (error) {
    (await started?.catch(() => null))?.end();
    [started, done] = [undefined, 0];
    for (const live of document.querySelectorAll(".live.alive")) {
      live.classList.remove("alive");
      live.querySelector(".here").replaceChildren();
    }
    say(id, `This cannot run here now: ${error.message}. The picture stays; touch it to try again, or open the lesson in JupyterLab.`);
  }
}

for (const live of document.querySelectorAll(".live"))
  live.querySelector(".touch").addEventListener("click", () => (turn = turn.then(() => live.classList.contains("alive") || wake(live.id))));
