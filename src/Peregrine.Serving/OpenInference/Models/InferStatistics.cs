using Peregrine.Serving.Metrics;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Models;

/// <summary>What came through the protocol to one model since its generation was loaded. Times are wall-clock nanoseconds.</summary>
internal sealed class InferStatistics
{
    private readonly StripedCounter _successes = new();
    private readonly StripedCounter _successTime = new();
    private readonly StripedCounter _failures = new();
    private readonly StripedCounter _failureTime = new();
    private readonly StripedCounter _rows = new();
    private readonly StripedCounter _inputTime = new();
    private readonly StripedCounter _inferTime = new();
    private long _last;

    public long Successes => _successes.Value;

    public long SuccessTime => _successTime.Value;

    public long Failures => _failures.Value;

    public long FailureTime => _failureTime.Value;

    public long Rows => _rows.Value;

    /// <summary>Reading of requests and their elements.</summary>
    public long InputTime => _inputTime.Value;

    public long InferTime => _inferTime.Value;

    public long OutputTime => Math.Max(0, SuccessTime - InputTime - InferTime);

    /// <summary>When the last request was answered, in milliseconds since 1970; 0: never.</summary>
    public long Last => Volatile.Read(ref _last);

    public void Succeeded(int rows, in PhaseClock phases, DateTimeOffset now)
    {
        _successes.Add(1);
        _rows.Add(rows);
        _successTime.Add(phases.TotalMicroseconds * 1_000);
        _inputTime.Add(phases.ParseMicroseconds * 1_000);
        _inferTime.Add(phases.ScoreMicroseconds * 1_000);
        Volatile.Write(ref _last, now.ToUnixTimeMilliseconds());
    }

    public void Failed(TimeSpan elapsed)
    {
        _failures.Add(1);
        _failureTime.Add((long)elapsed.TotalNanoseconds);
    }
}
