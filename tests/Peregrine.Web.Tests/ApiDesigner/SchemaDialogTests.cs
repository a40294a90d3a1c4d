using Bunit;
using Peregrine.Designing.ApiServices;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Web.ApiDesigner;
using Peregrine.Web.Components;

namespace Peregrine.Web.Tests.ApiDesigner;

public sealed class SchemaDialogTests : BunitContext
{
    private EndpointSchema? _saved;

    public SchemaDialogTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public void Dialog_ShowsWhatIsSetAndSavesWhatIsChosen()
    {
        var dialog = Draw(new EndpointSchema { OutOfRange = FeaturePolicy.Warn }, fault: null);
        dialog.Find("#s-range").GetAttribute("value").ShouldBe("Warn");
        dialog.Find("#s-unknown").GetAttribute("value").ShouldBe("Refuse");
        dialog.Find("#s-missing").Change("Count");
        dialog.Find("input[type=checkbox]").Change(true);
        dialog.Markup.ShouldContain("--out-of-range warn");
        dialog.Markup.ShouldContain("--missing-features count");
        dialog.FindAll("button").Single(button => button.TextContent == "Save").Click();
        _saved.ShouldBe(new EndpointSchema { OutOfRange = FeaturePolicy.Warn, MissingFeatures = FeaturePolicy.Count, Quiet = true });
    }

    [Fact]
    public void Dialog_WhenSavingFails_StaysAndSaysWhy()
    {
        var dialog = Draw(new EndpointSchema(), new Fault(400, "It cannot be.", "Try another."));
        dialog.FindAll("button").Single(button => button.TextContent == "Save").Click();
        dialog.Markup.ShouldContain("It cannot be.");
    }

    [Fact]
    public void Words_NameOnlyWhatIsNotByDefault()
    {
        SchemaWords.Changes(new EndpointSchema()).ShouldBeEmpty();
        SchemaWords.Changes(new EndpointSchema { UnseenCategories = FeaturePolicy.Count, Quiet = true }).ShouldBe(["unseen categories: count only", "quiet"]);
    }

    private IRenderedComponent<SchemaDialog> Draw(EndpointSchema schema, Fault? fault) => Render<SchemaDialog>(parameters => parameters
        .Add(dialog => dialog.Open, true).Add(dialog => dialog.Project, "P").Add(dialog => dialog.Service, "fraud").Add(dialog => dialog.Endpoint, "score")
        .Add(dialog => dialog.Schema, schema).Add(dialog => dialog.Save, saved =>
        {
            _saved = saved;
            return Task.FromResult(fault);
        }));
}
