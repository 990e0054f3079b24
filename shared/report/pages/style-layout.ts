/** Type, page frame and the boxes that everything stands in. */
import { type Html, html } from './html.ts';

export const LAYOUT: Html = html`
*,::before,::after{box-sizing:border-box}
html{font-size:clamp(15px,.3vw + 12.4px,22px);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font-family:system-ui,-apple-system,Segoe UI,Roboto,Cantarell,Noto Sans,Helvetica Neue,Arial,sans-serif;line-height:1.5;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
p,dd,li,pre,code,h1,h2,h3,h4{overflow-wrap:anywhere}
td,th{overflow-wrap:anywhere;min-width:5.6rem}
time{white-space:nowrap}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Cascadia Mono,Consolas,Noto Sans Mono,DejaVu Sans Mono,monospace;font-size:.9em;font-variant-ligatures:none}
a,b,q,p,i,li,td,th,dt,dd,code,span,time,h1,h2,h3{unicode-bidi:isolate}
h1,h2,h3,p,ul,ol,dl,dd,table,figure,pre{margin:0;padding:0}
ul,ol{list-style:none}
q{quotes:"\\201c" "\\201d"}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.18em;text-decoration-color:color-mix(in srgb,currentColor 35%,transparent)}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
.skip{position:absolute;left:1rem;top:-4rem;z-index:9;background:var(--card);padding:.6rem 1rem;border-radius:0 0 8px 8px}
.skip:focus{top:0}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.top,main,.foot{max-width:82rem;margin-inline:auto;padding-inline:clamp(1rem,3vw,2.5rem)}
.top{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1.25rem;padding-block:1.1rem .9rem}
.brand{display:inline-flex;align-items:center;gap:.5rem;color:inherit;text-decoration:none;font-weight:650;letter-spacing:-.01em;font-size:1.05rem}
.brand-mark{height:1.7rem;width:1.25rem}
.whose{padding-left:1.25rem;border-left:1px solid var(--rule)}
.whose b{font-weight:600}
.top nav{margin-left:auto}
.top nav ul{display:flex;gap:.25rem;margin-inline:-.7rem}
.top nav a{display:block;padding:.4rem .7rem;border-radius:8px;color:var(--quiet);text-decoration:none}
.top nav a:hover{color:var(--ink);background:var(--sunk)}
.top nav a[aria-current]{color:var(--ink);font-weight:600;box-shadow:inset 0 -2px var(--ink);border-radius:8px 8px 0 0}
.count{display:inline-block;min-width:1.35em;padding:0 .4em;border-radius:1em;font-size:.8em;font-weight:600;text-align:center;line-height:1.5}
.count.bad{background:var(--bad);color:var(--card)}
main{display:grid;gap:clamp(1rem,2vw,1.6rem);padding-block:.4rem 2rem;grid-template-columns:minmax(0,1fr)}
.foot{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding-block:1rem 2.5rem;color:var(--quiet);font-size:.87rem}
.quiet{color:var(--quiet)}
.hero{display:flex;align-items:flex-start;gap:clamp(1rem,2.5vw,2rem);padding-block:clamp(.6rem,2vw,1.8rem) .4rem}
.hero-mark{flex:none;width:clamp(2.6rem,6vw,4.2rem);height:auto;overflow:visible}
.hero h1{font-size:clamp(1.6rem,3.4vw,2.7rem);line-height:1.14;font-weight:680;letter-spacing:-.025em;text-wrap:balance}
.hero h1 code{font-size:.86em;font-weight:560;letter-spacing:-.03em}
.hero .about{margin-top:.55rem;font-size:1.05rem;color:var(--quiet)}
.hero .about q{color:var(--ink)}
.facts{display:flex;flex-wrap:wrap;gap:.35rem 1.5rem;margin-top:.8rem;color:var(--quiet)}
.facts b{color:var(--ink);font-weight:620}
.title{padding-block:clamp(.4rem,1.5vw,1.1rem) .2rem}
.title h1{font-size:clamp(1.4rem,2.6vw,2.05rem);line-height:1.18;font-weight:670;letter-spacing:-.02em}
.title p{margin-top:.35rem;color:var(--quiet)}
.crumbs{display:flex;flex-wrap:wrap;gap:.1rem .5rem;font-size:.9rem;color:var(--quiet);margin-bottom:.3rem}
.crumbs li+li::before{content:"/" / "";margin-right:.5rem;color:var(--quiet)}
.states{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin-top:.7rem;font-size:1.05rem}
.card{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:clamp(1rem,1.8vw,1.5rem);min-width:0}
.card>h2,.card>header h2{font-size:1.06rem;font-weight:640;letter-spacing:-.005em}
.card>h2{margin-bottom:.8rem}
.card>header{display:flex;flex-wrap:wrap;align-items:baseline;justify-content:space-between;gap:.2rem 1.2rem;margin-bottom:.8rem}
.card>header p,.card .more{color:var(--quiet);font-size:.9rem}
.card .more{margin-top:.9rem}
.two{display:grid;gap:inherit;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));align-items:start}
.empty{color:var(--quiet)}
.banner{display:flex;gap:.8rem;align-items:flex-start;padding:.9rem 1.1rem;border-radius:12px;border:1px solid}
.banner .mark{margin-top:.25em}
.banner.bad{background:var(--bad-wash);border-color:var(--bad)}
.banner.busy{background:var(--busy-wash);border-color:var(--busy)}
.banner.still{background:var(--still-wash);border-color:var(--still)}
.banner.warn{background:var(--warn-wash);border-color:var(--warn)}
.pairs{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.3rem 1.1rem}
.pairs dt{color:var(--quiet)}
table{width:100%;border-collapse:collapse;text-align:left}
th,td{padding:.5rem .9rem .5rem 0;vertical-align:top;border-top:1px solid var(--rule)}
thead th{border-top:0;padding-top:0;color:var(--quiet);font-weight:500;font-size:.87rem;vertical-align:bottom}
tbody th{font-weight:600}
th:last-child,td:last-child{padding-right:0}
.num{text-align:right;white-space:nowrap;min-width:0}
@media(max-width:46rem){
.top nav{margin-left:0;width:100%}
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack,.stack tbody,.stack tr,.stack th,.stack td{display:block}
.stack tr{padding-block:.7rem;border-top:1px solid var(--rule)}
.stack tbody:first-of-type tr:first-child{border-top:0;padding-top:0}
.stack th,.stack td{border:0;padding:.1rem 0;min-width:0}
.stack .num{text-align:left}
.stack td:empty{display:none}
.stack td[data-name]{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.5rem}
.stack td[data-name]::before{content:attr(data-name);color:var(--quiet);font-size:.9rem}
.hero{gap:.9rem}
}
@media(min-width:130rem){.top,main,.foot{max-width:98rem}}
@media print{
body{font-size:10pt}.top nav,.skip,.foot a{display:none}.card{break-inside:avoid;border-color:#bbb}a{color:inherit;text-decoration:none}
}
@media(forced-colors:active){.mark{forced-color-adjust:none}}
`;
