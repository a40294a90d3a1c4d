using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>One number over another, for example an amount over the card's usual amount. Missing when either is, or the divisor is 0.</summary>
public sealed record RatioStep : PreparationStep
{
    public required string Numerator { get; init; }

    public required string Denominator { get; init; }

    public required string Output { get; init; }

    public override IEnumerable<string> ReadFields() => [Numerator, Denominator];

    public override IEnumerable<string> WrittenFields() => [Output];

    internal override CompiledStep Compile(PreparationScope scope)
    {
        var numerator = scope.Find("ratio", Numerator, FieldKind.Number, FieldKind.Integer);
        var denominator = scope.Find("ratio", Denominator, FieldKind.Number, FieldKind.Integer);
        return new Compiled(numerator, denominator, scope.Add("ratio", Output, FieldKind.Number));
    }

    private sealed class Compiled(int numerator, int denominator, int output) : CompiledStep
    {
        public override void Apply(TypedRecord record)
        {
            var divisor = record.Number(denominator);
            record.SetNumber(output, divisor == 0 ? double.NaN : record.Number(numerator) / divisor);
        }
    }
}
