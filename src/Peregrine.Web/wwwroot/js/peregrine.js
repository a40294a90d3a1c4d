// The little that the browser does itself: theme before first paint, shortcuts, dialogs, menus, clipboard, upload progress.
(() => {
  const themeKey = "peregrine-theme";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const choice = () => localStorage.getItem(themeKey) ?? "system";
  const applyTheme = () => {
    const chosen = choice();
    const root = document.documentElement;
    root.dataset.themeChoice = chosen;
    root.dataset.theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  };
  applyTheme();
  dark.addEventListener("change", applyTheme);
  // Navigation within the page may reset the attributes of <html>.
  new MutationObserver(() => { if (!document.documentElement.dataset.theme) applyTheme(); })
    .observe(document.documentElement, { attributes: true });

  const typing = target => target instanceof HTMLElement
    && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

  const openPalette = () => {
    const palette = document.getElementById("command-palette");
    if (!palette || palette.open) return;
    palette.showModal();
    const input = palette.querySelector("input");
    input?.focus();
    input?.select();
  };

  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    } else if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      openPalette();
    } else if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.open = false;
        menu.querySelector("summary")?.focus();
      }
    }
  });

  document.addEventListener("click", event => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-open-palette]")) openPalette();
    const theme = target?.closest("[data-theme-set]");
    if (theme) {
      localStorage.setItem(themeKey, theme.dataset.themeSet);
      applyTheme();
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(target) || target?.closest("[data-close-menu]")) menu.open = false;
    }
    // A press on the backdrop closes a dialog.
    if (event.target instanceof HTMLDialogElement) {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) event.target.close();
    }
    const copy = target?.closest("[data-copy]");
    if (copy) {
      navigator.clipboard?.writeText(copy.dataset.copy).then(() => {
        copy.dataset.copied = "true";
        setTimeout(() => delete copy.dataset.copied, 1600);
      });
    }
  });

  const upload = (input, address, sink) => {
    const file = input.files?.[0];
    if (!file) return false;
    const request = new XMLHttpRequest();
    let last = 0;
    request.upload.addEventListener("progress", event => {
      const now = performance.now();
      if (now - last > 120 || event.loaded === event.total) {
        last = now;
        sink.invokeMethodAsync("Sent", event.loaded, event.total);
      }
    });
    request.addEventListener("load", () => sink.invokeMethodAsync("Answered", request.status, request.responseText));
    request.addEventListener("error", () => sink.invokeMethodAsync("Answered", 0, ""));
    request.addEventListener("abort", () => sink.invokeMethodAsync("Answered", -1, ""));
    request.open("POST", address);
    request.setRequestHeader("X-Peregrine-Page", "1");
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
    input.peregrineUpload = request;
    return true;
  };

  window.peregrine = {
    showDialog: dialog => { if (dialog && !dialog.open) dialog.showModal(); },
    closeDialog: dialog => { if (dialog?.open) dialog.close(); },
    closePalette: () => document.getElementById("command-palette")?.close(),
    scrollIntoView: id => document.getElementById(id)?.scrollIntoView({ block: "nearest" }),
    upload,
    cancelUpload: input => input.peregrineUpload?.abort(),
  };
})();
