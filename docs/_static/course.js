// What the theme leaves unsaid to a keyboard and to a screen reader.
(() => {
  "use strict";
  const begin = () => {
    for (const summary of document.querySelectorAll("nav summary")) {
      const link = summary.closest("li")?.querySelector("a");
      summary.setAttribute("aria-label", `Pages under ${link?.textContent.trim() ?? "this one"}`);
    }
    // A box that scrolls sideways must be reachable, or only a mouse reads its end.
    const boxes = ".bd-article table.table, .bd-article pre, .course-table, .course-figure, div.math";
    for (const box of document.querySelectorAll(boxes)) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
