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

    /// <summary>What a lookup is asked for and what it finds are features, on both sides of the line.</summary>
    [Theory]
    [InlineData(LogPart.Any, """{"data":{"y":2},"context":{},"result":{"data":{"y":2,"z":3},"ignored":false}}""")]
    [InlineData(LogPart.Features, """{"data":{"y":2},"context":{"x":1},"result":{"data":{"y":2,"z":3},"ignored":false}}""")]
    [InlineData(LogPart.Context, """{"data":{"x":1,"y":2},"context":{},"result":{"data":{"x":1,"y":2,"z":3},"ignored":false}}""")]
    public void Apply_LineOfALookup_HidesWhatWasAskedAndWhatWasFound(LogPart part, string expected)
    {
        static string Lookup(string members) => $$"""{"service":"s","endpoint":"e","generation":"g",{{members[1..]}}""" + "\n";
        const string line = """{"data":{"x":1,"y":2},"context":{"x":1},"result":{"data":{"x":1,"y":2,"z":3},"ignored":false}}""";
        Apply(Lookup(line), new LogColumnRule { Column = "x", In = part, Action = LogAction.Drop }).ShouldBe(Lookup(expected));
    }

    /// <summary>Half of a surrogate pair names no column, so nobody can have decided to keep it.</summary>
    [Fact]
    public void Apply_NameThatIsNoText_IsLeftOut() =>
        Apply(Line("""{"\ud800":"secret","kept":2}"""), new LogColumnRule { Column = "x", Action = LogAction.Drop }).ShouldBe(Line("""{"kept":2}"""));

    [Fact]
    public void Apply_RulesOfTheOperator_AreAskedFirstWhereTheyFit()
    {
        var options = new QueryLogOptions { HashKey = "0123456789abcdef" };
        options.Columns.Add(new NodeColumnRule { Service = "s", Endpoint = "e", Column = "x" });
        options.Columns.Add(new NodeColumnRule { Service = "other", Column = "y" });
        options.Columns.Add(new NodeColumnRule { Endpoint = "other", Column = "z" });
        options.Columns.Add(new NodeColumnRule { Column = "kept", Action = LogAction.Keep });
        var policies = new ColumnPolicies(Options.Create(options));
        policies.Register("s", "e", "g", [new LogColumnRule { Column = "x", Action = LogAction.Keep }, new LogColumnRule { Column = "*", Action = LogAction.Bucket, Edges = [5] }]);
        var filter = new ColumnFilter(policies, new ColumnHashKey(Options.Create(options), Options.Create(new ServingOptions())));
        const string features = """{"x":1,"y":2,"z":3,"kept":4}""";
        Applied(filter, Line(features)).ShouldBe(Line("""{"y":"<5","z":"<5","kept":4}"""));
        // A generation that nobody registered still has the operator's rules.
        Applied(filter, Line(features).Replace("\"g\"", "\"unknown\"", StringComparison.Ordinal)).ShouldBe(Line("""{"y":2,"z":3,"kept":4}""").Replace("\"g\"", "\"unknown\"", StringComparison.Ordinal));
    }

    [Fact]
    public void HashKey_OfANode_IsKeptForItsNextStartAndReadByNobodyElse()
    {
        var folders = Enumerable.Range(0, 2).Select(_ => Directory.CreateTempSubdirectory("peregrine-hash-").FullName).ToList();
        string[] hashes = [.. folders.Append(folders[0]).Select(folder =>
        {
            var digits = new byte[32];
            new ColumnHashKey(Options.Create(new QueryLogOptions()), Options.Create(new ServingOptions { DataDirectory = folder })).Hash("DE1"u8, digits);
            return Encoding.ASCII.GetString(digits);
        })];
        hashes[2].ShouldBe(hashes[0]);
        hashes[1].ShouldNotBe(hashes[0]);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Path.Combine(folders[0], "query-log-hash.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        folders.ForEach(folder => Directory.Delete(folder, recursive: true));
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

    private static string Applied(ColumnFilter filter, string lines)
    {
        var output = Utf8Output.Rent();
        filter.Apply(Encoding.UTF8.GetBytes(lines), output).ShouldBe(0);
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
