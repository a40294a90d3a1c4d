using System.Security.Cryptography;
using System.Text;

namespace Peregrine.Serving.OpenApi;

/// <summary>The page that shows a service's document and tries its calls: one file, so that it needs nothing from elsewhere.</summary>
/// <param name="Utf8">The page, style and scripts within it.</param>
/// <param name="Policy">Content-Security-Policy: only the page's own script and style run, and it reaches this node only.</param>
internal sealed record DocumentationPage(byte[] Utf8, string Policy)
{
    /// <summary>In the order in which they build on each other.</summary>
    private static readonly string[] s_scripts = ["nodes.js", "schemas.js", "snippets.js", "influences.js", "trial.js", "page.js"];

    public static DocumentationPage Read()
    {
        var style = Part("page.css");
        var script = string.Concat(s_scripts.Select(Part));
        var page = Part("page.html").Replace("<style></style>", $"<style>{style}</style>", StringComparison.Ordinal)
            .Replace("<script></script>", $"<script>{script}</script>", StringComparison.Ordinal);
        var policy = $"default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src data:; script-src '{HashOf(script)}'; style-src '{HashOf(style)}'";
        return new(Encoding.UTF8.GetBytes(page), policy);
    }

    private static string Part(string name)
    {
        using var stream = typeof(DocumentationPage).Assembly.GetManifestResourceStream($"Peregrine.Serving.OpenApi.Page.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // As browsers see it, whose lines end in \n: the policy's hash is over that.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string HashOf(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
