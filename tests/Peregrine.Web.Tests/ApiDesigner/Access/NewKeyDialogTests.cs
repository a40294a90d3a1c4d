using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Web.ApiDesigner.Access;
using Peregrine.Web.Components;

namespace Peregrine.Web.Tests.ApiDesigner.Access;

public sealed class NewKeyDialogTests : BunitContext
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private (string Label, DateTimeOffset? End, IReadOnlyList<string>? Endpoints)? _saved;

    public NewKeyDialogTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(_time);
    }

    [Fact]
    public void Dialog_WithEndAndEndpointsChosen_MakesThatKeyAndShowsTheCommand()
    {
        var dialog = Draw(fault: null);
        dialog.Find("#k-label").Input("shop");
        dialog.Find("#k-end").Change("30");
        dialog.FindAll("input[type=radio]")[1].Change(true);
        dialog.FindAll("input[type=checkbox]")[1].Change(true);
        dialog.Markup.ShouldContain("service keys add P fraud shop --expires 30d --endpoint second");
        Make(dialog);
        _saved!.Value.Label.ShouldBe("shop");
        _saved.Value.End.ShouldBe(_time.GetUtcNow().AddDays(30));
        _saved.Value.Endpoints.ShouldBe(["second"]);
    }

    [Fact]
    public void Dialog_WhenRefused_SaysWhyAtTheField()
    {
        var dialog = Draw(new Fault(400, "The key cannot be made.") { Places = [new FaultPlace("/endpoints", "'endpoints' is empty.")] });
        dialog.Find("#k-label").Input("shop");
        Make(dialog);
        dialog.Find("fieldset [role=alert]").TextContent.ShouldContain("is empty");
        _saved = null;
        dialog.FindAll("input[type=radio]")[1].Change(true);
        Make(dialog);
        dialog.Find("fieldset [role=alert]").TextContent.ShouldContain("at least one");
        _saved.ShouldBeNull("no endpoint is chosen, so nothing is asked of the server");
    }

    private static void Make(IRenderedComponent<NewKeyDialog> dialog) => dialog.FindAll("button").Single(button => button.TextContent == "Make the key").Click();

    private IRenderedComponent<NewKeyDialog> Draw(Fault? fault) => Render<NewKeyDialog>(parameters => parameters
        .Add(dialog => dialog.Open, true).Add(dialog => dialog.Project, "P").Add(dialog => dialog.Service, "fraud").Add(dialog => dialog.Endpoints, ["score", "second"])
        .Add(dialog => dialog.Save, (label, end, endpoints) =>
        {
            _saved = (label, end, endpoints);
            return Task.FromResult(fault);
        }));
}
