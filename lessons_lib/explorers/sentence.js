// One sentence that a screen reader speaks. The live region is made once and only its text changes: a region that is
// itself new stays silent.

// JupyterLab keeps the arrow keys of a panel's lists and sliders for itself, unless the focused element says no. Every
// panel brings this script along; one listener for the page is enough.
function keepKeysInPanels() {
  const { dataset } = document.documentElement;
  if (dataset.lessonKeys) return;
  dataset.lessonKeys = "kept";
  document.addEventListener("focusin", ({ target }) => {
    if (target.closest?.(".lesson-panel")) target.dataset.lmSuppressShortcuts = "true";
  });
}

function render({ model, el }) {
  keepKeysInPanels();
  const region = document.createElement("div");
  region.setAttribute("role", "status");
  el.append(region);
  const show = () => {
    region.textContent = model.get("text");
  };
  show();
  model.on("change:text", show);
  return () => model.off("change:text", show);
}

export default { render };
