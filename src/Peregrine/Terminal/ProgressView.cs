using System.Globalization;
using Peregrine.Client;
using Spectre.Console;

namespace Peregrine.Terminal;

/// <summary>Shows long work: a bar on a terminal, a line per step elsewhere.</summary>
public static class ProgressView
{
    public static async Task<T> RunAsync<T>(string title, Func<IProgress<JobProgress>, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return await work(new ProgressLines(title));
        return await Output.Notes.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new ProgressBarTask(title, context.AddTask(Markup.Escape(title), maxValue: 1))));
    }

    public static Task RunAsync(string title, Func<IProgress<JobProgress>, Task> work) =>
        RunAsync(title, async progress =>
        {
            await work(progress);
            return true;
        });

    private static string Describe(string title, JobProgress now)
    {
        var phase = string.IsNullOrEmpty(now.Phase) ? now.Algorithm : now.Phase;
        return string.IsNullOrEmpty(phase) ? title : $"{title}: {phase}";
    }

    private sealed class ProgressBarTask(string title, ProgressTask task) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            task.Description = Markup.Escape(Describe(title, value));
            task.IsIndeterminate = value.Fraction is null;
            if (value.Fraction is { } fraction) task.Value = Math.Max(task.Value, fraction);
        }
    }

    private sealed class ProgressLines : IProgress<JobProgress>
    {
        private readonly string _title;
        private string _last = "";
        private double _told = -1;

        public ProgressLines(string title)
        {
            _title = title;
            _last = title;
            Output.Note($"{title} ...");
        }

        /// <summary>A line for each new phase, and for each tenth of a long one; counts within a phase make no new one.</summary>
        public void Report(JobProgress value)
        {
            var line = Describe(_title, value);
            var phase = string.Concat(line.Where(letter => !char.IsAsciiDigit(letter)));
            var fraction = value.Fraction ?? _told;
            if (phase == _last && fraction < _told + 0.1) return;
            if (line == _title) return;
            _last = phase;
            _told = fraction;
            Output.Note(value.Fraction is null ? line : string.Create(CultureInfo.InvariantCulture, $"{line} ({fraction:0 %})"));
        }
    }
}
