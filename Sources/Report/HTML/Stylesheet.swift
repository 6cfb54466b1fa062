/// How the page looks, on white paper, on black, and printed. Colours are those of M. Okabe and K. Ito (2008), "Color universal design",
/// darkened or lightened until text in them has a contrast of at least 4.5.
enum Stylesheet {
  static let text = base + components + charts + dark + narrow + print

  private static let base = """
    :root{--paper:#fff;--sheet:#f6f7f8;--ink:#1a1d21;--soft:#565d66;--rule:#d8dce1;--good:#00694b;--bad:#b3261e;--note:#8a5a00;
    --s0:#0072b2;--s1:#c24e00;--s2:#007a57;--s3:#8a4f9e;--l1:#fbe3d6;--l2:#f4b79a;--l3:#dd6e4a;--l4:#a3231b;--l4ink:#fff;--l3ink:#1a1d21;
    --p0:#5c1a1a;--p1:#4f9fd9;--p2:#e69f00;--p3:#b9802a;--p4:#8fa3b5;--p5:#c3c9d1}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;color-scheme:light dark}
    body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif;
    font-variant-numeric:tabular-nums}
    main,header,nav,footer{max-width:1320px;margin:0 auto;padding:0 clamp(16px,3vw,40px)}
    h1{font-size:clamp(26px,3.2vw,36px);line-height:1.15;font-weight:650;letter-spacing:-.015em;margin:2px 0 4px;overflow-wrap:anywhere}
    h2{font-size:21px;line-height:1.25;font-weight:650;letter-spacing:-.008em;margin:0 0 4px}
    h3{font-size:15px;font-weight:650;margin:22px 0 6px}
    p{margin:0 0 10px;max-width:78ch}
    section{padding:30px 0 6px;border-top:1px solid var(--rule);margin-top:26px}
    .soft,.lead{color:var(--soft)}.lead{margin-bottom:14px}
    code,pre{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
    pre{background:var(--sheet);border:1px solid var(--rule);border-radius:6px;padding:11px 14px;overflow-x:auto;margin:0 0 14px}
    code{overflow-wrap:anywhere}pre code{overflow-wrap:normal}td code{white-space:nowrap}
    header{padding-top:34px}
    .eyebrow{font-size:13px;font-weight:600;color:var(--soft);margin:0}
    .meta{color:var(--soft);max-width:none;margin:0 0 18px}
    nav{padding-top:14px}nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:0;padding:0;font-size:14px}
    a{color:var(--s0);text-underline-offset:2px}
    footer{color:var(--soft);font-size:13px;border-top:1px solid var(--rule);margin-top:34px;padding-top:16px;padding-bottom:44px}

    """

  private static let components = """
    .verdict{display:flex;gap:16px;align-items:flex-start;border:1px solid var(--rule);border-left:8px solid var(--soft);border-radius:8px;padding:16px 20px;
    background:var(--sheet)}
    .verdict .mark{font-size:34px;line-height:1;font-weight:700;width:1.1em;text-align:center;flex:none}
    .verdict strong{font-size:24px;line-height:1.1;letter-spacing:.01em}.verdict p{margin:5px 0 0;font-size:16px}
    .verdict.passed{border-left-color:var(--good)}.verdict.passed .mark,.verdict.passed strong{color:var(--good)}
    .verdict.failed{border-left-color:var(--bad)}.verdict.failed .mark,.verdict.failed strong{color:var(--bad)}
    .verdict.no_verdict{border-left-color:var(--note)}.verdict.no_verdict .mark,.verdict.no_verdict strong{color:var(--note)}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1px;background:var(--rule);border:1px solid var(--rule);border-radius:8px;
    overflow:hidden;margin:18px 0 0;padding:0}
    .tiles div{background:var(--paper);padding:12px 16px}.tiles dt{font-size:13px;color:var(--soft)}.tiles dd{margin:0;font-size:23px;font-weight:620;
    letter-spacing:-.01em;line-height:1.25}.tiles .more{display:block;font-size:12.5px;font-weight:400;letter-spacing:0;color:var(--soft);line-height:1.35}
    .scroll{overflow-x:auto;margin:0 0 14px}
    table{border-collapse:collapse;font-size:14px;line-height:1.4}
    th,td{text-align:left;padding:5px 18px 5px 0;border-bottom:1px solid var(--rule);vertical-align:top}
    thead th{font-weight:600;color:var(--soft);font-size:13px;border-bottom:1px solid var(--ink);vertical-align:bottom}
    tbody th{font-weight:500}.n{text-align:right;white-space:nowrap}.nowrap{white-space:nowrap}
    tr.zero td,tr.zero th{color:var(--soft)}tr.sum th,tr.sum td{font-weight:650;border-top:1px solid var(--ink)}
    .bad{color:var(--bad)}.good{color:var(--good)}.noted{color:var(--note)}.bad b,.good b{font-weight:650}
    .bar{display:block;width:150px;height:11px;margin-top:5px;background:var(--sheet);border:1px solid var(--rule)}
    .bar i{display:block;height:100%;background:var(--s0);min-width:1px}.bar.broken i{background:repeating-linear-gradient(45deg,var(--bad) 0 3px,var(--l2) 3px 5px)}
    .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:0 44px}
    .finding{border-left:4px solid var(--note);padding:2px 0 2px 16px;margin:0 0 20px}.finding.broken{border-left-color:var(--bad)}
    .finding h3{margin:0 0 4px;font-size:16px}.finding ul{margin:4px 0 8px;padding-left:20px}.finding p{margin-bottom:6px}
    .tag{display:inline-block;font-size:12px;font-weight:650;padding:0 7px;border:1.5px solid currentColor;border-radius:4px;margin-right:8px;vertical-align:1px}
    .heat{font-size:12px;border-collapse:separate;border-spacing:1px;line-height:1.3}
    .heat th,.heat td{border:0;padding:3px 5px}.heat thead th{font-size:11.5px;font-weight:500;border:0;text-align:center;white-space:nowrap}.heat thead th:first-child{text-align:left;padding-left:0}
    .heat tbody th{position:sticky;left:0;background:var(--paper);white-space:nowrap;padding:3px 12px 3px 0;font-weight:500}
    .heat td{text-align:center;min-width:34px;background:var(--sheet);white-space:nowrap}.heat td.n{text-align:right;background:none;padding-left:12px}
    .heat td.none{background:none;color:var(--soft)}.heat td.l0{color:var(--soft)}.heat td.l1{background:var(--l1);color:#1a1d21}.heat td.l2{background:var(--l2);color:#1a1d21}
    .heat td.l3{background:var(--l3);color:var(--l3ink);font-weight:600}.heat td.l4{background:var(--l4);color:var(--l4ink);font-weight:700}
    .key{display:flex;flex-wrap:wrap;gap:4px 14px;font-size:12.5px;color:var(--soft);margin:0 0 8px;align-items:center}.key table{font-size:12px}
    details{margin:0 0 14px}summary{cursor:pointer;font-weight:600;padding:4px 0}
    .better{color:var(--good)}.worse{color:var(--bad)}

    """

  private static let charts = """
    .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,372px),1fr));gap:22px 30px;margin:6px 0 14px}
    figure{margin:0;min-width:0}figcaption{font-size:14px;line-height:1.35;margin-bottom:4px}figcaption b{font-weight:650;display:block}
    figcaption span{color:var(--soft);font-size:13px}
    .nothing{color:var(--soft);font-size:13.5px;border:1px dashed var(--rule);border-radius:6px;padding:12px 14px;margin-top:6px}
    svg.chart{display:block;width:100%;height:auto;overflow:visible}.patterns{position:absolute}
    .chart text{font-size:12px;fill:var(--ink)}.chart .tick{fill:var(--soft);font-size:11.5px}
    .grid{stroke:var(--rule);fill:none}.base,.notch{stroke:var(--soft);fill:none}
    .line{fill:none;stroke-width:1.9;stroke-linejoin:round;stroke-linecap:round}.d1{stroke-dasharray:7 4}.d2{stroke-dasharray:1.5 4}.d3{stroke-width:1.2}
    .s0{stroke:var(--s0)}.s1{stroke:var(--s1)}.s2{stroke:var(--s2)}.s3{stroke:var(--s3)}.f0{fill:var(--s0)}.f1{fill:var(--s1)}.f2{fill:var(--s2)}.f3{fill:var(--s3)}
    .mark{stroke:var(--paper);stroke-width:1}.hit{fill:transparent}.hit:hover{fill:var(--soft);fill-opacity:.16}
    .p0{fill:var(--p0)}.p1{fill:var(--p1)}.p2{fill:var(--p2)}.p3{fill:var(--p3)}.p4{fill:var(--p4)}.p5{fill:var(--p5)}
    .hatch{fill:none;stroke:var(--paper);stroke-opacity:.8;stroke-width:1.1}.dots{stroke-width:2;stroke-linecap:round}.layer,.swatch{stroke:var(--soft);stroke-width:.6}

    """

  private static let dark = """
    @media screen and (prefers-color-scheme:dark){
    :root{--paper:#14171b;--sheet:#1d2126;--ink:#e8eaed;--soft:#a6adb7;--rule:#363c45;--good:#4fd1a0;--bad:#ff8a80;--note:#e8b354;
    --s0:#6bb8f2;--s1:#ff9d5c;--s2:#45d3a5;--s3:#d7a0ea;--l1:#40291f;--l2:#6d3a24;--l3:#b8532f;--l4:#ff9d84;--l4ink:#14171b;--l3ink:#fff;
    --p0:#d47d7d;--p1:#4f9fd9;--p2:#ffc14d;--p3:#b98f4a;--p4:#7d92a6;--p5:#59626d}
    .heat td.l1,.heat td.l2{color:var(--ink)}
    }

    """

  private static let narrow = """
    @media (max-width:620px){body{font-size:15px}header{padding-top:22px}.verdict{padding:14px;gap:10px}.verdict strong{font-size:21px}
    .tiles{grid-template-columns:repeat(2,1fr)}.tiles div{padding:10px 12px}.tiles dd{font-size:20px}.tiles div:last-child:nth-child(odd){grid-column:1/-1}.wide{display:none}th,td{padding-right:12px}
    .grid3 thead,.stack thead{display:none}.grid3 tr{display:grid;grid-template-columns:1fr auto auto;border-bottom:1px solid var(--rule);padding:5px 0}
    .grid3 th,.grid3 td{border:0;padding:0 0 0 12px}.grid3 th{padding-left:0}.grid3 td.all{grid-column:1/-1;padding-left:0;color:var(--soft);font-size:13px}
    .grid3 tr.sum th,.grid3 tr.sum td{border:0}.compared th{grid-column:1/-1}.compared td{text-align:left;padding-left:0;padding-right:12px;white-space:normal}
    .compared tr{grid-template-columns:1fr 1fr 5.4em 5.2em;font-size:13px}.compared td:nth-child(4){white-space:nowrap}.grid3{width:100%}.stack,.stack tbody,.stack tr,.stack th,.stack td{display:block;border:0;padding:0}
    .stack tr{border-bottom:1px solid var(--rule);padding:6px 0}.stack code{white-space:normal;font-size:12px}
    .chart text{font-size:13.5px}.chart .tick{font-size:13px}section{padding-top:24px}}

    """

  private static let print = """
    @page{margin:14mm 12mm}
    @media print{body{font-size:10.5pt}nav,.noprint{display:none}main,header,footer{max-width:none;padding-left:0;padding-right:0}header{padding-top:0}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}section{padding-top:16px;margin-top:16px}h2,h3,figcaption{break-after:avoid}
    figure,.finding,.verdict,.tiles,.columns>div,tr,pre{break-inside:avoid}.tiles{grid-template-columns:repeat(auto-fit,minmax(118px,1fr))}.tiles dd{font-size:17px}.tiles div{padding:8px 10px}thead{display:table-header-group}.figures{grid-template-columns:repeat(2,1fr);gap:14px 20px}
    .scroll{overflow:visible}pre{white-space:pre-wrap;overflow-wrap:anywhere}td code{white-space:normal}.heat{font-size:7.5pt}.heat th,.heat td{padding:2px 2px}.heat td{min-width:20px}
    .heat thead th{font-size:6.5pt}table{font-size:9.5pt}a{color:inherit;text-decoration:none}.bar{width:90px}}

    """
}
