using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PstoreLab.Report.Content;

namespace PstoreLab.Report.Pages;

/// <summary><c>report.html</c>: one file that loads nothing.</summary>
internal static class ReportHtml
{
    public static async Task<string> TextAsync(ReportContent content)
    {
        await using var services = new ServiceCollection()
            .AddSingleton(HtmlEncoder.Create(UnicodeRanges.All))
            .BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<Page>(
                ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Page.Report)] = content })
            );
            return page.ToHtmlString();
        });
    }
}
