namespace PstoreLab.Harness.Reports.Atlas.Html;

/// <summary>
/// How the page looks. The colours are those of Okabe and Ito, which differ for every kind of colour vision, in
/// lightness as well: most cells passed and are pale, and what failed is the darkest.
/// </summary>
internal static class AtlasStyle
{
    public const string Text = """

        :root { color-scheme: light dark; --ink: #1c2126; --soft: #5c6670; --paper: #fff; --card: #f6f7f9;
          --line: #d5dae0; --link: #0b5cad; --none: #c3cad2;
          --passed: #bfe6d8; --on-passed: #06503a; --known: #f0c33c; --on-known: #402f00; --failed: #b83a00;
            --on-failed: #fff;
          --infra: #a9579b; --on-infra: #fff; --error: #22272c; --on-error: #fff; --internal: #00566b;
            --on-internal: #fff; --unsupported: #dfe3e8;
            --on-unsupported: #4b545d; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e4e8ec; --soft: #9aa5b0; --paper: #14181c; --card: #1d2227; --line: #363e46; --link: #7db8f5;
            --none: #4a535d;
            --passed: #14523f; --on-passed: #b4ecd8; --known: #d9a91c; --on-known: #241a00; --failed: #ff7f3f;
              --on-failed: #2b0d00;
            --infra: #d9a0ce; --on-infra: #2a0f25; --error: #f1f3f5; --on-error: #14181c; --internal: #6fc3d6;
              --on-internal: #06222a; --unsupported: #333b43;
              --on-unsupported: #a9b3bd; } }
        * { box-sizing: border-box; }
        html { scroll-padding-top: 1rem; }
        body { margin: 0 auto; max-width: 90rem; padding: 1.5rem; background: var(--paper); color: var(--ink);
          font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
        h1, h2, h3, h4, p, ul, ol, figure { margin: 0; }
        h1 { font-size: 1.7rem; line-height: 1.2; }
        h2 { font-size: 1.15rem; }
        h3 { font-size: 1.05rem; }
        h4 { font-size: .8rem; font-weight: 600; color: var(--soft); }
        a { color: var(--link); }
        code, pre { font: .85rem/1.5 ui-monospace, monospace; }
        .lead { max-width: 46rem; margin: .3rem 0 .8rem; color: var(--soft); }
        .badge { display: inline-block; padding: 0 .5em; border-radius: .3em; font-size: .8rem; font-weight: 600;
          line-height: 1.5; white-space: nowrap; }
        .v { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        .passed { background: var(--passed); color: var(--on-passed); }
        .known { background: var(--known); color: var(--on-known); }
        .failed { background: var(--failed); color: var(--on-failed); }
        .infra { background: var(--infra); color: var(--on-infra); }
        .error { background: var(--error); color: var(--on-error); }
        .internal { background: var(--internal); color: var(--on-internal); }
        .unsupported { background: var(--unsupported); color: var(--on-unsupported); }
        .badge.none { border: 1px dashed var(--none); color: var(--soft); font-weight: 400; }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .6rem 0 0; padding: 0; list-style: none;
          font-size: .85rem; color: var(--soft); }
        .said { white-space: pre-wrap; unicode-bidi: isolate; }

        .out { padding: .8rem 1rem; border: 1px solid var(--line); border-left: .3rem solid var(--failed);
          border-radius: .4rem; }
        .out ul { padding: 0; list-style: none; }
        .out li { margin-top: .6rem; }
        .cells { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .85rem; }

        .maps { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1rem; margin: 1.5rem 0; }
        figure { max-width: 100%; padding: .8rem 1rem 1rem; border-radius: .5rem; background: var(--card); }
        figcaption p { margin: .1rem 0 .4rem; }
        .compressor { color: var(--soft); font-weight: 400; }
        .scroll { overflow-x: auto; }
        table { border-collapse: separate; border-spacing: 3px; font-size: .85rem; font-variant-numeric: tabular-nums;
          overflow-wrap: normal; }
        th { font-weight: 400; text-align: center; }
        tbody th { position: sticky; left: 0; max-width: 14rem; padding-right: .5em; text-align: left;
          background: var(--card); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
        .corner { padding-right: .8em; color: var(--soft); font-size: .75rem; line-height: 1.3; vertical-align: bottom;
          }
        .read { display: block; text-align: right; }
        .corner br { display: none; }
        .origin { max-width: 8rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--soft); }
        .version { max-width: 4rem; vertical-align: bottom; white-space: nowrap; }
        .upright span { display: inline-block; max-height: 9rem; overflow: hidden; writing-mode: vertical-rl;
          transform: rotate(180deg); }
        td { padding: 0; }
        td a, .blank { display: flex; align-items: center; justify-content: center; gap: .25em; min-width: 2.1rem;
          height: 1.9rem; border-radius: .25rem; font-weight: 700; text-decoration: none; }
        td a:hover, td a:focus-visible { outline: 2px solid var(--ink); outline-offset: 1px; }
        td small { font-size: .7rem; font-weight: 400; }
        .blank { border: 1px dashed var(--none); }
        .apart { padding-left: .5rem; }
        tbody + tbody::before { display: block; height: .4rem; content: ""; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
          white-space: nowrap; }

        main h2, footer h2 { margin-top: 1.5rem; }
        .cell { margin-top: .8rem; padding: .7rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
        .cell:target { border-color: var(--link); box-shadow: 0 0 0 3px var(--link); }
        .where, .took, .releases { color: var(--soft); font-weight: 400; font-size: .85rem; }
        details { margin-top: .5rem; padding-left: .2rem; }
        summary { cursor: pointer; }
        details > :not(summary) { margin: .35rem 0 0 1rem; }
        .findings { padding: 0; list-style: none; }
        .findings .sign { font-weight: 700; }
        .broken .sign { color: var(--failed); }
        .layer { display: inline-block; padding: 0 .4em; border: 1px solid var(--line); border-radius: .3em;
          font-size: .75rem; color: var(--soft); }
        pre { margin: .1rem 0 0; padding: .4rem .6rem; max-height: 16rem; overflow: auto; border-radius: .3rem;
          background: var(--card); white-space: pre-wrap; unicode-bidi: isolate; }
        .evidence { font-size: .85rem; color: var(--soft); }
        footer { margin-top: 2rem; color: var(--soft); font-size: .85rem; }

        @media (max-width: 40rem) {
          body { padding: .8rem; }
          figure { width: 100%; padding: .6rem; }
          tbody th { max-width: 7.5rem; }
          .cell { padding: .6rem; }
          details > :not(summary) { margin-left: .2rem; }
        }
        @media print {
          body { max-width: none; padding: 0; font-size: 9pt; }
          figure, details { break-inside: avoid; }
          .scroll, pre { overflow: visible; max-height: none; }
          details:not([open])::details-content { display: block !important; content-visibility: visible !important; }
          a { color: inherit; }
        }

        """;
}
