namespace OptimGen;

/// <summary>
/// The script of a page: with the pointer over a chart, or with the arrow keys when it has the focus, the values of its lines at one x. It reads them from the
/// drawn lines. The page says everything without it.
/// </summary>
internal static class ReportScript
{
    public const string Text = """
        'use strict';
        for (const plot of document.querySelectorAll('.plot')) {
          const [x0, x1] = plot.dataset.x.split(' ').map(Number), [y0, y1] = plot.dataset.y.split(' ').map(Number);
          const log = plot.dataset.log === '1', size = 1000;
          const lines = [...plot.querySelectorAll('g:not(.faint)')].map(g => ({
            g, name: g.dataset.name,
            // The gaps are moves: no value is given for an x within one.
            parts: g.querySelector('.line').getAttribute('d').split('M').slice(1).map(part =>
              part.replace('h0', '').split('L').map(pair => pair.split(' ').map(Number))),
          }));
          const valueOf = y => log ? Math.exp(Math.log(y0) + (1 - y / size) * (Math.log(y1) - Math.log(y0))) : y0 + (1 - y / size) * (y1 - y0);
          const textOf = v => v !== 0 && (Math.abs(v) < 1e-3 || Math.abs(v) >= 1e6) ? v.toExponential(2) : String(+v.toPrecision(4));
          const at = (line, x) => {
            for (const part of line.parts) {
              if (x < part[0][0] - 0.5 || x > part[part.length - 1][0] + 0.5) continue;
              let i = part.findIndex(point => point[0] >= x);
              if (i < 0) i = part.length - 1;
              if (i === 0) return valueOf(part[0][1]);
              const [left, right] = [part[i - 1], part[i]], span = right[0] - left[0];
              return valueOf(span > 0 ? left[1] + (right[1] - left[1]) * Math.min(1, (x - left[0]) / span) : right[1]);
            }
            return null;
          };
          const cursor = document.createElement('div'), readout = document.createElement('div');
          cursor.className = 'cursor';
          readout.className = 'readout';
          readout.setAttribute('role', 'status');
          cursor.hidden = readout.hidden = true;
          plot.append(cursor, readout);
          plot.tabIndex = 0;
          plot.setAttribute('role', 'group');
          plot.setAttribute('aria-label', plot.querySelector('svg').getAttribute('aria-label') + '. The arrow keys read its values.');
          let here = size;
          const show = x => {
            here = Math.max(0, Math.min(size, x));
            const rows = lines.filter(line => line.g.getClientRects().length > 0)
              .map(line => [line.name, at(line, here)]).filter(row => row[1] !== null);
            readout.replaceChildren(...[textOf(x0 + here / size * (x1 - x0)), ...rows.map(([name, v]) => name + ': ' + textOf(v))].map((text, i) => {
              const row = document.createElement(i === 0 ? 'strong' : 'div');
              row.textContent = text;
              return row;
            }));
            cursor.hidden = readout.hidden = false;
            cursor.style.left = here / size * 100 + '%';
            readout.style.left = here < size / 2 ? `calc(${here / size * 100}% + 10px)` : 'auto';
            readout.style.right = here < size / 2 ? 'auto' : `calc(${100 - here / size * 100}% + 10px)`;
          };
          const hide = () => { cursor.hidden = readout.hidden = true; };
          plot.addEventListener('pointermove', event => {
            const box = plot.getBoundingClientRect();
            show((event.clientX - box.left) / box.width * size);
          });
          plot.addEventListener('pointerleave', hide);
          plot.addEventListener('blur', hide);
          plot.addEventListener('keydown', event => {
            const moves = { ArrowLeft: here - 10, ArrowRight: here + 10, PageUp: here - 100, PageDown: here + 100, Home: 0, End: size };
            if (event.key === 'Escape') hide();
            if (!(event.key in moves)) return;
            event.preventDefault();
            show(moves[event.key]);
          });
        }
        """;
}
