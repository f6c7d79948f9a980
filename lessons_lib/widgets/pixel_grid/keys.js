// JupyterLab keeps the arrow keys of a panel's lists and sliders for itself, unless the focused element says no.
// Each widget brings this file along; one listener a page is enough.
document.lessonKeys ??= document.addEventListener("focusin", ({ target }) => {
  if (target.closest?.(".lesson-panel")) target.dataset.lmSuppressShortcuts = "true";
}) ?? true;
