using Bunit;
using Peregrine.Designing.ApiServices;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Web.ApiDesigner;
using Peregrine.Web.Components;

namespace Peregrine.Web.Tests.ApiDesigner;

public sealed class LogDialogTests : BunitContext
{
    private static readonly LogColumnRule s_hashed = new() { Column = "card_id", In = LogPart.Features, Action = LogAction.Hash };
    private EndpointLog? _saved;

    public LogDialogTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public void Dialog_ShowsTheRulesAndSavesWhatIsWritten()
    {
        var dialog = Draw(new EndpointLog { Columns = [s_hashed] });
        dialog.Find("[aria-label='Column of rule 1']").GetAttribute("value").ShouldBe("card_id");
        dialog.Find("#l-log").Change(true);
        Press(dialog, "Rule");
        dialog.Find("[aria-label='Column of rule 2']").Input(" amount ");
        dialog.Find("[aria-label='What rule 2 does']").Change("Bucket");
        dialog.Find("[aria-label='Where intervals of rule 2 begin']").Input("10, 100.5 1000");
        dialog.Find("[aria-label='Move rule 2 up']").Click();
        dialog.Markup.ShouldContain("--column 'amount=bucket:10,100.5,1000'");
        dialog.Markup.ShouldContain("--column 'features:card_id=hash'");
        Press(dialog, "Save");

        _saved.ShouldNotBeNull().PostEnrichment.ShouldBe(new PostEnrichmentSettings { InLog = true });
        _saved.Columns.Select(rule => rule.Column).ShouldBe(["amount", "card_id"]);
        _saved.Columns[0].Edges.ShouldBe([10, 100.5, 1000]);
        (_saved.Columns[1].In, _saved.Columns[1].Action).ShouldBe((LogPart.Features, LogAction.Hash));
    }

    [Theory]
    [InlineData("", "Hash", "names no column")]
    [InlineData("a*b", "Hash", "may only end a name")]
    [InlineData("amount", "Bucket", "give 1 to 1,000")]
    public void Dialog_WithARuleThatIsNone_SaysSoAndDoesNotSave(string column, string action, string message)
    {
        var dialog = Draw(new EndpointLog());
        Press(dialog, "Rule");
        dialog.Find("[aria-label='Column of rule 1']").Input(column);
        dialog.Find("[aria-label='What rule 1 does']").Change(action);
        dialog.FindAll("[role=alert]").ShouldBeEmpty();
        Press(dialog, "Save");
        dialog.Find("[role=alert]").TextContent.ShouldContain(message);
        _saved.ShouldBeNull();
        dialog.Find("[aria-label='Take away rule 1']").Click();
        Press(dialog, "Save");
        _saved.ShouldNotBeNull().Columns.ShouldBeEmpty();
    }

    [Fact]
    public void Dialog_OfAQuietEndpoint_OffersNoRecordInAnswers()
    {
        var dialog = Draw(new EndpointLog(), quiet: true);
        dialog.Find("#l-answer").HasAttribute("disabled").ShouldBeTrue();
        dialog.Find("#l-log").HasAttribute("disabled").ShouldBeFalse();
    }

    [Fact]
    public void Dialog_WhenSavingFails_StaysAndSaysWhy()
    {
        var dialog = Draw(new EndpointLog(), fault: new Fault(400, "It cannot be.", "Try another."));
        Press(dialog, "Save");
        dialog.Markup.ShouldContain("It cannot be.");
    }

    [Fact]
    public void Words_NameOnlyWhatIsNotByDefault()
    {
        LogWords.Changes(new EndpointLog()).ShouldBeEmpty();
        LogWords.Changes(new EndpointLog { PostEnrichment = new() { InAnswer = true }, Columns = [s_hashed] }).ShouldBe(["prepared record in answers", "card_id: hash"]);
    }

    private static void Press(IRenderedComponent<LogDialog> dialog, string text) => dialog.FindAll("button").Single(button => button.TextContent.Trim() == text).Click();

    private IRenderedComponent<LogDialog> Draw(EndpointLog log, Fault? fault = null, bool quiet = false) => Render<LogDialog>(parameters => parameters
        .Add(dialog => dialog.Open, true).Add(dialog => dialog.Project, "P").Add(dialog => dialog.Service, "fraud").Add(dialog => dialog.Endpoint, "score")
        .Add(dialog => dialog.Log, log).Add(dialog => dialog.Quiet, quiet).Add(dialog => dialog.Save, saved =>
        {
            _saved = saved;
            return Task.FromResult(fault);
        }));
}
