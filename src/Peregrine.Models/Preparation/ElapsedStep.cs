using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>The unit of <see cref="ElapsedStep"/>. A year is 365.2425 days.</summary>
public enum TimeUnit
{
    Seconds,
    Minutes,
    Hours,
    Days,
    Years,
}

/// <summary>The time from one date or moment to another, for example an age at a payment. Missing when either is.</summary>
public sealed record ElapsedStep : PreparationStep
{
    public required string From { get; init; }

    public required string To { get; init; }

    public TimeUnit Unit { get; set; } = TimeUnit.Days;

    public required string Output { get; init; }

    public override IEnumerable<string> ReadFields() => [From, To];

    public override IEnumerable<string> WrittenFields() => [Output];

    internal override CompiledStep Compile(PreparationScope scope)
    {
        var from = scope.Find("elapsed", From, FieldKind.DateTime, FieldKind.Date);
        var to = scope.Find("elapsed", To, FieldKind.DateTime, FieldKind.Date);
        return new Compiled(from, to, SecondsIn(Unit), scope.Add("elapsed", Output, FieldKind.Number));
    }

    private static double SecondsIn(TimeUnit unit) => unit switch
    {
        TimeUnit.Seconds => 1,
        TimeUnit.Minutes => 60,
        TimeUnit.Hours => 3_600,
        TimeUnit.Days => 86_400,
        _ => 86_400 * 365.2425,
    };

    private sealed class Compiled(int from, int to, double unit, int output) : CompiledStep
    {
        public override void Apply(TypedRecord record) =>
            record.SetNumber(output, (record.Number(to) - record.Number(from)) / unit);
    }
}
