"""The style sheet of report pages."""

CSS = """
:root { --ink: #1c2430; --soft: #5b6778; --line: #e3e7ed; --paper: #fff;
  --tint: #f5f7fa; --accent: #2563eb; --good: #15795a; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--tint); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto,
  "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
main, header > div, footer { max-width: 1180px; margin: 0 auto;
  padding: 0 28px; }
header { background: #172033; color: #fff; padding: 34px 0 30px; }
header h1 { margin: 0 0 4px; font-size: 30px; line-height: 1.2;
  letter-spacing: -0.01em; }
header p { margin: 0; color: #b9c4d6; overflow-wrap: anywhere; }
section { margin: 34px 0; }
h2 { font-size: 20px; margin: 0 0 4px; letter-spacing: -0.005em; }
.lead { color: var(--soft); margin: 0 0 16px; max-width: 78ch; }
.cards { display: grid; gap: 14px;
  grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); }
.card, .panel, .person { background: var(--paper);
  border: 1px solid var(--line); border-radius: 10px; }
.card { padding: 16px 20px; }
.card .name { color: var(--soft); font-size: 13px; font-weight: 600; }
.card .value { font-size: 34px; font-weight: 650; line-height: 1.25;
  font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.card .value small { font-size: 15px; font-weight: 400;
  color: var(--soft); letter-spacing: 0; }
.card .note { font-size: 13px; color: var(--soft); }
.panel { padding: 14px 18px; overflow-x: auto; }
.panel + .panel { margin-top: 14px; } .charts .panel { margin-top: 0; }
table { border-collapse: collapse; width: 100%;
  font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 7px 9px; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; font-size: 12.5px; }
th:first-child, td:first-child { text-align: left; }
tbody tr:last-child td { border-bottom: 0; }
td.best { font-weight: 700; }
.protocol { font-size: 13px; color: var(--soft); margin: 12px 0 0; }
.protocol dl { display: grid; gap: 2px 26px; margin: 8px 0 0;
  grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); }
.protocol dl div { display: flex; gap: 8px; min-width: 0; }
.protocol dt { font-weight: 600; }
.protocol dd { margin: 0; overflow-wrap: anywhere; }
.charts { display: grid; gap: 14px;
  grid-template-columns: repeat(auto-fit, minmax(330px, 1fr)); }
.charts h3 { margin: 0 0 6px; font-size: 14px; }
svg { width: 100%; height: auto; display: block; }
svg text { font-family: inherit; fill: var(--soft); font-size: 11.5px; }
svg .label { font-size: 12px; } svg .key { fill: var(--ink); }
svg .grid { stroke: var(--line); } svg .axis { stroke: #9aa6b6; }
svg .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
svg .reference { stroke: #6b7686; stroke-width: 1.4;
  stroke-dasharray: 5 4; }
.person { padding: 14px 16px; margin-bottom: 14px;
  break-inside: avoid; }
.person h3 { margin: 0 0 10px; font-size: 14px; font-weight: 600;
  font-variant-numeric: tabular-nums; }
.person h3 span { font-weight: 400; color: var(--soft);
  margin-left: 10px; }
.pictures { display: grid; gap: 8px; grid-auto-flow: column;
  grid-auto-columns: minmax(0, 1fr); }
figure { margin: 0; }
figure img { width: 100%; height: auto; display: block; border-radius: 6px;
  border: 1px solid var(--line); }
figcaption { font-size: 12px; color: var(--soft); margin-top: 4px;
  text-align: center; }
.swatches { display: flex; flex-wrap: wrap; gap: 4px 14px;
  font-size: 12px; color: var(--soft); margin: 0 0 16px; padding: 0;
  list-style: none; }
.swatches i { display: inline-block; width: 11px; height: 11px;
  border-radius: 3px; margin-right: 5px; vertical-align: -1px; }
footer { color: var(--soft); font-size: 13px; padding-bottom: 40px; }
@media screen and (max-width: 760px) {
  .pictures { grid-auto-flow: row;
    grid-template-columns: repeat(3, minmax(0, 1fr)); } }
@media print {
  @page { margin: 12mm; }
  body { background: #fff; font-size: 12px; }
  header { background: none; color: var(--ink); padding: 0;
    border-bottom: 2px solid var(--ink); }
  header p { color: var(--soft); }
  main, header > div, footer { padding: 0; max-width: none; }
  section { margin: 18px 0; }
  .card, .panel { break-inside: avoid; }
  .charts { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  h2, .lead, .swatches { break-after: avoid; }
  .charts { break-inside: avoid; }
  body { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
