// Molecules to turn. A page shows pictures; where a picture has a structure, a button draws that
// structure in 3D from the same side. NGL (1.3 MB) is fetched only when the first one is pressed.
(() => {
  "use strict";
  const NGL_FILE = new URL("vendor/ngl-2.5.0/ngl.js", document.currentScript.src).href;
  const STEP = 5; // pixels of a drag that one arrow key stands for
  let loading;

  const make = (tag, properties = {}, parent = null) => {
    const element = Object.assign(document.createElement(tag), properties);
    parent?.append(element);
    return element;
  };

  const loadNGL = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = make("script", { src: NGL_FILE, onload: () => resolve(window.NGL) });
      script.onerror = () => reject(new Error("NGL could not be loaded"));
      document.head.append(script);
    }));

  const keys = {
    ArrowLeft: (controls) => controls.rotate(-STEP, 0),
    ArrowRight: (controls) => controls.rotate(STEP, 0),
    ArrowUp: (controls) => controls.rotate(0, -STEP),
    ArrowDown: (controls) => controls.rotate(0, STEP),
    "+": (controls) => controls.zoom(0.1),
    "-": (controls) => controls.zoom(-0.1),
  };

  const addSlider = (figure, structure, component) => {
    const label = make("label", { className: "frame-slider" }, figure);
    make("span", { textContent: "Frame" }, label);
    const slider = make("input", { type: "range", min: 0, value: 0, step: 1 }, label);
    slider.max = structure.frames.length - 1;
    const name = make("output", { textContent: structure.names[0] }, label);
    slider.setAttribute("aria-valuetext", structure.names[0]);
    slider.addEventListener("input", () => {
      const index = Number(slider.value);
      component.structure.updatePosition(new Float32Array(structure.frames[index]));
      component.updateRepresentations({ position: true });
      name.textContent = structure.names[index];
      slider.setAttribute("aria-valuetext", structure.names[index]);
    });
    return label;
  };

  const draw = async (figure) => {
    const [NGL, structure] = await Promise.all([
      loadNGL(),
      fetch(figure.dataset.structure).then((answer) => answer.json()),
    ]);
    const box = make("div", { className: "structure-view", tabIndex: 0 }, figure);
    const alt = figure.querySelector("img").alt.replace(/^Ball-and-stick picture/, "3D view");
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", `${alt}. Arrow keys turn it, plus and minus zoom.`);
    const stage = new NGL.Stage(box, {
      backgroundColor: "white",
      cameraType: "orthographic",
      clipDist: 0,
    });
    const file = new Blob([structure.pdb], { type: "text/plain" });
    const component = await stage.loadFile(file, { ext: "pdb" });
    for (const { type, params } of structure.representations) {
      component.addRepresentation(type, params);
    }
    stage.viewerControls.orient(structure.camera);
    box.addEventListener("keydown", (event) => {
      const move = keys[event.key];
      if (move) {
        move(stage.trackballControls);
        event.preventDefault();
      }
    });
    new ResizeObserver(() => stage.handleResize()).observe(box);
    const parts = [box];
    if (structure.frames.length > 1) parts.push(addSlider(figure, structure, component));
    box.dataset.drawn = "true";
    return parts;
  };

  const drawsInThreeD = () => !!make("canvas").getContext("webgl");

  const reason = () => {
    if (location.protocol === "file:") {
      return "Opened as a file, a page cannot fetch its molecules. In the folder of the site, run: python -m http.server - and open http://localhost:8000";
    }
    return drawsInThreeD()
      ? "The molecule could not be fetched. Load the page again."
      : "This browser draws no 3D view (WebGL is off).";
  };

  const addButton = (figure) => {
    const words = { off: "Turn it in 3D", on: "Show the picture again" };
    const button = make("button", { type: "button", className: "turn", textContent: words.off });
    figure.append(button);
    let parts;
    button.addEventListener("click", async () => {
      const turning = !figure.classList.contains("turning");
      try {
        figure.classList.toggle("turning", turning); // before: NGL measures its box
        if (turning && !parts) {
          button.disabled = true;
          parts = await draw(figure);
        }
      } catch (error) {
        button.replaceWith(
          make("p", { className: "needs-kernel", textContent: reason() }),
        );
        figure.classList.remove("turning");
        figure.querySelector(".structure-view")?.remove();
        console.warn(error);
        return;
      } finally {
        button.disabled = false;
      }
      button.textContent = turning ? words.on : words.off;
      figure.append(button);
      if (turning) parts[0].focus();
    });
  };

  const begin = () => document.querySelectorAll("figure[data-structure]").forEach(addButton);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
