(() => {
  "use strict";
  const slider = document.getElementById("step"), output = document.getElementById("step-text"), play = document.getElementById("play");
  const steps = Number(slider.max);
  const minus = text => text.replace(/-/g, "−");
  const cost = value => value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e4) ? value.toExponential(2) : value.toPrecision(4);
  const descents = [...document.querySelectorAll("[data-path]")].map(group => ({
    lines: group.querySelectorAll("polyline"),
    place: group.querySelector("circle"),
    points: group.dataset.path.split(" "),
    costs: group.dataset.costs.split(" ").map(Number),
    row: document.getElementById(group.dataset.row),
  }));

  function show(step) {
    slider.value = step;
    output.textContent = "step " + step;
    for (const one of descents) {
      const last = Math.min(step, one.points.length - 1), [x, y] = one.points[last].split(",");
      const points = one.points.slice(0, last + 1).join(" ");
      one.lines.forEach(line => line.setAttribute("points", points));
      one.place.setAttribute("cx", x);
      one.place.setAttribute("cy", y);
      one.row.cells[1].textContent = minus(cost(one.costs[last])) + (last < step ? " (diverged)" : "");
    }
  }

  let timer = 0;
  function stop() {
    cancelAnimationFrame(timer);
    timer = 0;
    play.textContent = "Play";
  }

  play.addEventListener("click", () => {
    if (timer) {
      stop();
      return;
    }

    play.textContent = "Pause";
    const from = Number(slider.value) >= steps ? 0 : Number(slider.value);
    // The time of the first frame can be before that of the click.
    let begin = null;
    const frame = now => {
      begin ??= now;
      // The whole way takes about eight seconds.
      const step = Math.min(steps, from + Math.floor((now - begin) * steps / 8000));
      show(step);
      if (step < steps) {
        timer = requestAnimationFrame(frame);
      } else {
        stop();
      }
    };
    timer = requestAnimationFrame(frame);
  });
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  document.getElementById("controls").hidden = false;
  show(steps);
})();
