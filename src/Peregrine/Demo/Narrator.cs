using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Peregrine.Terminal;

namespace Peregrine.Demo;

/// <summary>Tells a person what the demo does while it does it: coloured on a terminal, plain lines elsewhere.</summary>
internal sealed class Narrator
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _step;

    private static bool IsPlain => Console.IsOutputRedirected;

    public TimeSpan Elapsed => _watch.Elapsed;

    public void Title(string title, string subtitle)
    {
        if (IsPlain)
        {
            Output.Line($"{title}: {subtitle}");
            return;
        }

        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Panel(new Markup($"[bold]{Markup.Escape(title)}[/]\n[grey]{Markup.Escape(subtitle)}[/]")).Border(BoxBorder.Rounded).BorderColor(Color.Teal).Padding(2, 0));
    }

    /// <summary>A heading with its number.</summary>
    public void Step(string title)
    {
        _step++;
        if (IsPlain) Output.Line(string.Create(CultureInfo.InvariantCulture, $"\n{_step}. {title}"));
        else AnsiConsole.MarkupLine($"\n[bold teal]{_step.ToString(CultureInfo.InvariantCulture)}[/] [bold]{Markup.Escape(title)}[/]");
    }

    /// <summary>One thing that is done.</summary>
    public void Done(string text)
    {
        if (IsPlain) Output.Line($"   {text}");
        else AnsiConsole.MarkupLine($"  [green]✓[/] {Markup.Escape(text)}");
    }

    /// <summary>A remark.</summary>
    public void Note(string text)
    {
        if (IsPlain) Output.Line($"   {text}");
        else AnsiConsole.MarkupLine($"    [grey]{Markup.Escape(text)}[/]");
    }

    /// <param name="best">Row that is shown as the winner, or -1.</param>
    public void Table(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows, int best = -1)
    {
        if (IsPlain)
        {
            PlainTable(headers, rows);
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        for (var i = 0; i < headers.Count; i++)
        {
            var column = new TableColumn($"[bold]{Markup.Escape(headers[i])}[/]");
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        for (var i = 0; i < rows.Count; i++)
        {
            var style = i == best ? "bold green" : "default";
            table.AddRow([.. rows[i].Select(cell => $"[{style}]{Markup.Escape(cell)}[/]")]);
        }

        AnsiConsole.Write(new Padder(table, new Padding(2, 0, 0, 0)));
    }

    /// <summary>A name and what it is; never wrapped, so that it can be copied.</summary>
    public void Fact(string name, string value)
    {
        if (IsPlain)
        {
            Output.Line($"   {name,-14} {value}");
            return;
        }

        AnsiConsole.Markup($"  [grey]{Markup.Escape(name),-14}[/] ");
        Console.Out.WriteLine(value);
    }

    private static void PlainTable(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = headers.Select((header, i) => Math.Max(header.Length, rows.Count == 0 ? 0 : rows.Max(row => row[i].Length))).ToList();
        string Format(IReadOnlyList<string> cells) =>
            "   " + string.Join("  ", cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd();
        Output.Line(Format(headers));
        foreach (var row in rows) Output.Line(Format(row));
    }
}
