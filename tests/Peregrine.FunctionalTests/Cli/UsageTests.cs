using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Cli;

/// <summary>A command line that is not one: what is wrong stays on the screen.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("--infra", "See: peregrine deploy --help", "deploy", "fraud", "v1")]
    [InlineData("GENERATION", "See: peregrine apinode admin switch --help", "apinode", "admin", "switch", "fraud")]
    [InlineData("query", "See: peregrine --help", "qurey")]
    public async Task Verb_ThatIsAskedWrongly_SaysWhatIsWrongAndWhereToReadOn(string wrong, string where, params string[] arguments)
    {
        var errors = (await PeregrineProcess.RunAsync(arguments)).ShouldExit(2).Errors;
        errors.ShouldContain(wrong);
        errors.ShouldContain(where);
        errors.ShouldNotContain("Usage:");
        errors.TrimEnd().Split('\n').Length.ShouldBeLessThanOrEqualTo(8, errors);
    }

    [Fact]
    public async Task Group_WithoutAVerb_ShowsItsVerbs() =>
        (await PeregrineProcess.RunAsync(["apinode", "admin"])).ShouldExit(2).Errors.ShouldContain("switch <SERVICE> <GENERATION>");
}
