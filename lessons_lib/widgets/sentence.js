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
  // Escape gives the keys back to the notebook; JupyterLab itself would leave the focus in the panel.
  document.addEventListener("keydown", ({ key, target }) => {
    if (key === "Escape") target.closest?.(".lesson-panel")?.closest(".jp-Cell")?.focus();
  });
}

// ipywidgets gives no name to the handle of a slider, nor to the buttons of a player: play, stop, repeat.
function nameControls(panel, playerWords) {
  for (const handle of panel.querySelectorAll(".widget-slider .noUi-handle:not([aria-labelledby])")) {
    const label = handle.closest(".widget-slider").querySelector(".widget-label");
    label.id ||= `lesson-label-${Math.random().toString(36).slice(2)}`;
    handle.setAttribute("aria-labelledby", label.id);
  }
  for (const player of panel.querySelectorAll(".widget-play")) {
    player.querySelectorAll("button").forEach((button, k) => {
      button.title = playerWords[k];
    });
  }
}

function render({ model, el }) {
  keepKeysInPanels();
  const region = document.createElement("div");
  region.setAttribute("role", "status");
  el.append(region);
  const name = () => {
    const panel = el.closest(".lesson-panel");
    if (panel) nameControls(panel, model.get("player_words"));
  };
  const show = () => {
    region.textContent = model.get("text");
    name();
  };
  show();
  model.on("change:text", show);
  // It is in the page, and so are the panel's controls, no sooner than it has a size.
  const watcher = new ResizeObserver(name);
  watcher.observe(el);
  return () => {
    model.off("change:text", show);
    watcher.disconnect();
    region.remove();
  };
}

export default { render };
