using System.Text;

namespace Peregrine.Records.Tests;

public sealed class Utf8ListTests
{
    [Fact]
    public void Of_TextsEmptyAndNull_KeepsEachAtItsPlace()
    {
        string?[] texts = ["a", "", null, "größer", "日本", .. Enumerable.Range(0, 1_000).Select(i => new string('x', i % 50))];
        var list = Utf8List.Of(texts.Select(text => text is null ? null : Encoding.UTF8.GetBytes(text)));
        list.Count.ShouldBe(texts.Length);
        for (var i = 0; i < texts.Length; i++) Encoding.UTF8.GetString(list[i]).ShouldBe(texts[i] ?? "");
    }

    [Fact]
    public void Builder_RoomForTexts_IsWrittenByTheCaller()
    {
        var builder = new Utf8List.Builder();
        "one"u8.CopyTo(builder.Add(3));
        builder.Add(0).Length.ShouldBe(0);
        "three"u8.CopyTo(builder.Add(5));
        var list = builder.Build();
        Encoding.UTF8.GetString(list[0]).ShouldBe("one");
        list[1].Length.ShouldBe(0);
        Encoding.UTF8.GetString(list[2]).ShouldBe("three");
    }

    [Fact]
    public void Of_Nothing_IsEmpty() => Utf8List.Of([]).Count.ShouldBe(0);

    [Fact]
    public void Table_KeyTwice_SaysWhere()
    {
        var twice = Should.Throw<RepeatedKeyException>(() => new Utf8Table(["a", "b", "c", "b"]));
        (twice.Key, twice.First, twice.Second).ShouldBe(("b", 1, 3));
    }

    [Fact]
    public void Table_ManyKeys_FindsEachAndNoOther()
    {
        string[] keys = [.. Enumerable.Range(0, 5_000).Select(i => $"key-{i * 7919}")];
        var table = new Utf8Table(keys);
        for (var i = 0; i < keys.Length; i++) table.IndexOf(keys[i]).ShouldBe(i);
        table.IndexOf("key-1").ShouldBe(-1);
        table.IndexOf("").ShouldBe(-1);
    }
}
