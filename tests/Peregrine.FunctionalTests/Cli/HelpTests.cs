using System.CommandLine;
using Peregrine.Commands;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Cli;

public sealed class HelpTests
{
    public static TheoryData<string> Verbs() => [.. Paths(PeregrineCommand.Create(), "")];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Verb_HasADescriptionForItselfAndEverySymbol(string path)
    {
        var command = path.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate((Command)PeregrineCommand.Create(), (parent, name) => parent.Subcommands.Single(child => child.Name == name));
        command.Description.ShouldNotBeNullOrEmpty();
        foreach (var symbol in command.Options.Cast<Symbol>().Concat(command.Arguments)) symbol.Description.ShouldNotBeNullOrEmpty(symbol.Name);
    }

    [Fact]
    public async Task Help_OfTheProgram_NamesEveryVerb()
    {
        var help = (await PeregrineProcess.RunAsync(["--help"])).ShouldExit(0).Output;
        foreach (var verb in PeregrineCommand.Create().Subcommands) help.ShouldContain($"  {verb.Name}");
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("project")]
    [InlineData("project", "create")]
    [InlineData("train", "A")]
    public async Task WrongVerb_EndsWith2(params string[] arguments) => (await PeregrineProcess.RunAsync(arguments)).ShouldExit(2).Errors.ShouldNotBeEmpty();

    private static IEnumerable<string> Paths(Command command, string path) =>
        command.Subcommands.SelectMany(child => Paths(child, $"{path} {child.Name}".Trim())).Prepend(path);
}
