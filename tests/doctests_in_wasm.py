"""The doctests of every module without Keras, run by the page's engine and judged here."""

import doctest
import importlib
import json
import pkgutil
import re

import lessons_lib

# What a page has not got, and why.
EXCEPTIONS = {
    "lessons_lib.core.words.ten_words",  # no notebook is there
}
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
RUNNER = """
def run_doctests(module, tests):
    import contextlib, importlib, io, linecache, traceback
    got = []
    for name, sources in tests:
        scope = dict(importlib.import_module(module).__dict__)
        for source in sources:
            out, place = io.StringIO(), f"<doctest {len(got)}>"
            linecache.cache[place] = len(source), None, source.splitlines(True), place
            with contextlib.redirect_stdout(out):
                try:
                    exec(compile(source, place, "single"), scope)
                except BaseException as error:
                    out.write("".join(traceback.format_exception_only(error)))
            got.append(out.getvalue())
    import json
    print("GOT" + json.dumps(got))
"""
# A worker of its own: start, then one frame for each module.
ENGINE = """async ([code, modules]) => {
  const engine = new URL("engine/", new URL(document.documentElement.dataset.root, location.href));
  const all = await (await fetch(new URL("engine.json", engine))).json(), at = name => new URL(name, engine).href;
  const files = Object.fromEntries(Object.entries(all.files).map(([place, name]) => [place, at(name)]));
  const worker = new Worker(at("engine.js"), { type: "module" }), got = [];
  const send = code => {
    const head = new TextEncoder().encode(JSON.stringify(["cell", { id: "doctests", code }, [], "1"]));
    const frame = new Uint8Array(4 + head.length);
    new DataView(frame.buffer).setUint32(0, head.length, true);
    frame.set(head, 4);
    worker.postMessage({ frame: frame.buffer });
  };
  return await new Promise(done => {
    worker.onmessage = ({ data }) => {
      if (data.failed) done({ failed: data.failed, got });
      if (data.ready) { send(code); modules.forEach(send); }
      if (data.line?.startsWith("GOT")) got.push(data.line.slice(3));
      if (got.length === modules.length) { worker.terminate(); done({ got }); }
    };
    const start = 'import sys; sys.path[:0] = ["/lib", "/course"]; import bridge';
    const [python, library, folders] = [at(all.python), at(all.library), all.folders.map(at)];
    worker.postMessage({ start: { python, library, folders, files, code: start } });
  });
}"""


def found():
    """Each module without Keras, and its doctests."""
    for one in pkgutil.walk_packages(lessons_lib.__path__, "lessons_lib."):
        if "keras" not in one.name and not one.name.startswith("lessons_lib.locale"):
            tests = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(one.name))
            if tests := [test for test in tests if test.examples and test.name not in EXCEPTIONS]:
                yield one.name, tests


def run(page):
    """The examples that go wrong in the engine of a page, and how many go right."""
    modules = list(found())
    code = [
        f"run_doctests({name!r}, {[[test.name, [one.source for one in test.examples]] for test in tests]!r})"
        for name, tests in modules
    ]
    answer = page.evaluate(ENGINE, [RUNNER, code])
    wrong, right, checker = [], 0, doctest.OutputChecker()
    if "failed" in answer:
        wrong.append(f"{modules[len(answer['got'])][0]}: {answer['failed']}")
    for (_module, tests), got in zip(modules, answer["got"], strict=False):
        examples = [(test.name, one) for test in tests for one in test.examples]
        for (name, one), said in zip(examples, json.loads(got), strict=True):
            if one.exc_msg:
                fits = re.search(rf"^(\w+\.)*{one.exc_msg.split(':')[0].strip()}\b", said, re.MULTILINE) is not None
            else:
                fits = checker.check_output(one.want, said, FLAGS)
            right += fits
            if not fits:
                wrong.append(f"{name}: {one.source}wanted {one.want}got {said}")
    return wrong, right
