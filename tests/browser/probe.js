// Run in the page: what a learner sees in the outputs of the notebook in front.
(() => {
  const outputs = () => [...document.querySelectorAll(".jp-Notebook .jp-OutputArea-output")];
  const isVisible = (element) => element.checkVisibility({ visibilityProperty: true })
    && element.getBoundingClientRect().width > 1;

  // A colour as [red, green, blue, opacity], 0 to 1 each.
  function colour(text) {
    const numbers = text.match(/[\d.]+/g).map(Number);
    const scale = text.startsWith("color(") ? 1 : 255;
    return [...numbers.slice(0, 3).map((value) => value / scale), numbers[3] ?? 1];
  }

  function luminance(rgb) {
    const linear = rgb.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  }

  const over = (top, bottom) => bottom.map((value, i) => top[3] * top[i] + (1 - top[3]) * value);

  // The colour behind an element: all backgrounds from the page up to it, laid on each other.
  function background(element) {
    const chain = [];
    for (let node = element; node; node = node.parentElement) chain.unshift(node);
    return chain.reduce((below, node) => {
      const style = getComputedStyle(node);
      return over(colour(style.backgroundColor), below);
    }, [1, 1, 1]);
  }

  // Contrast as WCAG 2 defines it: 1 is invisible, 21 is black on white.
  function contrast(element) {
    const behind = background(element);
    const text = luminance(over(colour(getComputedStyle(element).color), behind));
    const [dark, light] = [text, luminance(behind)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  const hasOwnText = (element) => [...element.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());

  window.courseProbe = {
    // Texts in outputs that can hardly be read on what is behind them. (The colours of code in
    // Markdown are JupyterLab's own, some of them just below 3.)
    faintTexts: (limit) => outputs()
      .flatMap((output) => [...output.querySelectorAll("*:not(svg *, script, style, .jp-RenderedMarkdown pre *)")])
      .filter((element) => hasOwnText(element) && isVisible(element) && !element.closest("[disabled]"))
      .map((element) => [contrast(element), element.textContent.trim().slice(0, 60)])
      .filter(([value]) => value < limit)
      .map(([value, text]) => `contrast ${value.toFixed(1)}: ${text}`),

    // Outputs that reach beyond the right edge and cannot be scrolled to.
    cutOff: () => outputs()
      .flatMap((output) => [...output.querySelectorAll("img, canvas, table, .jupyter-widgets, .jupyter-button")])
      .filter((element) => isVisible(element) && !scrolls(element))
      .map((element) => [element, element.getBoundingClientRect().right])
      .filter(([, right]) => right > document.querySelector(".jp-Notebook").getBoundingClientRect().right + 1)
      .map(([element, right]) => `${element.tagName} ${element.className} ends at ${right.toFixed(0)} px`),

    // Widgets whose size on the screen is nothing.
    // (nglview shows a first one without a class, which only loads its style.)
    empty: () => topWidgets().filter((widget) => widget.matches(".jupyter-widgets"))
      .filter((widget) => !isVisible(widget) || !widget.clientHeight)
      .map((widget) => widget.className),

    // How many screens the notebook fills, and the way to one of them.
    nScreens: () => Math.ceil(scrolled().scrollHeight / scrolled().clientHeight),
    scrollTo: (screen) => { scrolled().scrollTop = screen * scrolled().clientHeight; },

    nWidgets: () => topWidgets().length,
  };

  // JupyterLab puts each widget of an output into a panel of its own.
  const topWidgets = () => outputs()
    .filter((output) => output.matches(".lm-Panel") && !output.parentElement.closest(".jp-OutputArea-output"))
    .flatMap((panel) => [...panel.children]);

  // The element that holds all cells and scrolls.
  const scrolled = () => [...document.querySelectorAll(".jp-NotebookPanel [class*=jp-WindowedPanel]")]
    .reduce((a, b) => (b.scrollHeight - b.clientHeight > a.scrollHeight - a.clientHeight ? b : a));

  function scrolls(element) {
    for (let node = element; node && !node.matches(".jp-Notebook"); node = node.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(node).overflowX) && node.scrollWidth > node.clientWidth) {
        return true;
      }
    }
    return false;
  }
})();
