namespace Peregrine.Benchmarks.Driver;

/// <param name="Rate">Requests per second.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Processor">Microseconds of processor time that the server used per request.</param>
/// <param name="Errors">Answers that were not 2xx, and connections that failed.</param>
internal sealed record Measurement(double Rate, double P50, double P99, double Processor, long Errors);
