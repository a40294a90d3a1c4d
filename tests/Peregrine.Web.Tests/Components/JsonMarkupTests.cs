using System.Text.Json;
using Peregrine.Web.Components;

namespace Peregrine.Web.Tests.Components;

public sealed class JsonMarkupTests
{
    [Fact]
    public void Of_TextWithMarkup_IsEncoded() => JsonMarkup.Of(JsonElement.Parse("""{"a":"<script>"}""")).ShouldNotContain("<script>");

    [Fact]
    public void Of_AnObject_IndentsItsMembers() =>
        JsonMarkup.Of(JsonElement.Parse("""{"a":[1,true]}""")).ShouldBe(
            "{\n  <span class=\"j-name\">&quot;a&quot;</span>: [\n    <span class=\"j-number\">1</span>,\n    <span class=\"j-word\">true</span>\n  ]\n}");
}
