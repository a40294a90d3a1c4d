using Peregrine.Web.Components;

namespace Peregrine.Web.Shell;

/// <summary>What the actions of one open page did, newest last. A good one leaves by itself, a fault stays until it is closed.</summary>
public sealed class Notices(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(6);
    private readonly List<ITimer> _timers = [];
    private long _last;

    public event EventHandler? Changed;

    public IReadOnlyList<Notice> Shown { get; private set; } = [];

    public void Done(string text, string? href = null, string? linkText = null) => Add(new Notice(++_last, Tone.Good, text, href, linkText));

    public void Failed(Fault fault) => Add(new Notice(++_last, Tone.Bad, fault.Detail is null ? fault.Message : $"{fault.Message} {fault.Detail}"));

    public void Close(long id)
    {
        Shown = [.. Shown.Where(notice => notice.Id != id)];
        Changed?.Invoke(this, EventArgs.Empty);
    }

    public void Dispose()
    {
        foreach (var timer in _timers) timer.Dispose();
    }

    private void Add(Notice notice)
    {
        Shown = [.. Shown.TakeLast(3), notice];
        Changed?.Invoke(this, EventArgs.Empty);
        if (notice.Tone == Tone.Good) _timers.Add(clock.CreateTimer(_ => Close(notice.Id), null, Stay, Timeout.InfiniteTimeSpan));
    }
}
