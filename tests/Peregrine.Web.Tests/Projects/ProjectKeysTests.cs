using Peregrine.Web.Projects;

namespace Peregrine.Web.Tests.Projects;

public sealed class ProjectKeysTests
{
    [Theory]
    [InlineData("Card fraud", "CARD_FRAUD")]
    [InlineData("  churn (2026) ", "CHURN_2026")]
    [InlineData("été", "T")]
    [InlineData("", "")]
    public void From_AName_GivesAKeyOfLettersDigitsAndUnderscores(string name, string key) => ProjectKeys.From(name).ShouldBe(key);
}
