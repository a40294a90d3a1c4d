using System.Runtime.ExceptionServices;

namespace Peregrine.Serving.Generations;

/// <summary>A thread that does one piece of work after the other: what pooled memory it has stays with it from one to the next.</summary>
internal sealed class WorkThread : IDisposable
{
    private readonly AutoResetEvent _asked = new(initialState: false);
    private readonly AutoResetEvent _done = new(initialState: false);
    private readonly Action _begin;
    private Action? _work;
    private ExceptionDispatchInfo? _fault;

    /// <param name="begin">Runs on the thread once, before its first piece.</param>
    public WorkThread(string name, Action begin)
    {
        _begin = begin;
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Waits for the work, and passes on what it throws. Of one caller at a time.</summary>
    public void Do(Action work)
    {
        _work = work;
        _asked.Set();
        _done.WaitOne();
        var fault = _fault;
        _fault = null;
        fault?.Throw();
    }

    /// <summary>Ends the thread. Not while it works.</summary>
    public void Dispose() => _asked.Set();

    private void Run()
    {
        _begin();
        while (true)
        {
            _asked.WaitOne();
            if (_work is null) break;
            DoWork();
            // What it used may go while the thread waits for the next piece.
            _work = null;
            _done.Set();
        }

        _asked.Dispose();
        _done.Dispose();
    }

    private void DoWork()
    {
        try
        {
            _work!();
        }
        catch (Exception thrown)
        {
            // The boundary of the thread: whoever waits for it answers for the fault.
            _fault = ExceptionDispatchInfo.Capture(thrown);
        }
    }
}
