
/* Loads the page again when it was rewritten. The address keeps whose week is shown, the browser the place. */
(() => {
  "use strict";
  const page = document.documentElement;
  const every = 1000;
  const typed = "leerzone-typed";
  const fields = ["find", "filter"].map((id) => document.getElementById(id)).filter(Boolean);
  let seen = false;
  const again = () => {
    try { sessionStorage.setItem(typed, JSON.stringify(fields.map((field) => field.value))); } catch { /* not kept */ }
    location.reload();
  };
  const look = () => {
    const script = document.createElement("script");
    script.src = encodeURIComponent(page.dataset.beside) + "?" + Date.now();
    script.onload = () => {
      script.remove();
      seen = true;
      document.getElementById("stale").hidden = page.dataset.stale !== "true";
      if (page.dataset.newest !== page.dataset.version) again(); else setTimeout(look, every);
    };
    /* Gone after it was there: nobody watches any more, and the last page looks for nothing. A copy never had it. */
    script.onerror = () => {
      script.remove();
      if (seen) again();
    };
    document.head.append(script);
  };
  try {
    const kept = JSON.parse(sessionStorage.getItem(typed) || "[]");
    sessionStorage.removeItem(typed);
    fields.forEach((field, at) => {
      if (kept[at]) { field.value = kept[at]; if (field.id === "filter") field.dispatchEvent(new Event("input")); }
    });
  } catch { /* nothing kept */ }
  look();
})();
