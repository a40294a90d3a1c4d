using System.Text;
using Microsoft.Extensions.Options;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.QueryLog;
using Peregrine.Serving.QueryLog.Columns;

namespace Peregrine.Serving.Tests.QueryLog;

public sealed class ColumnFilterTests
{
    [Theory]
    [InlineData("-1", "\"<0\"")]
    [InlineData("0", "\"0..1.5\"")]
    [InlineData("\"1.25\"", "\"0..1.5\"")]
    [InlineData("1.5", "\">=1.5\"")]
    [InlineData("\"much\"", "\"other\"")]
    [InlineData("true", "\"other\"")]
    [InlineData("null", "null")]
    public void Apply_Bucket_GivesTheInterval(string value, string expected) =>
        Apply(Line($$"""{"x":{{value}}}"""), new LogColumnRule { Column = "x", Action = LogAction.Bucket, Edges = [0, 1.5] }).ShouldBe(Line($$"""{"x":{{expected}}}"""));

    [Fact]
    public void Apply_Hash_IsTheSameForTextAndNumberAndEscapes()
    {
        var rule = new LogColumnRule { Column = "*", Action = LogAction.Hash };
        var hashed = Apply(Line("""{"a":1,"b":"1","c":"\u0031","d":null}"""), rule);
        var digits = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("0123456789abcdef"u8, "1"u8))[..32];
        hashed.ShouldBe(Line($$"""{"a":"hash:{{digits}}","b":"hash:{{digits}}","c":"hash:{{digits}}","d":null}"""));
    }

    [Fact]
    public void Apply_Drop_TakesANameWithEscapesToo() =>
        Apply(Line("""{"i\u0062an":"DE1","kept":2}"""), new LogColumnRule { Column = "iban", Action = LogAction.Drop }).ShouldBe(Line("""{"kept":2}"""));

    [Fact]
    public void Apply_FirstRuleThatFits_Decides() => Apply(
        Line("""{"id":1,"name":"x","n":3}"""), new LogColumnRule { Column = "id", Action = LogAction.Keep }, new LogColumnRule { Column = "n*", Action = LogAction.Drop })
        .ShouldBe(Line("""{"id":1}"""));

    [Fact]
    public void Apply_RuleOfContext_LeavesFeatures() =>
        Apply("""{"service":"s","endpoint":"e","generation":"g","features":{"x":1},"context":{"x":1}}""" + "\n", new LogColumnRule { Column = "x", In = LogPart.Context, Action = LogAction.Drop })
            .ShouldBe("""{"service":"s","endpoint":"e","generation":"g","features":{"x":1},"context":{}}""" + "\n");

    [Fact]
    public void Apply_ContextThatIsAList_IsTreatedInEachOfItsObjects() =>
        Apply("""{"service":"s","endpoint":"e","generation":"g","features":{},"context":[{"card":"4111","kept":1},[{"card":"4222"}],"card",2,{}]}""" + "\n", new LogColumnRule { Column = "card", In = LogPart.Context, Action = LogAction.Drop })
            .ShouldBe("""{"service":"s","endpoint":"e","generation":"g","features":{},"context":[{"kept":1},[{}],"card",2,{}]}""" + "\n");

    [Fact]
    public void Apply_OfALineThatCannotBeRead_LeavesItOutAndCounts()
    {
        var filter = Filter([new LogColumnRule { Column = "x", Action = LogAction.Drop }]);
        var output = Utf8Output.Rent();
        filter.Apply(Encoding.UTF8.GetBytes("{\"features\":{\"x\":1}\n" + Line("""{"x":1}""")), output).ShouldBe(1);
        Encoding.UTF8.GetString(output.Written).ShouldBe(Line("{}"));
    }

    [Fact]
    public void Policies_OfAReleasedGeneration_StayUntilItsLinesAreTreated()
    {
        var policies = new ColumnPolicies(Options.Create(new QueryLogOptions()));
        IReadOnlyList<LogColumnRule> rules = [new LogColumnRule { Column = "x", Action = LogAction.Drop }];
        policies.Register("s", "e", "g", rules);
        policies.Register("s", "e", "g", rules); // loaded again while the first still drains
        policies.Release("s", "e", "g", lastLine: 100);
        policies.Sweep(treated: 200);
        policies.For("s", "e", "g").KeepsAll.ShouldBeFalse();
        policies.Release("s", "e", "g", lastLine: 300);
        policies.Sweep(treated: 299);
        (policies.Count, policies.Any).ShouldBe((1, true));
        policies.For("s", "e", "g").KeepsAll.ShouldBeFalse();
        policies.Sweep(treated: 300);
        (policies.Count, policies.Any).ShouldBe((0, false));
    }

    private static string Line(string features) => $$$"""{"service":"s","endpoint":"e","generation":"g","features":{{{features}}},"result":{"x":1}}""" + "\n";

    private static string Apply(string lines, params LogColumnRule[] rules)
    {
        var output = Utf8Output.Rent();
        Filter(rules).Apply(Encoding.UTF8.GetBytes(lines), output).ShouldBe(0);
        return Encoding.UTF8.GetString(output.Written);
    }

    private static ColumnFilter Filter(IReadOnlyList<LogColumnRule> rules)
    {
        var options = Options.Create(new QueryLogOptions { HashKey = "0123456789abcdef" });
        var policies = new ColumnPolicies(options);
        policies.Register("s", "e", "g", rules);
        return new ColumnFilter(policies, new ColumnHashKey(options, Options.Create(new ServingOptions())));
    }
}
