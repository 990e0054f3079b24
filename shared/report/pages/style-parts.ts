/** What stands in the boxes: marks, grid, timeline, lists. */
import { type Html, html } from './html.ts';
import { TONES } from './marks.ts';

const TONE_RULES: Html = html`${TONES.map(
  (
    tone,
  ) => html`.mark.${tone},.g.${tone}{color:var(--${tone})}.pill.${tone}{--wash:var(--${tone}-wash);--tone:var(--${tone})}
`,
)}`;

/** Each cluster as a card with its applications: for screens on which the table has no room. */
function cardRules(grid: string): Html {
  return html`
${grid} thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
${grid},${grid} tbody{display:block}
${grid} tbody tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,clamp(9.6rem,22vw,12rem)),1fr));gap:.4rem;padding-block:.8rem;border-top:1px solid var(--rule)}
${grid} tbody tr:first-child{border-top:0;padding-top:0}
${grid} tbody th{grid-column:1/-1;flex:1 0 100%;border:0;padding:0 0 .25rem}
${grid} tbody td{border:0;padding:0;min-width:0}
${grid} .none{display:none}
${grid} .pill{display:flex;flex-wrap:wrap;gap:0 .5em;background:var(--wash);padding:.3em .6em}
${grid} .pill.good .word{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
${grid} .pill .app{position:static;width:auto;height:auto;overflow:visible;clip-path:none;font-weight:560;color:var(--ink)}
`;
}

export const PARTS: Html = html`
.mark{width:1em;height:1em;flex:none}
.mark .f{fill:currentColor}
.mark .o{fill:none;stroke:currentColor;stroke-width:1.9}
.mark .k{fill:none;stroke:var(--card);stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
.state{display:inline-flex;align-items:baseline;gap:.45em}
.state .mark{transform:translateY(.12em)}
${TONE_RULES}.plumb{fill:none;stroke:var(--rule);stroke-width:1.5;stroke-dasharray:2 3}
.line,.pivot{fill:none;stroke:currentColor;stroke-width:2.2;stroke-linecap:round}
.bob{fill:currentColor}
.told{display:block}
.buttons{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem .7rem;margin-top:.9rem}
.btn{display:inline-block;padding:.4em .95em;border-radius:9px;background:var(--link);color:var(--card);font-weight:600;text-decoration:none;cursor:pointer}
.btn:hover{text-decoration:underline}
.by{display:inline-flex;align-items:center;gap:.5em;color:var(--quiet);font-size:.9rem}
.by input{font:inherit;padding:.3em .6em;border:1px solid var(--quiet);border-radius:8px;background:var(--card);color:var(--ink);width:10rem}
.sub{font-size:.87rem;font-weight:400}
.text{white-space:pre-line}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.87rem;color:var(--quiet)}
.grid th,.grid td{vertical-align:middle}
.grid thead th{vertical-align:bottom}
.grid tbody th{padding-block:.65rem;min-width:12rem}
.grid tbody th .sub{margin-top:.05rem}
.grid td{padding:.3rem .3rem .3rem 0;min-width:7.6rem}
.dense td,.dense th{min-width:0}
.grid .none::before{content:"\\2013" / "";color:var(--quiet);padding-left:.75rem}
.pill{display:inline-flex;max-width:100%;align-items:center;gap:.5em;padding:.3em .75em;border-radius:9px;color:var(--ink);text-decoration:none;background:var(--wash)}
.pill.good{background:none;color:var(--quiet)}
.pill.bad,.pill.warn{font-weight:600;box-shadow:inset 0 0 0 1px var(--tone)}
.pill:hover{box-shadow:inset 0 0 0 1px var(--tone);color:var(--ink)}
.pill .app{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stale td{opacity:.62}
.g{text-decoration:none;font-family:Segoe UI Symbol,DejaVu Sans,Noto Sans Symbols 2,system-ui,sans-serif}
.dense{table-layout:fixed}
.dense th:first-child{width:13rem}
.dense thead th{padding:0;font-weight:400;height:8.5rem}
.dense thead th span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:8.2rem;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.dense tbody th{padding-block:.12rem;display:flex;justify-content:space-between;gap:.6rem;font-size:.93rem}
.dense tbody th a{overflow:hidden;text-overflow:ellipsis}
.dense tbody th .state{font-weight:400;font-size:.87rem}
.dense tbody td{padding:0;border-top-color:transparent}
.dense .g{display:block;line-height:1.6;font-size:.95rem}
.dense td .good{opacity:.75}
.dense td .bad,.dense td .warn{font-size:1.1rem;line-height:1.4}
.dense .none::before{padding:0}
.quiet-title{font-size:1rem;font-weight:500;margin:1.2rem 0 .5rem}
.chips{display:flex;flex-wrap:wrap;gap:.3rem .4rem;font-size:.93rem}
.chips a{display:block;padding:.15em .65em;border-radius:7px;color:var(--quiet);text-decoration:none;background:var(--good-wash)}
.chips a:hover{color:var(--ink);box-shadow:inset 0 0 0 1px var(--good)}
.axis,.timeline li{display:grid;grid-template-columns:minmax(0,1.75fr) minmax(0,1.35fr) minmax(0,.8fr);gap:0 1.4rem}
.axis svg{grid-column:2}
.axis text{fill:var(--quiet);font-size:.75rem;text-anchor:middle}
.axis .last{text-anchor:end}
.timeline li{align-items:center;border-top:1px solid var(--rule);padding-block:.1rem}
.timeline .commit{display:flex;gap:.5em;align-items:baseline;white-space:nowrap}
.timeline .commit q{overflow:hidden;text-overflow:ellipsis}
.timeline .commit .quiet{flex:none;max-width:45%;overflow:hidden;text-overflow:ellipsis;margin-left:auto;font-size:.9rem}
.timeline .reached{display:flex;align-items:center;gap:.45em;color:var(--quiet);font-size:.9rem;justify-content:flex-end;text-align:right}
.timeline .planned .commit q{font-weight:640}
.lane,.axis svg{display:block;overflow:visible}
.tick{stroke:var(--rule);stroke-width:1}
.dot{fill:var(--good);fill-opacity:.8;stroke:var(--card);stroke-width:1}
.slow{fill:var(--warn);stroke:var(--card);stroke-width:1}
.waits{fill:none;stroke:var(--busy);stroke-width:2;stroke-dasharray:3 2.2}
.problems{display:grid;gap:1.2rem}
.problem{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.8rem}
.problem>.mark{margin-top:.3em;width:1.1em;height:1.1em}
.problem h2,.problem h3{font-size:1rem;font-weight:640}
.problem h2 .quiet,.problem h3 .quiet{font-weight:400;margin-left:.4rem;font-size:.93rem}
.problem .pairs{margin-top:.45rem}
.problem .todo{color:var(--quiet)}
.problem .todo::before{content:"\\2192\\a0" / ""}
.short-runs li{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.7rem;align-items:baseline;padding-block:.34rem;border-top:1px solid var(--rule)}
.short-runs li:first-child{border-top:0;padding-top:0}
.short-runs .mark{transform:translateY(.12em)}
.runs .wide{width:26%}
.stages{display:block;margin-top:.42rem;border-radius:3px;background:var(--sunk)}
.stage-times span{display:inline-block;max-width:100%;margin-right:.35em}
.stage.observe{fill:var(--link);fill-opacity:.42}
.stage.plan{fill:var(--still);fill-opacity:.75}
.stage.apply{fill:var(--link)}
.stage.prune{fill:var(--warn)}
.stage.other{fill:var(--unknown)}
.tree ul{margin-left:.55rem;padding-left:1.1rem;border-left:1px solid var(--rule)}
.tree h3{font-size:1rem;font-weight:640;margin-block:.2rem .35rem}
.tree h4{display:inline;margin:0;font-size:.93rem;font-weight:560}
.tree h3 .quiet,.tree summary .quiet{font-weight:400;font-size:.9rem;margin-left:.3rem}
.tree>li+li{margin-top:1.1rem}
.kind{position:relative;padding-block:.22rem}
.kind::before{content:"";position:absolute;left:-1.1rem;top:1.05rem;width:.7rem;border-top:1px solid var(--rule)}
.kind summary{cursor:pointer}
.object{display:grid;grid-template-columns:minmax(0,1.5fr) 7.5rem 7.5rem minmax(0,1.5fr);gap:0 1rem;padding-block:.16rem;align-items:baseline}
.object .place{color:var(--quiet);font-size:.93rem}
.object .said{grid-column:1/-1;color:var(--quiet);padding:.05rem 0 .3rem 1.2rem}
.object:nth-child(n+2){border-top:1px dotted var(--rule)}
pre{background:var(--sunk);border-radius:8px;padding:.6rem .8rem;margin-top:.5rem;white-space:pre-wrap}
.banner p+p{margin-top:.35rem}
.drifts{display:grid;gap:1.5rem}
.drift-entry+.drift-entry{border-top:1px solid var(--rule);padding-top:1.4rem}
.drift-entry header{display:flex;flex-wrap:wrap;gap:.1rem 1rem;align-items:baseline}
.drift-entry h3{font-size:1rem;font-weight:640}
.drift-entry h3 code{font-size:.95em}
.drift-entry .state{margin-left:auto}
.fields{margin-top:.5rem;table-layout:fixed}
.fields th:first-child{width:34%}
.fields tbody th{font-weight:400}
.fields td:nth-of-type(2) code{background:var(--warn-wash);border-radius:4px;padding:.08em .35em}
.week>svg{display:block}
.week text{fill:var(--quiet);font-size:.75rem}
.week .base{stroke:var(--quiet);stroke-width:1}
.week figcaption{margin-top:.6rem}
.legend svg{vertical-align:-.08em}
.drift.healed{fill:var(--good)}
.drift.reported{fill:none;stroke:var(--warn);stroke-width:1.6}
.drift.failed:not([fill]){fill:var(--bad)}
.labels code{background:var(--sunk);border-radius:5px;padding:.1em .4em;margin-right:.2em}
.prose{max-width:46rem}
.prose>*+*{margin-top:.8rem}
.prose li{margin-left:1.1rem;list-style:disc}
.prose li+li{margin-top:.3rem}
${cardRules('.grid.cards')}
@media(max-width:78rem){${cardRules('.grid.wide')}}
@media(max-width:60rem){${cardRules('.grid.mid')}}
@media(max-width:46rem){
.axis .minor{display:none}
.object{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
.object .name,.object .place{grid-column:1/-1}
.drift-entry .state{margin-left:0}
.fields th:first-child{width:auto}
.fields td code{justify-self:start}
${cardRules('.grid')}.dense tbody tr{display:flex;flex-wrap:wrap;gap:.1rem}
.dense tbody td{width:1.15rem}
.axis,.timeline li{grid-template-columns:minmax(0,1fr) 8rem;gap:0 1rem}
.axis svg{grid-column:1}
.timeline li{padding-block:.5rem}
.timeline .commit{grid-column:1/-1}
.timeline .commit .quiet{display:none}
.timeline .reached{line-height:1.25}
}
`;
