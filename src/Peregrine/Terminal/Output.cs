using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Peregrine.Terminal;

/// <summary>What a person reads. Results go to standard output, everything else to standard error; both are plain when they are not a terminal.</summary>
public static class Output
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON as it stands in a line of a log.</summary>
    public static JsonSerializerOptions OneLine { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Progress and notes.</summary>
    public static IAnsiConsole Notes { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Lines of text that must not be wrapped: results, addresses, commands to paste.</summary>
    public static void Line(string text) => Console.Out.WriteLine(text);

    public static void Note(string text) => Console.Error.WriteLine(text);

    public static void Json(JsonNode? node) => Console.Out.WriteLine(node is null ? "null" : node.ToJsonString(Indented));

    /// <returns><paramref name="exitCode"/>, so that a caller can end with it.</returns>
    public static int Fail(string message, int exitCode)
    {
        if (Console.IsErrorRedirected) Console.Error.WriteLine($"error: {message}");
        else Notes.MarkupLineInterpolated($"[red bold]error:[/] {message}");
        return exitCode;
    }

    /// <summary>A table of text; as tab-separated lines without a header's rule when standard output is not a terminal.</summary>
    public static void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (Console.IsOutputRedirected)
        {
            Line(string.Join('\t', headers));
            foreach (var row in rows) Line(string.Join('\t', row));
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var header in headers) table.AddColumn(new TableColumn($"[bold]{Markup.Escape(header)}[/]"));
        foreach (var row in rows) table.AddRow(row.Select(Markup.Escape).ToArray());
        AnsiConsole.Write(table);
    }
}
